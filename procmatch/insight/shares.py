"""Shares of purchases, with their denominators: what is unknown widens the answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import TypeVar

__all__ = [
    "Measure",
    "Purchase",
    "Question",
    "Share",
    "Standing",
    "Tally",
    "Target",
    "share",
    "shares",
    "stands",
    "tallied",
]

Key = TypeVar("Key", bound=Hashable)


class Question(StrEnum):
    """What is asked of each purchase's supplier."""

    #: Micro or small by the EU definition.
    SMALL = "small"
    #: Has a place of work in the buyer's municipality.
    LOCAL = "local"
    #: Has one in the buyer's county.
    REGIONAL = "regional"
    #: Evidence of being social, green or innovative is known.
    EVIDENCE = "evidence"


class Measure(StrEnum):
    """Whether purchases are counted or their values added."""

    NUMBER = "number"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One contract of one lot with one supplier, or one line of a ledger.

    Attributes:
        key: what names it, e.g. ``"2024-101001 LOT-0001 1"``.
        year: in which it was concluded. unit: the part of the buyer that bought, or ``""``.
        category: CPV division, or the supplier's industry in a ledger; ``""`` if not known.
        supplier: organisation number, ``""`` when it is not certain who it is. name: as printed.
        value: NOK excl. VAT, None when not told.
        small, local, regional, evidence: True, False, or None when not known.
    """

    key: str
    year: int | None
    unit: str = ""
    category: str = ""
    supplier: str = ""
    name: str = ""
    value: Decimal | None = None
    small: bool | None = None
    local: bool | None = None
    regional: bool | None = None
    evidence: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of a whole answers yes.

    Attributes:
        yes, no, unknown: number of purchases, or NOK.
        without_value: purchases that could not be added up since no value is told; 0 for numbers.
    """

    yes: Decimal
    no: Decimal
    unknown: Decimal
    without_value: int = 0

    @property
    def whole(self) -> Decimal:
        """The denominator: yes, no and unknown."""
        return self.yes + self.no + self.unknown

    @property
    def of_known(self) -> float | None:
        """The share among those that are known, 0..1."""
        known = self.yes + self.no
        return float(self.yes / known) if known else None

    @property
    def low(self) -> float | None:
        """The share if every unknown one were a no."""
        return float(self.yes / self.whole) if self.whole else None

    @property
    def high(self) -> float | None:
        """The share if every unknown one were a yes."""
        return float((self.yes + self.unknown) / self.whole) if self.whole else None


#: Answers to every question, in their order -> purchases, NOK, purchases without a value.
_Cells = dict[tuple[bool | None, ...], tuple[int, Decimal, int]]
_NOTHING = (0, Decimal(0), 0)
_QUESTIONS = tuple(Question)
_answers = attrgetter(*(question.value for question in _QUESTIONS))


@dataclass(frozen=True, slots=True)
class Tally:
    """Purchases counted and added up by what is known of their suppliers: any share, at once."""

    cells: _Cells

    @property
    def number(self) -> int:
        """How many purchases there are."""
        return sum(number for number, _value, _without in self.cells.values())

    def share(self, question: Question, measure: Measure) -> Share:
        """Return one share."""
        at = _QUESTIONS.index(question)
        sums: dict[bool | None, Decimal] = {True: Decimal(0), False: Decimal(0), None: Decimal(0)}
        without = 0
        for answers, (number, value, valueless) in self.cells.items():
            if measure is Measure.NUMBER:
                sums[answers[at]] += number
            else:
                sums[answers[at]] += value
                without += valueless
        return Share(yes=sums[True], no=sums[False], unknown=sums[None], without_value=without)


def tallied(purchases: Iterable[Purchase], by: Callable[[Purchase], Key]) -> dict[Key, Tally]:
    """Return each group counted and added up, in the order in which groups are met."""
    groups: dict[Key, _Cells] = {}
    for one in purchases:
        cells = groups.setdefault(by(one), {})
        answers = _answers(one)
        number, value, without = cells.get(answers, _NOTHING)
        if one.value is None:
            cells[answers] = number + 1, value, without + 1
        else:
            cells[answers] = number + 1, value + one.value, without
    return {key: Tally(cells) for key, cells in groups.items()}


def share(purchases: Iterable[Purchase], question: Question, measure: Measure) -> Share:
    """Add up one share."""
    whole = tallied(purchases, lambda _one: "").get("", Tally({}))
    return whole.share(question, measure)


def shares(
    purchases: Iterable[Purchase],
    question: Question,
    measure: Measure,
    by: Callable[[Purchase], Key],
) -> dict[Key, Share]:
    """Return the share of each group, in the order in which groups are met."""
    return {key: one.share(question, measure) for key, one in tallied(purchases, by).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A goal that a buyer has set itself, e.g. 10 % of the value to small firms in 2027."""

    question: Question
    measure: Measure
    year: int
    percent: float


class Standing(StrEnum):
    """How a target stands."""

    REACHED = "reached"
    MISSED = "missed"
    #: It depends on purchases of which the answer is not known.
    OPEN = "open"
    #: There is nothing to go by.
    NOTHING = "nothing"


def stands(target: Target, purchases: Iterable[Purchase]) -> tuple[Standing, Share]:
    """Return whether a target is reached, whatever the unknown ones turn out to be."""
    own = (one for one in purchases if one.year == target.year)
    found = share(own, target.question, target.measure)
    if found.low is None or found.high is None:
        return Standing.NOTHING, found
    wanted = target.percent / 100
    if found.low >= wanted:
        return Standing.REACHED, found
    return (Standing.MISSED if found.high < wanted else Standing.OPEN), found
