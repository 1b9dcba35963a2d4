"""A map without tiles: towns as dots about the place of the need, rings of distance around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from procmatch.web.charts.svg import drawing, element, text

__all__ = ["Town", "supply_map"]

_SIDE = 360.0
_KM_OF_DEGREE = 111.2
_RINGS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_MARGIN = 20.0
#: Where all firms are in the place itself, or there are none.
_LEAST_KM = 5.0
_NAMED = 12
_SMALLEST, _LARGEST = 3.0, 13.0
_LINE = 14.0
#: What is written somewhere: middle, line, width.
_Box = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A municipality: name, where its people live (degrees), how many firms."""

    name: str
    lat: float
    lon: float
    firms: int


def supply_map(
    towns: Sequence[Town], *, home: tuple[float, float], label: str, radius_km: float
) -> Markup:
    """Return the map, north up, as large as the firms lie apart.

    Args:
        towns: with at least one firm each.
        home: latitude and longitude of the place where something is needed.
        label: what the map shows, in one sentence.
        radius_km: what counts as near; the map reaches at least so far.
    """
    placed = [(town, *_flat(town, home)) for town in towns]
    reach = max([radius_km, _LEAST_KM, *(math.hypot(x, y) for _, x, y in placed)])
    scale = (_SIDE / 2 - _MARGIN) / reach
    middle = _SIDE / 2
    most = max((town.firms for town in towns), default=1)
    rings = [ring for ring in _RINGS if reach / 6 <= ring <= reach * 1.05]
    dots, names = [], []
    taken: list[_Box] = []
    dotted: list[_Box] = []
    for rank, (town, east, north) in enumerate(sorted(placed, key=lambda one: -one[0].firms)):
        x, y = middle + east * scale, middle - north * scale
        size = max(_SMALLEST, _LARGEST * math.sqrt(town.firms / most))
        dots.append(
            element("circle", element("title", f"{town.name}: {town.firms}"), cx=x, cy=y, r=size,
                    class_="dot")
        )  # fmt: skip
        dotted.append((x, y + _LINE / 2, 2 * size))
        wide = 7.2 * len(town.name)
        line = y - size - 4 if y > _MARGIN else y + size + _LINE
        if rank < _NAMED and _is_free((x, line, wide), taken):
            taken.append((x, line, wide))
            inside = min(max(x, wide / 2), _SIDE - wide / 2)
            names.append(text(town.name, inside, line, class_="halo", anchor="middle"))
    home_mark = element("circle", cx=middle, cy=middle, r=_LARGEST + 3, class_="home")
    parts = [_ring(ring, ring * scale, taken + dotted) for ring in rings]
    return drawing(label, _SIDE, _SIDE, *parts, *dots, home_mark, *names)


def _is_free(box: _Box, taken: Sequence[_Box]) -> bool:
    x, line, wide = box
    return not any(abs(x - ox) < (wide + ow) / 2 and abs(line - oy) < _LINE for ox, oy, ow in taken)


def _flat(town: Town, home: tuple[float, float]) -> tuple[float, float]:
    """Return kilometres east and north of home; good enough over some hundred kilometres."""
    north = (town.lat - home[0]) * _KM_OF_DEGREE
    east = (town.lon - home[1]) * _KM_OF_DEGREE * math.cos(math.radians(home[0]))
    return east, north


def _ring(km: int, radius: float, taken: Sequence[_Box]) -> Markup:
    """Return a ring, named below, above, or at a side: where first nothing else is written."""
    middle, wide = _SIDE / 2, 7.2 * len(f"{km} km")
    below, above = middle + radius - 3, middle - radius + _LINE
    beside = radius - wide / 2 - 3
    spots = ((middle, below), (middle, above), (middle + beside, middle), (middle - beside, middle))
    x, y = next((spot for spot in spots if _is_free((*spot, wide), taken)), spots[0])
    return Markup("").join(
        (
            element("circle", cx=middle, cy=middle, r=radius, class_="ring"),
            text(f"{km} km", x, y, class_="quiet halo", anchor="middle"),
        )
    )
