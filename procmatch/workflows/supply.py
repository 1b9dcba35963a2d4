"""The supply map of a need, in an open market: one answer for pages, files, API and reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from procmatch.errors import CodeError
from procmatch.insight.food import food_groups
from procmatch.insight.supply import (
    Depth,
    Place,
    SupplyFirm,
    SupplyMap,
    Within,
    supply_firm,
    supply_map,
)
from procmatch.matching.ranking import Ranking
from procmatch.model.match import Match, Message
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market
from procmatch.workflows.match import need_in

__all__ = ["NeedAsked", "Supply", "firms_of", "supply_of"]

#: No list is longer; where it is as long, there may be more.
_MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAsked:
    """What is needed, before any tender.

    Attributes:
        words: in plain words; may be empty where there are codes or a food group.
        cpv: codes, if known. food: key of a food group, whose words and codes count where none are
            given; ``""`` for none.
        value: NOK a year excl. VAT, if known.
        within: whom to show.
    """

    words: str = ""
    cpv: tuple[str, ...] = ()
    food: str = ""
    value: Decimal | None = None
    within: Within = field(default_factory=Within)

    @property
    def place(self) -> str:
        """The municipality where it is needed, ``""`` for everywhere."""
        return self.within.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The answer.

    Attributes:
        map: the firms, where they work, and how deep the market is.
        at_least: more may fit than were looked at.
        cpv: (code, certainty) the need was taken for. lacking: what it does not say.
    """

    map: SupplyMap
    at_least: bool
    cpv: Sequence[tuple[str, float | None]]
    lacking: Sequence[Message]

    @property
    def found(self) -> Ranking:
        """The firms in their order, said when looked at."""
        return self.map.found

    @property
    def depth(self) -> Depth:
        """How deep the market is."""
        return self.map.depth

    @property
    def places(self) -> Sequence[Place]:
        """Where they work, most first."""
        return self.map.places


def supply_of(
    market: Market, asked: NeedAsked, *, clock: Clock, hidden: frozenset[str] = frozenset()
) -> Supply:
    """Return who could deliver a need.

    Args:
        market: the firms.
        asked: what is needed, and whom to show.
        clock: aware UTC now.
        hidden: numbers of firms that asked not to be shown.

    Raises:
        CodeError: no such municipality or food group, or a code is no CPV code.
    """
    within, places = asked.within, market.codes.places
    if within.place:
        town = places.municipality(within.place)
        if town is None:
            raise CodeError(f"{within.place}: no municipality")
        within = replace(within, place=town.number)
    words, cpv = _with_food(asked)
    answer = need_in(
        market,
        words,
        clock=clock,
        cpv=cpv,
        place=within.place or None,
        value=asked.value,
        limit=_MOST,
        within_km=within.reach_km,
    )
    found = answer.matches
    return Supply(
        map=supply_map(found.without(hidden), places, within),
        at_least=len(found) + len(found.beyond) >= _MOST,
        cpv=answer.cpv,
        lacking=answer.lacking,
    )


def firms_of(market: Market, place: str, found: Sequence[Match]) -> list[SupplyFirm]:
    """Return some firms with what they do and where they work, the nearest place first.

    Args:
        market: whose firms.
        place: municipality from which their workplaces are counted.
        found: of an answer.
    """
    fetch = market.index.supplier
    return [supply_firm(one, fetch(one.supplier), market.codes, place) for one in found]


def _with_food(asked: NeedAsked) -> tuple[str, tuple[str, ...]]:
    """Return words and codes, those of the food group where none are given."""
    if not asked.food:
        return asked.words, asked.cpv
    group = next((one for one in food_groups() if one.key == asked.food), None)
    if group is None:
        known = ", ".join(one.key for one in food_groups())
        raise CodeError(f"{asked.food}: no food group; there are {known}")
    return asked.words or group.words, asked.cpv or group.codes
