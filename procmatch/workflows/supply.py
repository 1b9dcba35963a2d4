"""The supply map of a need, in a market that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procmatch.errors import CodeError
from procmatch.insight.food import food_groups
from procmatch.insight.supply import Depth, SupplyFirm, supply_map
from procmatch.text.messages import Message
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market
from procmatch.workflows.match import need_in

__all__ = ["Supply", "supply_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The answer.

    Attributes:
        firms: within the radius, in the order of the ranking. depth: of the market.
        cpv: (code, certainty) the need was taken for. lacking: what it does not say.
    """

    firms: Sequence[SupplyFirm]
    depth: Depth
    cpv: Sequence[tuple[str, float | None]]
    lacking: Sequence[Message]


def supply_of(
    market: Market,
    words: str,
    *,
    place: str,
    radius_km: float,
    clock: Clock,
    cpv: Sequence[str] = (),
    food: str = "",
    value: Decimal | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Supply:
    """Return who could deliver a need near a place.

    Args:
        market: the firms.
        words: what is needed; may be empty where a food group is named.
        place: municipality, four digits.
        radius_km: how far away counts.
        clock: aware UTC now.
        cpv: codes, if known.
        food: key of a food group, whose words and codes then count.
        value: NOK a year excl. VAT, if known.
        hidden: numbers of firms that asked not to be shown.

    Raises:
        CodeError: no such municipality or food group, or a code is no CPV code.
    """
    town = market.codes.places.municipality(place)
    if town is None:
        raise CodeError(f"{place}: no municipality")
    if food:
        group = next((one for one in food_groups() if one.key == food), None)
        if group is None:
            known = ", ".join(one.key for one in food_groups())
            raise CodeError(f"{food}: no food group; there are {known}")
        words, cpv = words or group.words, tuple(cpv) or group.codes
    answer = need_in(market, words, clock=clock, cpv=tuple(cpv), place=town.number, value=value)
    shown = [one for one in answer.matches if one.supplier.number not in hidden]
    firms, depth = supply_map(
        shown, market.index.supplier, market.codes, place=town.number, radius_km=radius_km
    )
    return Supply(firms=firms, depth=depth, cpv=answer.cpv, lacking=answer.lacking)
