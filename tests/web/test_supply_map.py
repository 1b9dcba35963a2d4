"""The map of who could deliver: rings, dots and names that do not cover each other."""

from __future__ import annotations

import re

import pytest

from procmatch.web.charts.supply_map import Town, supply_map

HOME = (60.0, 10.0)


def places(drawn: str, words: str) -> list[tuple[float, float]]:
    found = re.findall(r"<text([^>]*)>" + words + "</text>", drawn)
    return [
        (float(re.search(r'\bx="([^"]+)"', one)[1]), float(re.search(r'\by="([^"]+)"', one)[1]))  # type: ignore[index]
        for one in found
    ]


def drawn(*towns: Town, radius_km: float = 50) -> str:
    return str(supply_map(towns, home=HOME, label="Who is near", radius_km=radius_km))


def test_a_ring_is_named_where_no_town_is() -> None:
    south = Town(name="Sørbygd", lat=HOME[0] - 17 / 111.2, lon=HOME[1], firms=3)
    (empty,) = places(drawn(), "20 km")
    (moved,) = places(drawn(south), "20 km")
    (name,) = places(drawn(south), "Sørbygd")
    assert empty[1] > 180, "below, as long as there is room"
    assert moved[1] < 180
    assert abs(name[1] - moved[1]) > 14


def test_each_town_has_its_number_and_is_named_once() -> None:
    map_ = drawn(
        Town(name="A", lat=60.1, lon=10, firms=1), Town(name="B", lat=60, lon=10.5, firms=9)
    )
    assert "A: 1" in map_
    assert "B: 9" in map_
    assert len(places(map_, "A")) == 1


@pytest.mark.parametrize("towns", [(), (Town(name="Hjemme", lat=HOME[0], lon=HOME[1], firms=2),)])
def test_firms_at_home_alone_or_none_are_drawn_without_a_radius(towns: tuple[Town, ...]) -> None:
    map_ = drawn(*towns, radius_km=0)
    assert places(map_, "5 km")
    assert len(places(map_, "Hjemme")) == len(towns)
