"""Numbers, shares and distances as people of a language write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from procmatch.alerts.phrases import OSLO

__all__ = ["day_of", "km", "number", "percent"]

_NBSP = "\u00a0"


def number(value: Decimal | float, language: str) -> str:
    """Return a whole number with its thousands apart."""
    digits = f"{value:,.0f}"
    return digits if language == "en" else digits.replace(",", _NBSP)


def percent(share: float | None, language: str) -> str:
    """Return a share of 0..1 in percent, ``"–"`` where there is none."""
    if share is None:
        return "–"
    return f"{share * 100:.0f}%" if language == "en" else f"{share * 100:.0f}{_NBSP}%"


def km(distance: float | None, language: str) -> str:
    """Return a distance, to the kilometre; ``"–"`` where it is not known."""
    if distance is None:
        return "–"
    if 0 < distance < 1:
        return f"<{_NBSP}1{_NBSP}km"
    return f"{number(distance, language)}{_NBSP}km"


def day_of(moment: datetime | date) -> str:
    """Return a day as ISO 8601, for machines; of a time the day it is in Oslo."""
    if isinstance(moment, datetime):
        return moment.astimezone(OSLO).date().isoformat()
    return moment.isoformat()
