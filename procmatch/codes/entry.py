"""One row of any code list, as it is kept in the store."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["CodeEntry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEntry:
    """A code, its list, its labels and what else the list says of it.

    Attributes:
        list: ``cpv``, ``nuts``, ``sn2007``, ``sn2025``, ``sn2007-sn2025`` (correspondence),
            ``municipality``, ``county``, ``neighbour``, ``postcode``.
        code: the code as published, e.g. ``"15811000"``, ``"10.710"``, ``"3203"``; for pairs
            ``"3203-3301"``.
        parent: the code above, or None.
        labels: language (nb, nn, en) -> label.
        extra: other facts as text, e.g. ``{"lat": "59.8", "lon": "10.4", "nuts": "NO084"}``.
    """

    list: str
    code: str
    parent: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
