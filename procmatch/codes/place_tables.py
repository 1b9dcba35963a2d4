"""Put the places together: the tables of the package, and the store's lists laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from procmatch.codes.entry import CodeEntry
from procmatch.codes.place_names import fold, index, parts
from procmatch.codes.places import Municipality, Places
from procmatch.codes.tables import rows

__all__ = ["with_entries"]

_COUNTY_DIGITS = 2
_Names = dict[str, set[str]]
_Known = dict[str, Municipality]


def with_entries(entries: Iterable[CodeEntry]) -> Places:
    """Return the built-in places under those of the store's lists.

    What the package knows of a municipality stays: its point is where people live and its borders
    are land borders, while the official lists give a point inside the area and count borders at
    sea. The lists add other names, postcodes, and municipalities that are new.

    Args:
        entries: of the lists ``municipality``, ``municipality-point``, ``county``, ``neighbour``
            (code ``a-b``), ``postcode`` (parent = municipality) and ``nuts``; others are left out.
    """
    known, names = _builtin()
    counties = {row["number"]: row["name"] for row in rows("counties")}
    regions = {row["number"]: row["nuts"] for row in rows("counties")}
    lists: dict[str, list[CodeEntry]] = {}
    for entry in entries:
        lists.setdefault(entry.list, []).append(entry)
    for entry in lists.get("county", ()):
        if entry.code not in counties and "valid_to" in entry.extra:
            continue  # a county of earlier years
        counties[entry.code] = parts(_label(entry))[0] if _label(entry) else entry.code
        if "nuts" in entry.extra:
            regions[entry.code] = entry.extra["nuts"]
    regions = _by_name(lists.get("nuts", ()), counties) | regions
    settled = frozenset(known)
    for entry in (*lists.get("municipality", ()), *lists.get("municipality-point", ())):
        if "valid_to" not in entry.extra or entry.code in known:
            _lay_over(entry, known, names, settled)
            if "county" in entry.extra:
                counties.setdefault(known[entry.code].county, entry.extra["county"])
    _join(lists.get("neighbour", ()), known, settled)
    regions = {one.county: one.nuts for one in known.values() if one.nuts} | regions
    for number, one in known.items():
        if not one.nuts:
            known[number] = replace(one, nuts=regions.get(one.county, ""))
    in_county = {number: counties.get(one.county, "") for number, one in known.items()}
    return Places(
        municipalities=known,
        counties=counties,
        renumbered={row["old"]: tuple(row["new"].split()) for row in rows("renumbered")},
        postcodes={one.code: one.parent for one in lists.get("postcode", ()) if one.parent},
        names=index(names, in_county),
    )


def _builtin() -> tuple[_Known, _Names]:
    known: _Known = {}
    names: _Names = {}
    for row in rows("municipalities"):
        number = row["number"]
        names[number] = {row["name"], *parts(row["also"])}
        known[number] = Municipality(
            number=number,
            name=row["name"],
            county=row["county"],
            nuts=row["nuts"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            neighbours=frozenset(row["neighbours"].split()),
        )
    return known, names


def _label(entry: CodeEntry) -> str:
    return entry.labels.get("nb") or entry.labels.get("nn") or entry.labels.get("en") or ""


def _by_name(nuts: Iterable[CodeEntry], counties: Mapping[str, str]) -> dict[str, str]:
    """A county and its NUTS-3 region bear the same name."""
    numbers = {fold(part): number for number, name in counties.items() for part in parts(name)}
    found: dict[str, str] = {}
    for entry in nuts:
        names = parts(_label(entry))
        if entry.code.startswith("NO") and names and fold(names[0]) in numbers:
            found[numbers[fold(names[0])]] = entry.code
    return found


def _lay_over(entry: CodeEntry, known: _Known, names: _Names, settled: frozenset[str]) -> None:
    """Take in a row; it may hold only the name, or only the point."""
    number, label, extra = entry.code, parts(_label(entry)), entry.extra
    one = known.get(number) or Municipality(
        number=number, name=number, county=entry.parent or number[:_COUNTY_DIGITS]
    )
    names.setdefault(number, set()).update(label)
    if label and one.name not in label:
        one = replace(one, name=label[0])
    if number not in settled:
        one = replace(
            one,
            county=entry.parent or one.county,
            nuts=extra.get("nuts", one.nuts),
            lat=float(extra["lat"]) if "lat" in extra else one.lat,
            lon=float(extra["lon"]) if "lon" in extra else one.lon,
        )
    known[number] = one


def _join(pairs: Iterable[CodeEntry], known: _Known, settled: frozenset[str]) -> None:
    for entry in pairs:
        a, _, b = entry.code.partition("-")
        if settled.issuperset((a, b)):
            continue
        for one, other in ((a, b), (b, a)):
            if one in known:
                known[one] = replace(known[one], neighbours=known[one].neighbours | {other})
