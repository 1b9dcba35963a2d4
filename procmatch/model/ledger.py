"""A line of a buyer's own ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

__all__ = ["LedgerLine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """What was paid to somebody.

    Attributes:
        row: in the file; the header is 1. supplier, number: as written.
        amount: NOK excl. VAT; a credit note is below 0.
        unit: that bought, "" if not told. day: None if not told.
    """

    row: int
    supplier: str
    amount: Decimal
    number: str | None = None
    unit: str = ""
    day: date | None = None
