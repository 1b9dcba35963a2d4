"""A raw answer of a source, as a spider hands it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a source sent, before anybody read it.

    Attributes:
        source: ``doffin``, ``enhetsregisteret``, ``codes``, ...
        kind: what it is in that source, e.g. ``search``, ``notice``, ``unit``, ``units``.
        key: its id there, e.g. a Doffin id or an organisation number.
        url: where it came from, without keys.
        body: the bytes, or the path of a file that is too large for memory.
        fetched_at: UTC.
        media_type: Content-Type as sent.
    """

    source: str
    kind: str
    key: str
    url: str
    body: bytes | Path
    fetched_at: datetime
    media_type: str = ""
