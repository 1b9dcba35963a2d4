"""Evidence as a source prints it, before anybody knows whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["PrintedEvidence", "Reading", "Unread"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedEvidence:
    """One row of a source.

    Attributes:
        source: who says so, e.g. ``"renhold"``; of a file: what its column *source* says.
        kind: a kind of :mod:`procmatch.codes.evidence`.
        key: tells the row from the others of its source and kind; the same row has the same key
            when it is listed again. Never a name in clear.
        name: as printed; ``""`` where the source has the organisation number: the register knows
            the name, and that of a person is not kept.
        number: organisation number of a unit or of an establishment, nine digits, or None.
        place, postcode: as printed, to tell namesakes apart.
        text: what else the source says of it, e.g. the approved areas.
        reference: the source's own, e.g. of a certificate. url: where it can be looked up.
        valid_from, valid_to: None when not given.
    """

    source: str
    kind: str
    key: str
    name: str = ""
    number: str | None = None
    place: str | None = None
    postcode: str | None = None
    text: str = ""
    reference: str | None = None
    url: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A row that is set aside.

    Attributes:
        key: which row, e.g. ``"line 12"`` or its organisation number. where: the field.
        reason: what is wrong with it, one line.
    """

    key: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one answer of a source holds.

    Attributes:
        rows: evidence. unread: rows, and fields, that were not understood.
        pages: how many pages there are of this list; 1 where it is not paged.
    """

    rows: tuple[PrintedEvidence, ...]
    unread: tuple[Unread, ...] = ()
    pages: int = 1
