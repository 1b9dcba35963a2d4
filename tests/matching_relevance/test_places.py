"""Nearness of all towns at once is that of each pair."""

from __future__ import annotations

import numpy as np
import pytest

from procmatch.codes import builtin
from procmatch.matching.relevance import Firm, Need
from procmatch.matching.relevance.places import NEUTRAL, Sites, by_distance

TOWNS = [*sorted(builtin().places.municipalities)[::7], "9999", "0219"]


@pytest.mark.parametrize("radius_km", [80.0, 120.0])
def test_all_towns_at_once_are_as_near_as_each_by_itself(radius_km: float) -> None:
    sites = Sites.build([Firm(key=town, name="", municipalities=(town,)) for town in TOWNS])
    for wanted in (*TOWNS[::5], "0219", "9999"):
        need = Need(key="n", municipalities=(wanted,))
        expected = [by_distance(wanted, town, radius_km) for town in TOWNS]
        found = sites.points(need, radius_km)[sites.held]
        assert np.allclose(found, expected, atol=1e-6), wanted


def test_of_several_towns_the_nearest_counts() -> None:
    sites = Sites.build([Firm(key=town, name="", municipalities=(town,)) for town in TOWNS])
    some = tuple(TOWNS[:6])
    expected = [max(by_distance(wanted, town, 80.0) for wanted in some) for town in TOWNS]
    found = sites.points(Need(key="n", municipalities=some), 80.0)[sites.held]
    assert np.allclose(found, expected, atol=1e-6)


def test_a_firm_of_no_known_place_is_neutral() -> None:
    sites = Sites.build([Firm(key="1", name=""), Firm(key="2", name="", municipalities=("3203",))])
    found = sites.points(Need(key="n", municipalities=("3203", "5501")))[sites.held]
    assert found.tolist() == [NEUTRAL, 1.0]
