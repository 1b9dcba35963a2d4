"""How many small firms nearby could bid on a lot, by its ranking, and what stops the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.matching.place import lot_municipalities, supplier_municipalities
from procmatch.model.match import Match, Message, Verdict
from procmatch.model.notice import Lot
from procmatch.model.organisation import SizeClass
from procmatch.workflows.market import Market, OpenTender

__all__ = ["SmallNearby", "small_nearby"]

_SMALL = frozenset({SizeClass.MICRO, SizeClass.SMALL})
_FITS = 0.5
_COMMONEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallNearby:
    """The small firms within the normal distance of a lot.

    Attributes:
        fitting: how many could bid by what is known.
        stopped: how many more would, but for something that is asked for. reasons: the commonest
            of that, with how many firms each stops.
        ranked: how many firms the ranking holds; 0 where none is kept yet.
    """

    fitting: int
    stopped: int
    reasons: tuple[tuple[Message, int], ...]
    ranked: int


def small_nearby(market: Market, one: OpenTender, lot: Lot, ranked: Sequence[Match]) -> SmallNearby:
    """Count the small firms nearby in the ranking of a lot.

    Args:
        market: where firms work, and how far they travel.
        one: the tender.
        lot: of it.
        ranked: without those who are not to be shown.
    """
    places = market.codes.places
    towns, _ = lot_municipalities(one.stored.notice, lot, places, one.buyer_municipality)
    near = [hit for hit in ranked if _is_small(hit) and _is_near(hit, market, towns)]
    stopped = [hit for hit in near if hit.verdict is Verdict.NOT]
    reasons = Counter(hurdle.reason for hit in stopped for hurdle in hit.hurdles if hurdle.blocking)
    return SmallNearby(
        fitting=sum(hit.verdict is not Verdict.NOT and hit.score >= _FITS for hit in near),
        stopped=len(stopped),
        reasons=tuple(reasons.most_common(_COMMONEST)),
        ranked=len(ranked),
    )


def _is_small(hit: Match) -> bool:
    return bool(hit.sizes) and set(hit.sizes) <= _SMALL


def _is_near(hit: Match, market: Market, towns: frozenset[str]) -> bool:
    if hit.distance_km is not None:
        return hit.distance_km <= market.radius_km
    unit = market.index.supplier(hit.supplier).organisation
    return bool(towns & set(supplier_municipalities(unit)))
