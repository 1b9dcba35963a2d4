"""Frivillighetsregisteret (Brønnøysundregistrene): voluntary organisations, one CSV.

The file was announced as temporary and its column names are not verified; the number may be called
*organisasjonsnummer* or *orgnr*. Only that and the activity categories are read.
"""

from __future__ import annotations

from collections.abc import Mapping

from procmatch.errors import SourceChanged
from procmatch.model.evidence import PrintedEvidence, Reading
from procmatch.sources._evidence.shapes import each, number, one_line, table, whole

__all__ = ["SOURCE", "read"]

SOURCE = "frivillighet"
_NUMBER = ("organisasjonsnummer", "orgnr", "org.nr", "org-nr")


def _categories(row: Mapping[str, str]) -> str:
    named = (
        value
        for name, value in row.items()
        if value and name.startswith(("kategori", "icnpo")) and not value.isdecimal()
    )
    return one_line("; ".join(dict.fromkeys(named)))


def read(_key: str, body: bytes) -> Reading:
    """Read the whole file.

    Raises:
        SourceError: no table. SourceChanged: no column with the number.
    """
    columns, lines = table(SOURCE, body, ())
    column = next((name for name in _NUMBER if name in columns), None)
    if column is None:
        shown = ", ".join(columns)[:200]
        reason = f"no such column; there are: {shown}"
        raise SourceChanged(reason, source=SOURCE, where=_NUMBER[0])
    kind = "voluntary_organisation"

    def one(found: Mapping[str, str] | None) -> list[PrintedEvidence]:
        row = whole(found)
        org = number(row[column], column)
        text = _categories(row)
        return [PrintedEvidence(source=SOURCE, kind=kind, key=org, number=org, text=text)]

    rows, unread = each(lines, one)
    return Reading(rows=tuple(rows), unread=tuple(unread))
