"""The figures of a requirement: how many years, kilometres, minutes, people, references.

Only what stands in the same sentence as the requirement is read, and only in the unit that its
kind is told in; a sentence without such a figure leaves the requirement without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Figure", "figures"]

_WORDS = {
    "en": 1, "ett": 1, "ein": 1, "eitt": 1, "one": 1, "to": 2, "two": 2, "tre": 3, "three": 3,
    "fire": 4, "four": 4, "fem": 5, "five": 5, "seks": 6, "six": 6, "sju": 7, "syv": 7,
    "seven": 7, "åtte": 8, "eight": 8, "ni": 9, "nine": 9, "ti": 10, "ten": 10, "tolv": 12,
    "twelve": 12,
}  # fmt: skip
_N = rf"(?P<n>\d+|{'|'.join(_WORDS)})"
#: Without "en": an article before a delivery counts nothing.
_SOME = rf"(?P<n>\d+|{'|'.join(word for word, number in _WORDS.items() if number > 1)})"
#: "3 (tre)", "tre (3)": one number said twice.
_TWICE = r"(?:\s*\([\wæøå]+\))?"
_YEARS = r"(?:års?\b|årene\b|åra\b|year)"
_DELIVERED = (
    r"(?:referans|leverans|oppdrag|prosjekt|kontrakt|tjenest|tenest|arbeid"
    r"|deliver|contract|project|assignment|reference|service)"
)
_HOUR = r"tim(?:er?|ar)\b|hours?\b"
#: unit -> how it is said.
_SIGNS = {
    "km": (re.compile(rf"\b{_N}{_TWICE}\s*-?\s*(?:km\b|kilomet)"), 1),
    "minutes": (re.compile(rf"\b{_N}{_TWICE}\s*-?\s*min(?:\b|utt|ute)"), 1),
    "hours": (re.compile(rf"\b{_N}{_TWICE}\s*-?\s*(?:{_HOUR}|t\b)"), 60),
    "years": (re.compile(rf"\b{_N}{_TWICE}\s+(?:\w+\s+)?{_YEARS}"), 1),
    "last years": (
        re.compile(
            rf"\b(?:(?:siste|seinaste|foregående|last|past|previous)\s+{_N}{_TWICE}\s+{_YEARS}"
            rf"|{_N.replace('<n>', '<m>')}{_TWICE}\s+(?:siste|seinaste|foregående|last)\s+{_YEARS})"
        ),
        1,
    ),
    "deliveries": (re.compile(rf"\b{_SOME}{_TWICE}\s+(?:[\w’'´-]+\s+){{0,5}}?{_DELIVERED}"), 1),
    "people": (
        re.compile(
            rf"\b{_N}{_TWICE}\s+(?:\w+\s+){{0,2}}?"
            r"(?:ansatt|tilsett|årsverk|medarbeid|employee|full-time)"
        ),
        1,
    ),
    "percent": (re.compile(r"(?P<n>\d+)(?:[.,]\d+)?\s*(?:%|prosent|per ?cent)"), 1),
    "class": (re.compile(rf"tiltaksklass\w*\s+{_N}\b"), 1),
}
#: kind -> units that its figures are told in.
_UNITS = {
    "years_trading": ("years",),
    "references": ("deliveries", "last years"),
    "response_time": ("km", "minutes", "hours"),
    "local_presence": ("km", "minutes", "hours"),
    "staffing": ("people",),
    "equity": ("percent",),
    "central_approval": ("class",),
}
_CALLED = {"hours": "minutes", "last years": "years"}
#: Of an answer on the telephone nobody needs to live near.
_ON_SITE = re.compile(
    r"oppmøte|utrykning|utrykking|rykke ut|møte opp|på staden|på stedet|arriv|on[- ]site|call-out"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its unit.

    Units: years, km, minutes, ``minutes away`` (somebody has to be there), people, deliveries,
    percent, class.
    """

    number: int
    unit: str


def _number(printed: str) -> int:
    return int(printed) if printed.isdecimal() else _WORDS[printed]


def figures(kind: str, sentence: str) -> tuple[Figure, ...]:
    """Return the figures with which a sentence (lower case) asks for something of a kind.

    Bokmål, nynorsk and English; numbers in digits and, up to twelve, in words. Of several in one
    unit the first counts.
    """
    return tuple(_found(kind, sentence))


def _found(kind: str, sentence: str) -> Iterator[Figure]:
    told: set[str] = set()
    for sign in _UNITS.get(kind, ()):
        pattern, factor = _SIGNS[sign]
        unit = _CALLED.get(sign, sign)
        if unit == "minutes" and (kind == "local_presence" or _ON_SITE.search(sentence)):
            unit = "minutes away"
        at = pattern.search(sentence)
        if at and unit not in told:
            told.add(unit)
            printed = at.groupdict().get("n") or at.groupdict()["m"]
            yield Figure(_number(printed) * factor, unit)
