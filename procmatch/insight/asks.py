"""What a lot asks a supplier to deliver, and where: each kind of goods, each place.

Who bids on a lot must answer all of it. So a large contract of many goods and places leaves out
those who could deliver a part, and the parts that it is divided into let them in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from procmatch.insight.food import named_groups
from procmatch.insight.goods import goods_of, within
from procmatch.matching.need import Wanted
from procmatch.matching.relevance.trades import said_code

__all__ = ["Asks", "all_of", "asks"]

#: More towns than these stand for a region: somewhere in it is enough.
_FEW_TOWNS = 5
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Asks:
    """What must be answered.

    Attributes:
        goods: sets of CPV codes; a trade must answer one code of each set. Empty when neither
            codes nor title say what is bought.
        places: sets of municipalities; a firm must reach one of each set. Empty: no place.
    """

    goods: tuple[frozenset[str], ...]
    places: tuple[frozenset[str], ...]


def asks(wanted: Wanted) -> Asks:
    """Return what one lot asks for.

    Where the title names goods, they stand beside the codes: under a broad code ("15000000" and
    "bread, fish") in its place, each by itself; under one of another branch (catering and "cakes
    and pastry") those who make such goods may answer too.
    """
    groups = [frozenset(group) for group in goods_of([code for code, _ in wanted.cpv])]
    named = _named(wanted)
    goods: list[frozenset[str]] = []
    for group in groups:
        below = [own for own in named if any(_above(code, own) for code in group)]
        goods += below or [group.union(*named)]
    towns = wanted.municipalities
    each = len(towns) <= _FEW_TOWNS
    places = tuple(frozenset((town,)) for town in sorted(towns)) if each else (towns,)
    return Asks(goods=tuple(dict.fromkeys(goods or named)), places=places)


def _named(wanted: Wanted) -> list[frozenset[str]]:
    """Return the goods that a title names: product groups of food, else what it plainly says."""
    food = [frozenset(group.codes) for group in named_groups(wanted.need.title)]
    said = said_code(wanted.need)
    return food or ([frozenset((said,))] if said[_GROUP - 1 : _GROUP].strip("0") else [])


def _above(code: str, goods: frozenset[str]) -> bool:
    """Tell whether a code sums up some goods."""
    return any(within(one, code) for one in goods)


def all_of(parts: Iterable[Asks]) -> Asks:
    """Return what a contract asks for that holds all of some parts."""
    every = list(parts)
    return Asks(
        goods=tuple(dict.fromkeys(one for part in every for one in part.goods)),
        places=tuple(dict.fromkeys(one for part in every for one in part.places)),
    )
