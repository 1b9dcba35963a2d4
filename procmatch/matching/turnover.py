"""The turnover that a buyer asks for, read from its own words.

What is read here can block a bid, so that a sum counts only where the sentence ties it to turnover:
an insurance or a guarantee of 10 million named after the word is another sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["AskedTurnover", "asked_turnover"]

_WORD = r"(?:omsetning|omsetnad|omsetjing|turnover)\w*"
_THOUSANDS = r"\d{1,3}(?:[.\s]\d{3})+(?:,\d+)?"
_NUMBER = rf"(?<![\d.,])(?:{_THOUSANDS}|\d+(?:[.,]\d+)?)(?!\d)"
_SCALE = r"(?:mnok|milliard(?:er|ar)?|mrd\.?|mill(?:ionar|ioner|ions?|\.)?|tusen)"
_CURRENCY = r"(?:kroner|kr\.?|nok|,-)"
#: "4 millioner kroner", "2,5 mill. kr", "500.000,-"; or "kr 5 000 000", "MNOK 10", "NOK 5 mill.".
_AMOUNT = (
    rf"(?:\b(?P<before>mnok|kr|nok)\.?\s*(?P<number>{_NUMBER})\s*(?P<scale>{_SCALE})?(?:\s*{_CURRENCY})?"
    rf"|(?:(?P<low>{_NUMBER})\s*(?:[-\u2013]|til|og)\s*)?"
    rf"(?P<number2>{_NUMBER})\s*(?:(?P<scale2>{_SCALE})(?:\s*{_CURRENCY})?|{_CURRENCY}))(?!\w)"
)
#: Up to the end of the sentence; the full stop of an abbreviation ("min. 10") ends none.
_GAP = r"(?P<gap>(?:[^.;]|\.(?!\s+(?-i:[A-ZÆØÅ]))){0,100}?)"
_IN_WORDS = {
    "to": Decimal(2), "tre": Decimal(3), "fire": Decimal(4), "dob": Decimal(2),
    "halvannen": Decimal("1.5"), "halvannan": Decimal("1.5"),
}  # fmt: skip
_TIMES = r"(?P<times>\d+(?:,\d+)?|to|tre|fire|halvannen|halvannan)\s+(?:ganger|gonger|gongar)"
_VALUE = r"(?P<value>[^.;]{0,40}?(?:verdi|kontraktss?um))"
_SUMS = (
    re.compile(rf"{_WORD}{_GAP}{_AMOUNT}", re.IGNORECASE),
    # "4 millioner kroner i årlig omsetning"
    re.compile(rf"{_AMOUNT}(?P<gap>)\s+(?:i|per|pr\.?|in)\s+(?:\w+\s+)?{_WORD}", re.IGNORECASE),
)
_MULTIPLE = re.compile(
    rf"{_WORD}{_GAP}(?:{_TIMES}|(?P<double>dob)(?:bel|le)\w*){_VALUE}", re.IGNORECASE
)
#: Another sum than turnover, or the most that is allowed instead of the least.
_OTHER = re.compile(
    r"forsikring|egenkapital|eigenkapital|garanti|balanse|resultat|gebyr|verdi|honorar|lønn|løn\b"
    r"|\binntil\b|\bmaks|\bhøyst|\bhøgst|(?<!ikke )(?<!ikkje )\b(?:under|mindre enn)\b",
    re.IGNORECASE,
)
#: "No turnover is required", but not "not lower than".
_DENIED = re.compile(
    r"\b(?:ikke|ikkje|ingen|uten|utan)\b(?!\s+(?:ha\s+)?(?:lavere|lågare|mindre))[^.;]{0,40}$",
    re.IGNORECASE,
)
_A_YEAR = re.compile(r"årlig|årleg|per år|pr\.? år", re.IGNORECASE)
#: Nobody asks for less: a smaller amount is a fee that stands in the same sentence.
_LEAST = Decimal(50_000)
_SCALES = {"mn": 10**6, "mi": 10**6, "mr": 10**9, "tu": 10**3}


@dataclass(frozen=True, slots=True)
class AskedTurnover:
    """Either an ``amount`` in NOK, or ``times`` the contract's value (a year's, if ``yearly``)."""

    amount: Decimal | None = None
    times: Decimal | None = None
    yearly: bool = False


def _decimal(number: str) -> Decimal:
    """Read "5 000 000", "3.500.000", "2,5" and "2.5"."""
    if re.fullmatch(_THOUSANDS, number):
        number = re.sub(r"[.\s]", "", number)
    return Decimal(number.replace(",", "."))


def _sum(found: re.Match[str]) -> Decimal:
    scale = (found["scale"] or found["scale2"] or found["before"] or "").lower()
    factor = 10**9 if scale.startswith("milliard") else _SCALES.get(scale[:2], 1)
    number = _decimal(found["number"] or found["number2"])
    # Of a range ("5-10 millioner") the lower end is what is asked for.
    low = _decimal(found["low"]) if found["low"] else number
    return min(low, number) * factor


def asked_turnover(text: str) -> Iterator[AskedTurnover]:
    """Yield every turnover that ``text`` (BT-750) asks for.

    Bokmål, nynorsk and the English "turnover". A sum below 50 000 kroner is taken for a fee.
    """
    for pattern in _SUMS:
        for found in pattern.finditer(text):
            if _DENIED.search(text[: found.start()]) or _OTHER.search(found["gap"]):
                continue
            amount = _sum(found)
            if amount >= _LEAST:
                yield AskedTurnover(amount=amount)
    for found in _MULTIPLE.finditer(text):
        if _DENIED.search(text[: found.start()]) or _OTHER.search(found["gap"]):
            continue
        word = (found["double"] or found["times"]).lower()
        times = _IN_WORDS[word] if word in _IN_WORDS else _decimal(word)
        yield AskedTurnover(times=times, yearly=bool(_A_YEAR.search(found["value"])))
