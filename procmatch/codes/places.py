"""Places: municipalities, counties, NUTS regions, postcodes; what lies within what, and how far."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from procmatch.codes.place_names import fold, parts
from procmatch.codes.regions import EVERYWHERE, SUCCESSORS

__all__ = ["EARTH_KM", "NEAR_KM", "Municipality", "Places"]

#: Closer than this counts as near even without a land border: ferry towns, fjords.
NEAR_KM = 15.0
#: Mean radius.
EARTH_KM = 6371.0
_COUNTY_DIGITS = 2
_MUNICIPALITY_DIGITS = 4
#: Pairs of municipalities: about all that there are.
_REMEMBERED = 150_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A municipality.

    Attributes:
        number: four digits. name: in Norwegian. county: its number, two digits.
        nuts: NUTS-3 of the 2024 list. lat, lon: where its people live, on average, in degrees.
        neighbours: numbers of those that share a land border.
    """

    number: str
    name: str
    county: str
    nuts: str = ""
    lat: float | None = None
    lon: float | None = None
    neighbours: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Places:
    """Everything that is known about places.

    Attributes:
        municipalities: number -> municipality. counties: number -> name.
        renumbered: a number of 2018 or 2020 -> its numbers today, largest part first.
        postcodes: postcode -> municipality number.
        names: folded municipality name -> number, only where the name is one municipality's.

    How far two municipalities lie apart is remembered: the same pairs are asked for all the time.
    """

    municipalities: Mapping[str, Municipality]
    counties: Mapping[str, str]
    renumbered: Mapping[str, tuple[str, ...]]
    postcodes: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    _apart: dict[tuple[str, str], float | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _relations: dict[tuple[str, str], str] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def today(self, number: str) -> tuple[str, ...]:
        """Return today's numbers of a municipality, for a number of any year since 2018."""
        return (number,) if number in self.municipalities else self.renumbered.get(number, ())

    def municipality(self, number: str) -> Municipality | None:
        """Return a municipality by its number of any year since 2018, or None."""
        numbers = self.today(number)
        return self.municipalities.get(numbers[0]) if numbers else None

    def find_municipality(self, name: str) -> Municipality | None:
        """Return the municipality of that name, or None where the name is nobody's or several's.

        Understands "ASKER kommune", Sami and Kven names, and "Våler (Innlandet)".
        """
        whole = self.names.get(fold(name))
        numbers = {whole} if whole else {self.names.get(fold(part)) for part in parts(name)}
        number = numbers.pop() if len(numbers) == 1 else None
        return self.municipalities[number] if number else None

    def county(self, number: str) -> str:
        """Return the name of a county, ``""`` when unknown."""
        return self.counties.get(number, "")

    def of_postcode(self, code: str) -> str | None:
        """Return the municipality number of a postcode ("1383", "NO-1383"), or None."""
        return self.postcodes.get(code.strip().upper().removeprefix("NO-").removeprefix("N-"))

    def municipalities_in(self, code: str) -> frozenset[str]:
        """Return the municipalities within a place code.

        Args:
            code: a municipality or county number of any year since 2018, a NUTS code of any level
                and of the lists of 2016, 2021 or 2024, or ``"NO"``/``"NOR"`` for all. Empty when
                nothing is known.
        """
        code = code.strip().upper()
        if code in EVERYWHERE:
            return frozenset(self.municipalities)
        if code in SUCCESSORS:
            return frozenset().union(*map(self.municipalities_in, SUCCESSORS[code]))
        if code.isdecimal():
            return self._in_number(code)
        if not code.startswith("NO"):
            return frozenset()
        return frozenset(n for n, one in self.municipalities.items() if one.nuts.startswith(code))

    def _in_number(self, code: str) -> frozenset[str]:
        if len(code) == _MUNICIPALITY_DIGITS:
            return frozenset(self.today(code))
        if len(code) != _COUNTY_DIGITS:
            return frozenset()
        if code in self.counties:
            return frozenset(n for n, one in self.municipalities.items() if one.county == code)
        old = (news for number, news in self.renumbered.items() if number.startswith(code))
        return frozenset(new for news in old for new in news)

    def distance_km(self, a: str, b: str) -> float | None:
        """Return kilometres between the points of two municipalities, as the crow flies."""
        if (a, b) in self._apart:
            return self._apart[a, b]
        found = self._measured_km(a, b)
        if len(self._apart) < _REMEMBERED:
            self._apart[a, b] = found
        return found

    def _measured_km(self, a: str, b: str) -> float | None:
        one, other = self.municipality(a), self.municipality(b)
        if one is None or other is None:
            return None
        if one.number == other.number:
            return 0.0
        if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
            return None
        return _haversine(one.lat, one.lon, other.lat, other.lon)

    def are_neighbours(self, a: str, b: str) -> bool:
        """Return whether two municipalities share a land border."""
        one, other = self.municipality(a), self.municipality(b)
        if one is None or other is None:
            return False
        return other.number in one.neighbours or one.number in other.neighbours

    def relation(self, a: str, b: str) -> str:
        """Return how near: same, neighbour, near (at most 15 km), county, other; ``""`` unknown."""
        if (a, b) in self._relations:
            return self._relations[a, b]
        found = self._related(a, b)
        if len(self._relations) < _REMEMBERED:
            self._relations[a, b] = found
        return found

    def _related(self, a: str, b: str) -> str:
        one, other = self.municipality(a), self.municipality(b)
        if one is None or other is None:
            return ""
        if one.number == other.number:
            return "same"
        if self.are_neighbours(one.number, other.number):
            return "neighbour"
        distance = self.distance_km(one.number, other.number)
        if distance is not None and distance <= NEAR_KM:
            return "near"
        return "county" if one.county == other.county else "other"


def _haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    p1, p2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((p2 - p1) / 2) ** 2
    half += math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))
