"""How near a firm is to a need: by kilometres where municipalities are known, else by codes.

Codes of areas, towns and postcodes may be of any country; kilometres need the Norwegian
municipalities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from procmatch.codes import builtin
from procmatch.codes.places import Places
from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.records import Firm, Need

__all__ = ["BY_VAN", "NEUTRAL", "RADIUS_KM", "Sites", "by_distance", "shared_area"]

#: What says nothing for or against: no place on one of the sides.
NEUTRAL = 0.5
#: How far a firm travels when nobody says otherwise.
RADIUS_KM = 80.0
#: Goods go this much farther than people travel to their work.
BY_VAN = 1.5
_COUNTRY = 2
_POSTCODE = 0.5
_POSTCODE_LETTERS = 2
#: How much the area counts, and how much the town, where only codes are known.
_AREA, _TOWN = 0.8, 0.2
_BY_RELATION = {"same": 1.0, "neighbour": 0.9, "near": 0.85}
#: What is left at no distance beyond the neighbours; at twice the radius nothing is.
_FAR = 0.8


def _levels(code: str) -> tuple[str, ...]:
    """Return the steps below the country: letters of a NUTS code, parts of "FR/84/69"."""
    return tuple(code.split("/")[1:]) if "/" in code else tuple(code[_COUNTRY:])


def shared_area(one: str, other: str) -> float:
    """Return how far two area codes agree: levels in common by levels of the longer, 0..1.

    The country itself does not count. The same code told coarsely on both sides is the same area
    as far as anybody said.
    """
    if one[:_COUNTRY] != other[:_COUNTRY]:
        return 0.0
    first, second = _levels(one), _levels(other)
    longer = max(len(first), len(second))
    if not longer:
        return 1.0
    same = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        same += 1
    return same / longer


def by_distance(
    wanted: str, own: str, radius_km: float, market_places: Places | None = None
) -> float:
    """Return points 0..1 for two municipalities: the same, neighbours, near, else by kilometres.

    Args:
        wanted: number of the municipality of performance.
        own: of the place of work.
        radius_km: how far the firm normally travels; at twice that nothing is left.
        market_places: who neighbours whom; None means Norway as it comes with the package.
    """
    places = market_places or builtin().places
    relation = places.relation(wanted, own)
    if not relation:
        return NEUTRAL
    if relation in _BY_RELATION:
        return _BY_RELATION[relation]
    kilometres = places.distance_km(wanted, own)
    distance = radius_km if kilometres is None else kilometres
    return _FAR * max(0.0, 1 - distance / (2 * radius_km))


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a firm is, as far as this is compared."""

    municipalities: tuple[str, ...]
    areas: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    district: str = ""


@dataclass(frozen=True, slots=True)
class Sites:
    """The distinct whereabouts of firms, and which is whose."""

    every: Sequence[_Site]
    of: Points
    places: Places | None = None
    _pairs: dict[tuple[str, str, float], float] = field(default_factory=dict)
    _known: dict[object, Points] = field(default_factory=dict)

    @staticmethod
    def build(
        firms: Sequence[Firm], like: Sites | None = None, places: Places | None = None
    ) -> Sites:
        """Prepare firms.

        Args:
            firms: whose whereabouts.
            like: a larger market, which gives places that it knows their numbers.
            places: who neighbours whom; None means those of ``like``, else Norway's.
        """
        number = {site: at for at, site in enumerate(like.every if like else ())}
        own = [number.setdefault(_site(firm), len(number)) for firm in firms]
        known = places or (like.places if like else None)
        return Sites(list(number), np.array(own, dtype=np.int32), known)

    def points(self, need: Need, radius_km: float = RADIUS_KM) -> Points:
        """Return how near each place is to a need, 0..1; neutral where nothing is known."""
        asked = (need.municipalities, need.areas, need.towns, _district(need.postcode), radius_km)
        if asked not in self._known:
            found = [self._nearness(need, site, radius_km) for site in self.every]
            self._known[asked] = np.array(found, dtype=np.float32)
        return self._known[asked]

    def scores(self, needs: Sequence[Need], radius_km: float = RADIUS_KM) -> Points:
        """Return how near each firm is to each need, 0..1, needs x firms."""
        found = np.zeros((len(needs), len(self.of)), dtype=np.float32)
        for row, need in enumerate(needs):
            found[row] = self.points(need, radius_km)[self.of]
        return found

    def _nearness(self, need: Need, site: _Site, radius_km: float) -> float:
        if need.municipalities and site.municipalities:
            return max(
                self._pair(wanted, own, radius_km)
                for wanted in need.municipalities
                for own in site.municipalities
            )
        asked = bool(need.municipalities or need.areas or need.towns or need.postcode)
        known = bool(site.municipalities or site.areas or site.towns or site.district)
        if not asked or not known:
            return NEUTRAL
        area = max((shared_area(a, b) for a in need.areas for b in site.areas), default=0.0)
        town = 1.0 if set(need.towns) & set(site.towns) else 0.0
        if not town and need.postcode and _district(need.postcode) == site.district:
            town = _POSTCODE
        return _AREA * area + _TOWN * town

    def _pair(self, wanted: str, own: str, radius_km: float) -> float:
        key = (wanted, own, radius_km)
        if key not in self._pairs:
            self._pairs[key] = by_distance(wanted, own, radius_km, self.places)
        return self._pairs[key]


def _site(firm: Firm) -> _Site:
    if firm.municipalities:
        # Nothing else is compared then, so firms of one town share one place.
        return _Site(firm.municipalities, firm.areas[:1])
    return _Site((), firm.areas, firm.towns, _district(firm.postcode))


def _district(postcode: str) -> str:
    return postcode.replace(" ", "").upper()[:_POSTCODE_LETTERS]
