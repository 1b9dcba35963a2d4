"""Places: municipalities, counties, NUTS regions, postcodes; what lies within what, and how far."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from procmatch.codes.entry import CodeEntry
from procmatch.codes.tables import rows

__all__ = ["NEAR_KM", "Municipality", "Places", "with_entries"]

#: Closer than this counts as near even without a land border: ferry towns, fjords.
NEAR_KM = 15.0
_EARTH_KM = 6371.0
_COUNTY_DIGITS = 2
_MUNICIPALITY_DIGITS = 4
#: Regions of the 2021 list that the 2024 list splits; and the 2016 list's, by county today.
_OLD_NUTS = {
    "NO082": ("NO083", "NO084", "NO085"),
    "NO091": ("NO093", "NO094"),
    "NO074": ("NO072", "NO073"),
    "NO011": ("NO081",),
    "NO012": ("NO084",),
    "NO021": ("NO020",),
    "NO022": ("NO020",),
    "NO031": ("NO083",),
    "NO032": ("NO085",),
    "NO033": ("NO093",),
    "NO034": ("NO094",),
    "NO041": ("NO092",),
    "NO042": ("NO092",),
    "NO043": ("NO0A1",),
    "NO051": ("NO0A2",),
    "NO052": ("NO0A2",),
    "NO053": ("NO0A3",),
    "NO061": ("NO060",),
    "NO062": ("NO060",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A municipality: four digits, its county's two digits, NUTS-3, a point, land neighbours."""

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
    """

    municipalities: Mapping[str, Municipality]
    counties: Mapping[str, str]
    renumbered: Mapping[str, tuple[str, ...]]
    postcodes: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def today(self, number: str) -> tuple[str, ...]:
        """Return today's numbers of a municipality, for a number of any year since 2018."""
        return (number,) if number in self.municipalities else self.renumbered.get(number, ())

    def municipality(self, number: str) -> Municipality | None:
        """Return a municipality by its number of any year since 2018, or None."""
        numbers = self.today(number)
        return self.municipalities.get(numbers[0]) if numbers else None

    def find_municipality(self, name: str) -> Municipality | None:
        """Return the municipality of that name ("Asker", "ASKER kommune"), or None if not one."""
        number = self.names.get(_fold(name))
        return self.municipalities[number] if number else None

    def of_postcode(self, code: str) -> str | None:
        """Return the municipality number of a postcode, or None."""
        return self.postcodes.get(code)

    def municipalities_in(self, code: str) -> frozenset[str]:
        """Return the municipalities within a place code.

        Args:
            code: a municipality or county number, a NUTS code of any level and of the lists of
                2016, 2021 or 2024, or ``"NO"``/``"NOR"`` for all. Empty when nothing is known.
        """
        if code in {"NO", "NOR", "NO0"}:
            return frozenset(self.municipalities)
        if code.isdigit() and len(code) == _MUNICIPALITY_DIGITS:
            return frozenset(self.today(code))
        if code.isdigit() and len(code) == _COUNTY_DIGITS:
            return frozenset(n for n, m in self.municipalities.items() if m.county == code)
        regions = _OLD_NUTS.get(code, (code,))
        if not code.startswith("NO"):
            return frozenset()
        return frozenset(
            number for number, one in self.municipalities.items() if one.nuts.startswith(regions)
        )

    def distance_km(self, a: str, b: str) -> float | None:
        """Return kilometres between the points of two municipalities, as the crow flies."""
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
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))


def _fold(name: str) -> str:
    return name.casefold().removesuffix(" kommune").strip()


def _names(municipalities: Iterable[Municipality]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for one in municipalities:
        # Names in several languages are printed with a dash or slash: "Kautokeino - Guovdageaidnu".
        for part in {one.name, *one.name.replace("/", " - ").split(" - ")}:
            found.setdefault(_fold(part), []).append(one.number)
    return {name: numbers[0] for name, numbers in found.items() if len(numbers) == 1}


def _builtin() -> tuple[dict[str, Municipality], dict[str, str]]:
    municipalities = {
        row["number"]: Municipality(
            number=row["number"],
            name=row["name"],
            county=row["county"],
            nuts=row["nuts"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            neighbours=frozenset(row["neighbours"].split()),
        )
        for row in rows("municipalities")
    }
    return municipalities, {row["number"]: row["name"] for row in rows("counties")}


def _merged(entry: CodeEntry, old: Municipality | None) -> Municipality:
    """Lay a store row over what is known; a row may hold only the name, or only the point."""
    base = old or Municipality(number=entry.code, name=entry.code, county=entry.code[:2])
    name = entry.labels.get("nb") or entry.labels.get("nn") or base.name
    extra = entry.extra
    return replace(
        base,
        name=name.split(" - ")[0],
        county=entry.parent or base.county,
        nuts=extra.get("nuts", base.nuts),
        lat=float(extra["lat"]) if "lat" in extra else base.lat,
        lon=float(extra["lon"]) if "lon" in extra else base.lon,
    )


def with_entries(entries: Iterable[CodeEntry]) -> Places:
    """Return the built-in places under those of the store's lists.

    Lists: ``municipality``, ``municipality-point``, ``county``, ``neighbour`` (code ``a-b``),
    ``postcode`` (parent = municipality), ``nuts``.
    """
    municipalities, counties = _builtin()
    postcodes: dict[str, str] = {}
    borders: dict[str, set[str]] = {}
    for entry in entries:
        if entry.list in {"municipality", "municipality-point"}:
            if "valid_to" in entry.extra and entry.code not in municipalities:
                continue  # a number of earlier years; ``renumbered`` leads from it to today's
            municipalities[entry.code] = _merged(entry, municipalities.get(entry.code))
        elif entry.list == "county":
            counties[entry.code] = entry.labels.get("nb", entry.code)
        elif entry.list == "postcode" and entry.parent:
            postcodes[entry.code] = entry.parent
        elif entry.list == "neighbour":
            a, _, b = entry.code.partition("-")
            borders.setdefault(a, set()).add(b)
            borders.setdefault(b, set()).add(a)
    regions = {m.county: m.nuts for m in municipalities.values() if m.nuts}
    for number, one in municipalities.items():
        municipalities[number] = replace(
            one,
            nuts=one.nuts or regions.get(one.county, ""),
            neighbours=one.neighbours | borders.get(number, set()),
        )
    renumbered = {row["old"]: tuple(row["new"].split()) for row in rows("renumbered")}
    return Places(
        municipalities=municipalities,
        counties=counties,
        renumbered=renumbered,
        postcodes=postcodes,
        names=_names(municipalities.values()),
    )
