"""A list of firms as it was shown: so that anybody can see that all were treated alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from procmatch.model.organisation import OrgId

__all__ = ["Shown", "ShownBefore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One list.

    Attributes:
        kind: where it stood: ``need``, ``search``, ``unit``, ``tender``, ``split``.
        asked: the question in a line: words, codes, place, filters; or a notice and lot.
        ordered_by: the criteria and weights that made the order.
        firms: who stood on the page, in that order; sole proprietors never do.
        whole: how many firms the whole list has; it is always there to be had.
    """

    kind: str
    asked: str
    ordered_by: str
    firms: tuple[OrgId, ...]
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBefore:
    """The same as kept: how often on one day, and when first and last (UTC)."""

    list: Shown
    times: int
    first_at: datetime
    last_at: datetime
