"""Words, amounts and times of letters in the reader's language."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from procmatch.model.values import Money, Place, Text
from procmatch.text.messages import Message, say, translate

__all__ = [
    "MONTHS",
    "OSLO",
    "REGIONS",
    "WEEKDAYS",
    "day",
    "days_left",
    "deadline",
    "money",
    "one_line",
    "phrase",
    "place_name",
    "shorten",
    "text_in",
]

OSLO = ZoneInfo("Europe/Oslo")
WEEKDAYS = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
#: BT-727.
REGIONS = {
    "anyw": "anywhere",
    "anyw-cou": "anywhere in the country",
    "anyw-eea": "anywhere in the EEA",
}
#: Reader's language -> EU authority codes of a text (BT-702), best first.
_AUTHORITY = {"nb": ("NOB", "NOR"), "nn": ("NNO", "NOR"), "en": ("ENG",)}
#: Control and formatting characters (bidi overrides too) and lone surrogates: they break
#: headers, calendar lines or UTF-8, or make a line read as something else.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs"})
_MINUS = "\u2212"
_NBSP = "\u00a0"
#: All white space that may be broken; an amount keeps its own.
_SPACES = re.compile(rf"[^\S{_NBSP}\u202f]+")


def phrase(text: str, language: str, /, **values: str | int) -> str:
    """Return a template in ``language`` with its values filled in."""
    return say(Message(text, tuple(values.items())), language)


def one_line(text: str) -> str:
    """Return printed text of any origin as one clean line."""
    joined = _SPACES.sub(" ", text)
    return "".join(c for c in joined if unicodedata.category(c) not in _UNPRINTABLE).strip()


def shorten(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of a line, cut at a word where there is one."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return f"{head[: cut if cut > limit // 2 else None].rstrip(' ,;:–-')}…"


def text_in(text: Text, language: str) -> str:
    """Return a text as one line, in the reader's language if the source has it."""
    return one_line(text.best(*_AUTHORITY.get(language, ())))


def deadline(moment: datetime, language: str) -> str:
    """Return a time as it reads in Oslo: weekday, date, year, clock."""
    local = moment.astimezone(OSLO)
    return phrase(
        "{weekday} {day} {month} {year} at {clock}",
        language,
        weekday=translate(WEEKDAYS[local.weekday()], language),
        day=local.day,
        month=translate(MONTHS[local.month - 1], language),
        year=local.year,
        clock=f"{local:%H:%M}",
    )


def day(moment: date, language: str) -> str:
    """Return a day: date and year."""
    return phrase(
        "{day} {month} {year}",
        language,
        day=moment.day,
        month=translate(MONTHS[moment.month - 1], language),
        year=moment.year,
    )


def days_left(moment: datetime, now: datetime, language: str) -> str:
    """Return how many calendar days in Oslo are left until ``moment``."""
    if moment < now:
        return phrase("passed", language)
    days = (moment.astimezone(OSLO).date() - now.astimezone(OSLO).date()).days
    if days == 0:
        return phrase("today", language)
    if days == 1:
        return phrase("tomorrow", language)
    return phrase("{days} days left", language, days=days)


def money(value: Money, language: str) -> str:
    """Return an exact amount, e.g. ``1 250 000 kr``, ``99,50 EUR`` or ``NOK 1,250,000``."""
    cents = value.amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    digits = f"{abs(cents):,.2f}".removesuffix(".00")
    if language == "en":
        return f"{value.currency}{_NBSP}{'-' if cents < 0 else ''}{digits}"
    number = digits.replace(",", _NBSP).replace(".", ",")
    unit = "kr" if value.currency == "NOK" else value.currency
    return f"{_MINUS if cents < 0 else ''}{number}{_NBSP}{unit}"


def place_name(place: Place, language: str) -> str:
    """Return a place as printed in the notice, ``""`` where it has only codes."""
    if place.city:
        city = one_line(place.city)
        return city.title() if city.isupper() else city
    return phrase(REGIONS[place.region], language) if place.region in REGIONS else ""
