"""Organic food: what announcements ask for, and what goes to certified firms; with what is unknown.

An announcement that does not name it is unknown, since the documents may; so is a firm without a
certificate that we know of, since Debio's open list holds few. A share is a least.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from procmatch.insight.food import group_of
from procmatch.insight.shares import Measure, Share
from procmatch.model.notice import Lot
from procmatch.model.organisation import Evidence
from procmatch.text.messages import LANGUAGES, Message

__all__ = [
    "CERTIFICATE",
    "FOOD_TRADES",
    "FoodKind",
    "FoodRow",
    "Goal",
    "asks_for_organic",
    "goals",
    "is_certified",
    "is_food",
    "organic_share",
]

#: The kind of evidence (see ``codes/data/evidence_kinds.tsv``).
CERTIFICATE = "organic_certificate"
#: SN2025: who grows, catches, makes, sells or serves food.
FOOD_TRADES = ("01.", "03.", "10.", "11.", "46.3", "47.2", "56.")
_CERTAIN = 0.9
#: Food that no product group names by its code: "15000000" and the like.
_FOOD = ("15", "032", "033", "0314")
_ORGANIC = re.compile(
    r"økologisk\w*(?!\w|\s+(?:fotavtrykk|mangf[oa]ld|tilstand))|\bdebio\b|\bø-merk|\borganic\b",
    re.IGNORECASE,
)


class FoodKind(StrEnum):
    """What is counted."""

    #: A lot for food: does its announcement ask for organic?
    ASKED = "asked"
    #: An award for food to one winner: is it certified?
    AWARDED = "awarded"
    #: A ledger line to a firm in food: is it certified?
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodRow:
    """One lot, award or ledger line for food.

    Attributes:
        kind: which. key: what names it. year: of it, if known. group: key of the product group, or
            ``""``. title: of the lot. supplier: number of the firm that won, ``""`` where that is
            not certain.
        value: NOK excl. VAT, None when not told.
        organic: True, or None when not known; never a no.
    """

    kind: FoodKind
    key: str
    year: int | None = None
    group: str = ""
    title: str = ""
    supplier: str = ""
    value: Decimal | None = None
    organic: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal that somebody has set.

    Attributes:
        said: of whom and for what. percent: None where there is no figure.
        set_in: the year, if known. year: by the end of which it is to be reached.
        by, url: who states it. checked: when it was last read there.
    """

    said: Message
    percent: int | None
    set_in: int | None
    year: int
    by: str
    url: str
    checked: date

    def holds(self, day: date) -> bool:
        """Tell whether its year is still to come on a day."""
        return day.year <= self.year


@cache
def goals() -> tuple[Goal, ...]:
    """Return the goals, oldest first."""
    text = (files("procmatch.insight") / "data" / "organic.toml").read_text(encoding="utf-8")
    return tuple(
        Goal(
            said=Message(row["en"], words=tuple((code, row[code]) for code in LANGUAGES)),
            percent=row.get("percent"),
            set_in=row.get("set"),
            year=row["year"],
            by=row["by"],
            url=row["url"],
            checked=row["checked"],
        )
        for row in tomllib.loads(text)["goal"]
    )


def is_food(cpv: Iterable[str]) -> bool:
    """Tell whether some of the codes are food or meals."""
    return any(code.startswith(_FOOD) or group_of(code) is not None for code in cpv)


def asks_for_organic(lot: Lot) -> bool:
    """Tell whether what is announced of a lot names organic goods: title, text or criteria."""
    told = [str(lot.title), str(lot.description)]
    told += [f"{one.name} {one.description}" for one in lot.award_criteria]
    told += [f"{one.name} {one.description}" for one in lot.selection_criteria]
    return any(_ORGANIC.search(text) for text in told)


def is_certified(facts: Sequence[Evidence]) -> bool:
    """Tell whether a certificate is certainly the firm's."""
    return any(one.kind == CERTIFICATE and one.certainty >= _CERTAIN for one in facts)


def organic_share(rows: Iterable[FoodRow], kind: FoodKind, measure: Measure) -> Share:
    """Add up how much of a kind is organic, and of how much that is not known."""
    sums: Mapping[bool | None, list[Decimal]] = {True: [], False: [], None: []}
    without = 0
    for row in rows:
        if row.kind is not kind:
            continue
        if measure is Measure.NUMBER:
            sums[row.organic].append(Decimal(1))
        elif row.value is None:
            without += 1
        else:
            sums[row.organic].append(row.value)
    yes, no, unknown = (sum(sums[answer], Decimal(0)) for answer in (True, False, None))
    return Share(yes=yes, no=no, unknown=unknown, without_value=without)
