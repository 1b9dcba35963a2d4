"""Innovasjon Norge: grants, loans and guarantees, one CSV of all since 2013.

Latin-1 (in truth Windows-1252), semicolon, decimal comma, ``DD.MM.YYYY``. A repayment is a row of
its own with an amount below zero. A grant has no id of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

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

SOURCE = "innovasjon-norge"
_NEEDS = ("org-nr", "virkemiddelkategori", "underkategori", "innvilget beløp", "innvilget dato")
_KNOWN = frozenset(
    {
        *_NEEDS, "fylkesnavn", "kommunenavn", "bedriftsnavn", "beslutningsenhet",
        "næringshovedområde", "næring", "type finansiering",
    }
)  # fmt: skip


def _amount(text: str) -> Decimal:
    plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise BadValue("innvilget beløp", f"{text[:40]!r} is no amount") from None
    if not amount.is_finite():
        raise BadValue("innvilget beløp", f"{text[:40]!r} is no amount")
    return amount


def _one(row: Mapping[str, str], seen: Counter[str]) -> list[PrintedEvidence]:
    org = number(row["org-nr"], "org-nr")
    amount = _amount(row["innvilget beløp"])
    granted = day(row["innvilget dato"], "innvilget dato", "%d.%m.%Y")
    if granted is None:
        raise BadValue("innvilget dato", "empty")
    if amount <= 0:
        return []
    means = row["underkategori"] or row["virkemiddelkategori"]
    key = key_of(org, granted, means, amount)
    # Two grants may be alike in all we know; they are counted so that neither hides the other.
    seen[key] += 1
    return [
        PrintedEvidence(
            source=SOURCE,
            kind="innovation_grant",
            key=key if seen[key] == 1 else f"{key}-{seen[key]}",
            number=org,
            text=one_line(f"{means}: {amount:.0f} NOK"),
            valid_from=granted,
        )
    ]


def read(_key: str, body: bytes) -> Reading:
    """Read the whole file.

    Raises:
        SourceError: no table. SourceChanged: a column is missing.
    """
    columns, lines = table(SOURCE, body, _NEEDS)
    strange = Strange()
    strange.note(columns, _KNOWN)
    seen: Counter[str] = Counter()
    rows, unread = each(lines, lambda row: _one(whole(row), seen))
    return Reading(rows=tuple(rows), unread=(*unread, *strange.unread()))
