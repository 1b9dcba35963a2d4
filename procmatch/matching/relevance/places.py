"""How near a firm is to a need: by kilometres where municipalities are known, else by codes.

Codes of areas, towns and postcodes may be of any country; kilometres need the Norwegian
municipalities.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from procmatch.codes import builtin
from procmatch.codes.places import EARTH_KM, NEAR_KM, Places
from procmatch.matching.relevance.arrays import Points, spans
from procmatch.matching.relevance.records import Firm, Need

__all__ = [
    "BY_VAN",
    "NEUTRAL",
    "RADIUS_KM",
    "Site",
    "SiteReader",
    "Sites",
    "by_distance",
    "shared_area",
]

#: What says nothing for or against: no place on one of the sides.
NEUTRAL = 0.5
#: How far a firm travels when nobody says otherwise.
RADIUS_KM = 80.0
#: Goods go this much farther than people travel to their work.
BY_VAN = 1.5
#: Places asked for whose answers are kept.
_KEPT = 1_000
_METRE = 0.001
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


class _Towns:
    """Some municipalities, and how far away each is from any other, all at once."""

    def __init__(self, names: Sequence[str], places: Places) -> None:
        self._places = places
        self._known = [places.municipality(name) for name in names]
        points = [(one.lat, one.lon) if one else (None, None) for one in self._known]
        self._points = np.radians(np.array(points, dtype=np.float64)).reshape(len(names), 2)
        self._at: dict[str, list[int]] = {}
        self._unknown = [at for at, one in enumerate(self._known) if one is None]
        self._km: dict[str, Points] = {}
        for at, one in enumerate(self._known):
            if one is not None:
                self._at.setdefault(one.number, []).append(at)

    def km(self, wanted: str) -> Points:
        """Return the kilometres to each as the crow flies (float64); not a number if not known."""
        found = self._km.get(wanted)
        if found is None:
            found = self._km[wanted] = self._measured(wanted)
        return found

    def _measured(self, wanted: str) -> Points:
        centre = self._places.municipality(wanted)
        if centre is None:
            return np.full(len(self._known), np.nan)
        point = np.radians(np.array([[centre.lat, centre.lon]], dtype=np.float64))
        half = np.sin((self._points - point) / 2) ** 2
        a = half[:, 0] + np.cos(point[:, 0]) * np.cos(self._points[:, 0]) * half[:, 1]
        found: Points = 2 * EARTH_KM * np.arcsin(np.sqrt(a))
        found[self._at.get(centre.number, [])] = 0.0
        return found

    def points(self, wanted: str, radius_km: float) -> Points:
        """Return :func:`by_distance` for each (float32); unknown ones are neutral."""
        centre = self._places.municipality(wanted)
        if centre is None:
            return np.full(len(self._known), NEUTRAL, dtype=np.float32)
        kilometres = self.km(wanted)
        distance = np.where(np.isnan(kilometres), radius_km, kilometres)
        found = _FAR * np.maximum(0.0, 1 - distance / (2 * radius_km))
        found[kilometres <= NEAR_KM] = _BY_RELATION["near"]
        found[self._unknown] = NEUTRAL
        for number, own in self._at.items():
            # Borders are told by one of the two at least.
            town = self._known[own[0]]
            if number in centre.neighbours or (town and centre.number in town.neighbours):
                found[own] = _BY_RELATION["neighbour"]
        found[self._at.get(centre.number, [])] = _BY_RELATION["same"]
        return found.astype(np.float32)


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """Where a firm is, as far as this is compared: a municipality, else what else is known."""

    municipality: str = ""
    areas: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    district: str = ""


@dataclass(frozen=True, slots=True)
class Sites:
    """The distinct whereabouts of firms, and which firm is where.

    Attributes:
        every: all sites.
        starts, held: firm -> its sites, as in CSR (int32): one for each of its municipalities.
        places: who neighbours whom; None means Norway as it comes with the package.
    """

    every: Sequence[Site]
    starts: Points
    held: Points
    places: Places | None = None
    _towns: Mapping[str, int] = field(default_factory=dict)
    _town_of: Points = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    _known: dict[object, Points] = field(default_factory=dict)
    _near: dict[tuple[str, float], Points] = field(default_factory=dict)
    _apart: list[_Towns] = field(default_factory=list)

    @staticmethod
    def build(
        firms: Sequence[Firm], like: Sites | None = None, places: Places | None = None
    ) -> Sites:
        """Prepare firms.

        Args:
            firms: whose whereabouts.
            like: a larger market, which gives sites that it knows their numbers.
            places: who neighbours whom; None means those of ``like``, else Norway's.
        """
        reader = SiteReader()
        for firm in firms:
            reader.add(firm)
        return reader.done(like, places)

    @staticmethod
    def of(
        every: Sequence[Site], starts: Points, held: Points, places: Places | None = None
    ) -> Sites:
        """Return sites that are known already, with the firms that stand there."""
        towns = {name: at for at, name in enumerate(dict.fromkeys(s.municipality for s in every))}
        town_of = np.array([towns[site.municipality] for site in every], dtype=np.int32)
        return Sites(every, starts, held, places, towns, town_of)

    def taken(self, order: Points) -> Sites:
        """Return the same with the firms in another order."""
        where, starts = spans(self.starts, order)
        return replace(self, starts=starts.astype(np.int32), held=self.held[where])

    def points(self, need: Need, radius_km: float = RADIUS_KM) -> Points:
        """Return how near each site is to a need, 0..1; neutral where nothing is known."""
        asked = (need.municipalities, need.areas, need.towns, _district(need.postcode), radius_km)
        found = self._known.get(asked)
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[asked] = self._points(need, radius_km)
        return found

    def _points(self, need: Need, radius_km: float) -> Points:
        found = np.full(len(self.every), NEUTRAL, dtype=np.float32)
        if need.municipalities:
            towns = [self._toward(wanted, radius_km) for wanted in need.municipalities]
            near = np.max(towns, axis=0)
            found = near[self._town_of]
        rest = [at for at, site in enumerate(self.every) if not site.municipality]
        for at in rest if need.municipalities else range(len(self.every)):
            found[at] = _nearness(need, self.every[at])
        return found

    def near(self, wanted: Sequence[str], km: float) -> Points:
        """Return whether each site may be as near to one of some municipalities (bool).

        A site whose distance is not known may be.
        """
        if not wanted:
            return np.ones(len(self.every), dtype=bool)
        apart = np.array([self._between.km(one) for one in wanted])
        # Summed otherwise, a distance differs in its last digits.
        return np.asarray(~(apart > km + _METRE).all(axis=0))[self._town_of]

    @property
    def _between(self) -> _Towns:
        if not self._apart:
            self._apart.append(_Towns(tuple(self._towns), self.places or builtin().places))
        return self._apart[0]

    def _toward(self, wanted: str, radius_km: float) -> Points:
        """Return :func:`by_distance` from one municipality to every town."""
        key = (wanted, radius_km)
        if key not in self._near:
            self._near[key] = self._between.points(wanted, radius_km)
        return self._near[key]

    def scores(self, needs: Sequence[Need], radius_km: float = RADIUS_KM) -> Points:
        """Return how near each firm is to each need, 0..1, needs x firms: its nearest site."""
        found = np.zeros((len(needs), len(self.starts) - 1), dtype=np.float32)
        for row, need in enumerate(needs):
            if len(self.held):
                near = self.points(need, radius_km)[self.held]
                found[row] = np.maximum.reduceat(near, self.starts[:-1])
        return found


class SiteReader:
    """Takes firms one by one and keeps their whereabouts; see :meth:`Sites.build`."""

    def __init__(self) -> None:
        self._number: dict[Site, int] = {}
        self._known: dict[tuple[object, ...], array[int]] = {}
        self._starts, self._held = array("i", [0]), array("i")

    def add(self, firm: Firm) -> None:
        """Read the whereabouts of a firm."""
        at: tuple[object, ...] = (firm.municipalities, firm.areas)
        if not firm.municipalities:
            at = (firm.areas, firm.towns, firm.postcode)
        own = self._known.get(at)
        if own is None:
            number = self._number
            sites = (number.setdefault(site, len(number)) for site in _sites(firm))
            own = self._known[at] = array("i", sites)
        self._held.extend(own)
        self._starts.append(len(self._held))

    def done(self, like: Sites | None = None, places: Places | None = None) -> Sites:
        """Return the sites of the firms, in the order in which they came."""
        old = {site: at for at, site in enumerate(like.every if like else ())}
        every = [*old, *sorted(self._number.keys() - old.keys())]
        place = {site: at for at, site in enumerate(every)}
        held = np.array([place[site] for site in self._number], dtype=np.int32)
        return Sites.of(
            every,
            np.array(self._starts, dtype=np.int32),
            held[np.array(self._held, dtype=np.int64)],
            places or (like.places if like else None),
        )


def _sites(firm: Firm) -> Iterator[Site]:
    for municipality in firm.municipalities:
        # Nothing else is compared then, so firms of one town share one site.
        yield Site(municipality, firm.areas[:1])
    if not firm.municipalities:
        yield Site("", firm.areas, firm.towns, _district(firm.postcode))


def _nearness(need: Need, site: Site) -> float:
    """Return points by codes, where one of the two has no municipality."""
    asked = bool(need.municipalities or need.areas or need.towns or need.postcode)
    known = bool(site.municipality or site.areas or site.towns or site.district)
    if not asked or not known:
        return NEUTRAL
    area = max((shared_area(a, b) for a in need.areas for b in site.areas), default=0.0)
    town = 1.0 if set(need.towns) & set(site.towns) else 0.0
    if not town and need.postcode and _district(need.postcode) == site.district:
        town = _POSTCODE
    return _AREA * area + _TOWN * town


def _district(postcode: str) -> str:
    return postcode.replace(" ", "").upper()[:_POSTCODE_LETTERS]
