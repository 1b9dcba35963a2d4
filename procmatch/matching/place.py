"""Where a lot is performed, where a supplier works, and how far apart that is."""

from __future__ import annotations

from dataclasses import dataclass

from procmatch.codes.places import Places
from procmatch.matching.relevance.places import BY_VAN
from procmatch.matching.relevance.trades import GOODS
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import Organisation
from procmatch.model.values import Place

__all__ = [
    "TRAVEL",
    "Nearness",
    "by_road_km",
    "lot_municipalities",
    "nearness",
    "reach_km",
    "supplier_municipalities",
]

_ANYWHERE = {"anyw", "anyw-cou", "anyw-eea"}
_RANK = {"same": 0, "neighbour": 1, "near": 2, "county": 3, "other": 4}
#: How far a supplier of each role goes for a contract, in parts of the usual radius (a setting):
#: goods come by van on a round and reach farther than people who do the work on the spot.
TRAVEL = dict.fromkeys(sorted(GOODS), BY_VAN) | {"service": 1.0, "works": 1.0}
#: A road is longer than the crow's flight; 1.3 is a usual rule of thumb.
_ROAD = 1.3


@dataclass(frozen=True, slots=True)
class Nearness:
    """The nearest pair: relation (same, neighbour, near, county, other) and distance in km."""

    relation: str
    distance_km: float | None
    lot: str
    supplier: str


def _of_place(place: Place, places: Places) -> str | None:
    if place.municipality:
        return place.municipality
    if place.postcode and (found := places.of_postcode(place.postcode)):
        return found
    if place.city and (town := places.find_municipality(place.city)):
        return town.number
    return None


def lot_municipalities(
    notice: Notice, lot: Lot, places: Places, buyer_municipality: str | None
) -> tuple[frozenset[str], str]:
    """Return the municipalities a lot is tied to, and the field that says so.

    The lot's own town or postcode first; a mere region is narrowed to the buyer's municipality
    when that lies in it; "anywhere" ties to nothing. No place at all means the buyer's.
    """
    stated = lot.places or notice.places
    towns = frozenset(filter(None, (_of_place(place, places) for place in stated)))
    if towns:
        return towns, "BT-5131"
    if any(place.region in _ANYWHERE for place in stated):
        return frozenset(), "BT-727"
    regions = frozenset(
        number for place in stated if place.nuts for number in places.municipalities_in(place.nuts)
    )
    buyer = buyer_municipality or next(
        filter(None, (_of_place(one.place, places) for one in notice.buyers if one.place)), None
    )
    if buyer and (not regions or buyer in regions):
        return frozenset({buyer}), "OPT-300"
    return regions, "BT-5071"


def supplier_municipalities(unit: Organisation) -> tuple[str, ...]:
    """Return where an organisation works: its establishments, else its business address."""
    working = [
        one.place.municipality
        for one in unit.establishments
        if one.closed_on is None and one.place.municipality
    ]
    own = unit.business_place.municipality
    return tuple(dict.fromkeys(working)) or ((own,) if own else ())


def nearness(wanted: frozenset[str], own: tuple[str, ...], places: Places) -> Nearness | None:
    """Return the nearest pair of municipalities, or None when either side is unknown."""
    if here := sorted(wanted.intersection(own) & places.municipalities.keys()):
        return Nearness("same", 0.0, here[0], here[0])
    found = []
    for lot in sorted(wanted):
        for supplier in own:
            relation = places.relation(lot, supplier)
            if relation:
                distance = places.distance_km(lot, supplier)
                found.append(Nearness(relation, distance, lot, supplier))
    if not found:
        return None
    return min(
        found,
        key=lambda one: (
            _RANK[one.relation],
            one.distance_km if one.distance_km is not None else float("inf"),
            one.lot,
            one.supplier,
        ),
    )


def reach_km(role: str, radius_km: float) -> float:
    """Return how far a supplier in a role (see :data:`TRAVEL`) goes; unknown roles the radius."""
    return radius_km * TRAVEL.get(role, 1.0)


def by_road_km(near: Nearness | None) -> float | None:
    """Return about how far the nearest place of work is by road, 0 in the same municipality."""
    return None if near is None or near.distance_km is None else near.distance_km * _ROAD
