"""Mattilsynet, smilefjes: inspections of places that serve food, one CSV with semicolons.

The number is mostly that of the establishment. Of each place the newest inspection counts; the
place stays registered whatever its grade (0 or 1 smile, 2 straight face, 3 frown).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from procmatch.model.evidence import PrintedEvidence, Reading
from procmatch.sources._evidence.shapes import (
    BadValue,
    Strange,
    day,
    each,
    key_of,
    number,
    one_line,
    table,
    whole,
)

__all__ = ["SOURCE", "read"]

SOURCE = "smilefjes"
_NEEDS = ("tilsynsobjektid", "orgnummer", "dato", "total_karakter")
_THEMES = {f"{word}{n}{tail}" for n in range(1, 5) for word, tail in (
    ("tema", "_no"), ("tema", "_nn"), ("tema", ""), ("karakter", ""), ("tema_karakter", ""),
)}  # fmt: skip
_KNOWN = frozenset(
    {
        *_NEEDS, *_THEMES, "navn", "adrlinje1", "adrlinje2", "postnr", "poststed", "tilsynid",
        "sakref", "status", "tilsynsbesoektype",
    }
)  # fmt: skip
#: Not graded: 4 not applicable, 5 not assessed.
_GRADES = {"0", "1", "2", "3", "4", "5"}


def _one(row: Mapping[str, str]) -> PrintedEvidence:
    if not row["tilsynsobjektid"]:
        raise BadValue("tilsynsobjektid", "empty")
    org = number(row["orgnummer"], "orgnummer")
    inspected = day(row["dato"].zfill(8), "dato", "%d%m%Y")
    if row["total_karakter"] not in _GRADES:
        raise BadValue("total_karakter", f"{one_line(row['total_karakter'])!r} is no grade")
    return PrintedEvidence(
        source=SOURCE,
        kind="food_inspection",
        key=key_of(row["tilsynsobjektid"]),
        number=org,
        text=f"total_karakter {row['total_karakter']}",
        reference=one_line(row["tilsynsobjektid"]),
        valid_from=inspected,
    )


def read(_key: str, body: bytes) -> Reading:
    """Read the whole file.

    Raises:
        SourceError: no table. SourceChanged: a column is missing.
    """
    columns, lines = table(SOURCE, body, _NEEDS)
    strange = Strange()
    strange.note(columns, _KNOWN)
    rows, unread = each(lines, lambda row: [_one(whole(row))])
    # Of equal days the later line: a follow-up may be made on the day of the inspection.
    newest = {row.key: row for row in sorted(rows, key=lambda row: row.valid_from or date.min)}
    return Reading(rows=tuple(newest.values()), unread=(*unread, *strange.unread()))
