"""The supply map: without any tender, who is near, where they work, how deep the market is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from procmatch.errors import CodeError
from procmatch.insight.food import FoodGroup, food_groups
from procmatch.insight.supply import Depth, SupplyFirm, Within
from procmatch.model.organisation import Establishment, Evidence, Supplier
from procmatch.model.values import Place
from procmatch.workflows.supply import NeedAsked, Supply, firms_of, supply_of
from tests.insight.test_what_if import market
from tests.matching.market import ASKER, BAERUM, NOW, TROMSO, firm

BAKER = firm("Bakeren AS", "10.710", "Baking av brød.", turnover=4e6, employees=5, in_group=False)
NEXT = firm("Nabobakeren AS", "10.710", "Brød.", at=BAERUM, employees=2, in_group=False)
FAR = firm("Nordbakeren AS", "10.710", "Brød.", at=TROMSO)
NOWHERE = firm("Ukjent Sted AS", "10.710", "Brød.", at=None)
LARGE = firm("Fabrikken AS", "10.710", "Brødfabrikk.", at=BAERUM, employees=900, in_group=False)


def _ask(
    *firms: Supplier,
    words: str = "brød",
    **asked: Any,  # noqa: ANN401 - whatever can be asked for
) -> Supply:
    within = Within(place=ASKER, radius_km=50.0)
    need = NeedAsked(words=words, within=within, **asked)
    return supply_of(market(*firms), need, clock=lambda: NOW)


def _depth(*firms: Supplier) -> Depth:
    return _ask(*firms).depth


def _shown(*firms: Supplier) -> list[SupplyFirm]:
    return firms_of(market(*firms), ASKER, _ask(*firms).found)


def test_firms_within_the_radius_stand_with_size_and_what_they_do() -> None:
    every = (BAKER, NEXT, LARGE, FAR, NOWHERE)
    found, depth = _shown(*every), _depth(*every)
    names = {one.match.supplier_name for one in found}
    assert names == {"Bakeren AS", "Nabobakeren AS", "Fabrikken AS"}
    assert {one.does for one in found} >= {"Baking av brød."}
    assert (depth.firms, depth.small, depth.unknown_place) == (3, 2, 1)


def test_bands_grow_with_the_distance_up_to_the_radius() -> None:
    within = _ask(BAKER, NEXT, LARGE).depth.within
    assert [km for km, _ in within] == [0, 25, 50.0]
    counts = [firms for _, firms in within]
    assert counts == sorted(counts)
    assert counts[0] == 1


def test_the_nearest_workplace_comes_first() -> None:
    places = (
        Establishment(number="1", name="Avd Tromsø", place=Place(municipality=TROMSO)),
        Establishment(number="2", name="Avd Asker", place=Place(municipality=ASKER), employees=4),
    )
    unit = replace(BAKER.organisation, establishments=places)
    (found,) = _shown(replace(BAKER, organisation=unit))
    assert [one.name for one in found.workplaces] == ["Avd Asker", "Avd Tromsø"]
    assert found.workplaces[0].employees == 4


def test_a_market_of_two_is_thin() -> None:
    assert _ask(BAKER, NEXT).depth.is_thin
    assert not _ask(BAKER, NEXT, LARGE).depth.is_thin


def test_evidence_is_counted_and_its_lack_is_no_no() -> None:
    organic = Evidence(kind="organic_certificate", dimension="green", source="test")
    depth = _ask(replace(BAKER, evidence=(organic,)), NEXT).depth
    assert (depth.firms, depth.organic, depth.proven, depth.inspected) == (2, 1, 1, 0)


@pytest.mark.parametrize("group", food_groups(), ids=lambda group: group.key)
def test_each_food_group_can_be_asked_for(group: FoodGroup) -> None:
    found = _ask(BAKER, words="", food=group.key)
    assert [code for code, _ in found.cpv] == list(group.codes)
    assert group.key != "bread" or found.found


@pytest.mark.parametrize("asked", [{"food": "ost"}, {"cpv": ("12",)}])
def test_what_is_not_known_is_said_so(asked: dict[str, Any]) -> None:
    with pytest.raises(CodeError):
        _ask(BAKER, **asked)


def test_a_place_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CodeError, match="no municipality"):
        supply_of(
            market(BAKER), NeedAsked(words="brød", within=Within(place="9999")), clock=lambda: NOW
        )
