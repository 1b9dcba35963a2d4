"""Words, amounts and times of letters in the reader's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from procmatch.model.values import Money
from procmatch.text.messages import Message, say, translate

__all__ = ["OSLO", "days_left", "deadline", "money", "phrase"]

OSLO = ZoneInfo("Europe/Oslo")
_MILLION = 1_000_000
_WEEKDAYS = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def phrase(text: str, language: str, /, **values: str | int) -> str:
    """Return a template in ``language`` with its values filled in."""
    return say(Message(text, tuple(values.items())), language)


def deadline(moment: datetime, language: str) -> str:
    """Return a time as it reads in Oslo: weekday, date, year, clock."""
    local = moment.astimezone(OSLO)
    return phrase(
        "{weekday} {day} {month} {year} at {clock}",
        language,
        weekday=translate(_WEEKDAYS[local.weekday()], language),
        day=local.day,
        month=translate(_MONTHS[local.month - 1], language),
        year=local.year,
        clock=f"{local:%H:%M}",
    )


def days_left(moment: datetime, now: datetime, language: str) -> str:
    """Return how many calendar days in Oslo are left until ``moment``."""
    days = (moment.astimezone(OSLO).date() - now.astimezone(OSLO).date()).days
    if days < 0:
        return phrase("passed", language)
    if days == 0:
        return phrase("today", language)
    if days == 1:
        return phrase("tomorrow", language)
    return phrase("{days} days left", language, days=days)


def money(value: Money, language: str) -> str:
    """Return an amount excluding VAT, e.g. ``1,2 mill. kr`` or ``850 000 kr``."""
    unit = "kr" if value.currency == "NOK" else value.currency
    amount = float(value.amount)
    if amount >= _MILLION:
        number = f"{amount / _MILLION:.1f}".removesuffix(".0")
        if language != "en":
            number = number.replace(".", ",")
        return phrase("{number} million {unit}", language, number=number, unit=unit)
    return f"{amount:,.0f}".replace(",", "\u00a0") + f"\u00a0{unit}"
