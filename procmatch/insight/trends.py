"""Shares year by year, whole or by category or unit; and how sure a difference can be.

Everything is counted from :class:`~procmatch.insight.shares.Purchase` rows; :func:`exported` writes
these rows so that anybody can count again, and :func:`imported` reads them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from procmatch.insight.shares import (
    Measure,
    Purchase,
    Question,
    Share,
    Standing,
    Tally,
    Target,
    shares,
    stands,
    tallied,
)

__all__ = [
    "COLUMNS",
    "Cut",
    "Tracked",
    "TrendRow",
    "exported",
    "imported",
    "interval",
    "track",
    "trends",
]

#: Columns of the exported rows.
COLUMNS = tuple(field.name for field in fields(Purchase))
_ANSWERS = tuple(question.value for question in Question)
_WORDS: Mapping[bool | None, str] = {True: "yes", False: "no", None: "unknown"}
_MEANT = {word: answer for answer, word in _WORDS.items()}
#: Of a normal distribution, for 95 percent.
_Z = 1.96


class Cut(StrEnum):
    """By what purchases are put together."""

    WHOLE = "whole"
    CATEGORY = "category"
    UNIT = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    """One share of one group in one year.

    Attributes:
        question, measure: what is asked and how it is counted.
        cut, group: by what, and which: a CPV division, the name of a unit; ``""`` when not known,
            and for the whole.
        year: None when not known. purchases: how many rows it is counted from.
        share: with its denominator and what is unknown.
        interval: see :func:`interval`; None for values.
    """

    question: Question
    measure: Measure
    cut: Cut
    group: str
    year: int | None
    purchases: int
    share: Share
    interval: tuple[float, float] | None


def interval(share: Share) -> tuple[float, float] | None:
    """Return between which shares of a number the truth may lie, 0..1; None where there is none.

    From the lower end if every unknown one were a no, to the upper if every one were a yes, each
    widened for chance (Wilson, 95 percent): with few purchases, one more or less moves a share far.
    Only for numbers: values are not drawn alike.
    """
    if share.low is None or share.high is None:
        return None
    many = float(share.whole)
    return _wilson(share.low, many)[0], _wilson(share.high, many)[1]


def _wilson(share: float, many: float) -> tuple[float, float]:
    middle = (share + _Z**2 / (2 * many)) / (1 + _Z**2 / many)
    reach = _Z / (1 + _Z**2 / many) * math.sqrt(share * (1 - share) / many + _Z**2 / (4 * many**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def trends(
    rows: Sequence[Purchase],
    cut: Cut = Cut.WHOLE,
    *,
    questions: Iterable[Question] = Question,
    measures: Iterable[Measure] = Measure,
) -> list[TrendRow]:
    """Return the shares of each group by year, in the order question, measure, group, year.

    Args:
        rows: all purchases, also those of which little is known.
        cut: by what they are put together.
        questions: which are wanted.
        measures: which are wanted.
    """
    group: Callable[[Purchase], str] = {
        Cut.WHOLE: lambda _row: "",
        Cut.CATEGORY: lambda row: row.category,
        Cut.UNIT: lambda row: row.unit,
    }[cut]
    each = sorted(tallied(rows, lambda row: (group(row), row.year)).items(), key=_order)
    found = []
    for question in questions:
        for measure in measures:
            for (name, year), tally in each:
                one = tally.share(question, measure)
                found.append(
                    TrendRow(
                        question=question,
                        measure=measure,
                        cut=cut,
                        group=name,
                        year=year,
                        purchases=tally.number,
                        share=one,
                        interval=interval(one) if measure is Measure.NUMBER else None,
                    )
                )
    return found


def _order(one: tuple[tuple[str, int | None], Tally]) -> tuple[str, bool, int]:
    (name, year), _ = one
    return name, year is None, year or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A target and how it stands, in its year and in the years before.

    Attributes:
        target: what was set. standing, share: in its own year.
        years: (year, share) of each year up to it of which purchases are known.
    """

    target: Target
    standing: Standing
    share: Share
    years: tuple[tuple[int, Share], ...]


def track(target: Target, rows: Sequence[Purchase]) -> Tracked:
    """Return how a target stands, whatever the unknown purchases turn out to be."""
    standing, own = stands(target, rows)
    by_year = shares(rows, target.question, target.measure, lambda row: row.year)
    known = sorted((year, one) for year, one in by_year.items() if year is not None)
    years = tuple((year, one) for year, one in known if year <= target.year)
    return Tracked(target=target, standing=standing, share=own, years=years)


def exported(rows: Iterable[Purchase]) -> Iterator[dict[str, str]]:
    """Yield the rows as text for a table, by :data:`COLUMNS`; unknown is written as such.

    Yes, no and unknown for the answers; an empty cell for a value or year that is not known.
    """
    for row in rows:
        yield {name: _written(name, getattr(row, name)) for name in COLUMNS}


def _written(name: str, value: object) -> str:
    if name in _ANSWERS:
        assert value is None or isinstance(value, bool)
        return _WORDS[value]
    return "" if value is None else str(value)


def imported(rows: Iterable[Mapping[str, str]]) -> list[Purchase]:
    """Return purchases from exported rows; who the supplier is may be left out of them.

    Raises:
        KeyError: a column is missing, or an answer is neither yes, no nor unknown.
        ValueError: a year is no number.
        ArithmeticError: a value is no number.
    """
    return [
        Purchase(
            key=row["key"],
            year=int(row["year"]) if row["year"] else None,
            unit=row["unit"],
            category=row["category"],
            supplier=row.get("supplier", ""),
            name=row.get("name", ""),
            value=Decimal(row["value"]) if row["value"] else None,
            **{name: _MEANT[row[name]] for name in _ANSWERS},
        )
        for row in rows
    ]
