"""A file of evidence that somebody hands over, in procmatch's own form: a table with a header.

``kind`` and ``source`` must be there, and ``name`` or ``number``; ``valid_from``, ``valid_to``,
``reference``, ``place``, ``postcode``, ``text`` and ``url`` may be. UTF-8 or Windows-1252
(latin-1); comma, semicolon or tab; dates as 2026-12-31 or 31.12.2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from procmatch.codes.evidence import find
from procmatch.errors import CodeError, SourceChanged
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

__all__ = ["COLUMNS", "SOURCE", "read"]

SOURCE = "evidence-file"
#: column -> what it holds, for the documentation.
COLUMNS = {
    "kind": "a kind of the table above",
    "source": "who says so, e.g. `Miljøfyrtårn`; at most 80 characters",
    "name": "as printed in the source; needed where there is no number",
    "number": "organisation number of the unit or of an establishment; needed where there is no "
    "name",
    "valid_from": "first day, `2026-01-31` or `31.01.2026`; may be empty",
    "valid_to": "last day, likewise",
    "reference": "the source's own, e.g. the number of the certificate; may be empty",
    "place": "town or municipality number, to tell namesakes apart; may be empty",
    "postcode": "likewise",
    "text": "what else is said, e.g. what the certificate covers; may be empty",
    "url": "where it can be looked up; may be empty",
}
_NEEDS = ("kind", "source")
_DATES = ("%Y-%m-%d", "%d.%m.%Y")
_LONGEST_SOURCE = 80
_LONGEST_POSTCODE = 20


def _term(row: Mapping[str, str]) -> tuple[date | None, date | None]:
    first = day(row.get("valid_from", ""), "valid_from", *_DATES)
    last = day(row.get("valid_to", ""), "valid_to", *_DATES)
    if first and last and last < first:
        raise BadValue("valid_to", f"{last} is before valid_from {first}")
    return first, last


def _web(text: str) -> str | None:
    if text and not text.startswith(("https://", "http://")):
        raise BadValue("url", "not an http address")
    return text or None


def _one(row: Mapping[str, str]) -> PrintedEvidence:
    try:
        kind = find(row["kind"]).kind
    except CodeError as error:
        raise BadValue("kind", str(error)) from None
    source, name = one_line(row["source"]), one_line(row.get("name"))
    if not source or len(source) > _LONGEST_SOURCE:
        raise BadValue("source", f"needs 1 to {_LONGEST_SOURCE} characters")
    org = number(row["number"], "number") if row.get("number") else None
    if not org and not any(map(str.isalpha, name)):
        raise BadValue("name", "neither a name nor a number")
    first, last = _term(row)
    place, postcode = one_line(row.get("place")), one_line(row.get("postcode"))
    reference = one_line(row.get("reference"))
    return PrintedEvidence(
        source=source,
        kind=kind,
        key=key_of(org, name, place, postcode, reference, first),
        name=name,
        number=org,
        place=place or None,
        postcode=postcode[:_LONGEST_POSTCODE] or None,
        text=one_line(row.get("text")),
        reference=reference or None,
        url=_web(row.get("url", "")),
        valid_from=first,
        valid_to=last,
    )


def read(body: bytes) -> Reading:
    """Read a file.

    Raises:
        SourceError: no table. SourceChanged: a column that must be there is missing.
    """
    columns, lines = table(SOURCE, body, _NEEDS)
    if not {"name", "number"} & set(columns):
        raise SourceChanged("neither name nor number", source=SOURCE, where="header")
    strange = Strange()
    strange.note(columns, frozenset(COLUMNS))
    rows, unread = each(lines, lambda row: [_one(whole(row))])
    return Reading(rows=tuple(rows), unread=(*unread, *strange.unread()))
