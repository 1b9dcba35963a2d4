"""A draft that somebody asked to have kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["KeptDraft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """One draft; nobody's name stands with it.

    Attributes:
        body: as pasted or sent; of a Word document its words alone, UTF-8.
        place: municipality, four digits, if it was told.
        kept_at, expires_at: UTC.
    """

    body: bytes
    place: str | None
    kept_at: datetime
    expires_at: datetime
