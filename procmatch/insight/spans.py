"""How long a contract runs: its first end, the renewals, and what cannot be known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from procmatch.model.notice import Term

__all__ = ["Span", "add_months", "months_of", "renewal_months", "span"]

_MONTHS = {"DAY": 1 / 30.4, "WEEK": 7 / 30.4, "MONTH": 1.0, "YEAR": 12.0}
_YEAR, _LONGEST = 12, 240
_NUMBERS = {
    "ett": 1, "et": 1, "én": 1, "ein": 1, "eitt": 1, "en": 1, "one": 1, "to": 2, "two": 2,
    "tre": 3, "three": 3, "fire": 4, "four": 4,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
#: "1+1 år", "12 måneder", "to år", "24 mnd.", "1 + 1 + 1 year".
_LENGTH = re.compile(
    rf"\b(?P<numbers>{_NUMBER}(?:\s*\+\s*{_NUMBER})*)\s*(?:\(\w+\)\s*)?"
    r"(?P<unit>år|year|måned|månad|mnd|month|uke|veke|week)",
    re.IGNORECASE,
)
#: "1 år + 1 år", the units repeated.
_JOINED = re.compile(r"\s*\+\s*$")
_UNITS = {"år": 12.0, "ye": 12.0, "må": 1.0, "mn": 1.0, "mo": 1.0, "uk": 7 / 30.4, "ve": 7 / 30.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """When a contract ends, as far as the announcement tells.

    Attributes:
        start: BT-536, else the day it was concluded (BT-145). start_field: which.
        first_end: without renewals (BT-537, or start and BT-36). end_field: which.
        last_end: with all renewals; None where their number or length is not told.
        renewals: BT-58, 0 for none, None when not told.
        unlimited: BT-538 says that it has no end.
    """

    start: date | None = None
    start_field: str = ""
    first_end: date | None = None
    end_field: str = ""
    last_end: date | None = None
    renewals: int | None = None
    unlimited: bool = False


def add_months(day: date, months: float) -> date:
    """Return the day so many months later; the last of a shorter month."""
    whole = int(months)
    index = day.year * 12 + day.month - 1 + whole
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    moved = date(year, month + 1, min(day.day, last))
    return moved + timedelta(days=round((months - whole) * 30.4))


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)


def months_of(text: str) -> list[float]:
    """Return all lengths that a text names, in months: "1+1 år" gives 12 and 12."""
    found: list[float] = []
    for at in _LENGTH.finditer(text):
        months = _UNITS[at["unit"].lower()[:2]]
        numbers = (part.strip() for part in at["numbers"].split("+"))
        found += [_number(one) * months for one in numbers]
    return found


def renewal_months(renewals: int | None, text: str) -> float | None:
    """Return how many months all renewals (BT-58) add, by what BT-57 says; None when not told.

    One length named stands for each of the renewals; as many lengths as renewals are added up.
    Anything else is left open rather than guessed.
    """
    if renewals == 0:
        return 0.0
    named = months_of(text)
    if renewals is None or not named:
        return None
    if len(named) == 1:
        return named[0] * renewals
    return sum(named) if len(named) == renewals else None


def span(term: Term | None, concluded_on: date | None = None) -> Span:
    """Return when a contract ends.

    Args:
        term: of the lot, as announced.
        concluded_on: BT-145, where the contract's own start is not told.
    """
    if term is None:
        return Span()
    start, start_field = term.start, "BT-536"
    if start is None:
        start, start_field = concluded_on, "BT-145"
    if start is None:
        start_field = ""
    end, end_field = term.end, "BT-537"
    if end is None:
        end_field = ""
        if start and term.length and term.unit in _MONTHS:
            months = term.length * _MONTHS[term.unit]
            if months <= _LONGEST:
                end = add_months(start, months) - timedelta(days=1)
                end_field = "BT-36"
    added = renewal_months(term.renewals or 0, str(term.renewal_description))
    last = None if end is None or added is None else add_months(end, added)
    return Span(
        start=start,
        start_field=start_field,
        first_end=end,
        end_field=end_field,
        last_end=last,
        renewals=term.renewals,
        unlimited=term.other == "UNLIMITED",
    )
