"""What is kept between needs changes no answer: room to work in, and what a need was read as."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.codes import builtin
from procmatch.matching.index import FirmIndex, Heard, Hit, search
from procmatch.matching.relevance import Firm, Need
from tests.matching_index.market import TOWNS, firms, needs


def _ask(index: FirmIndex, need: Need) -> list[Hit]:
    (hits,) = index.search([need], limit=5)
    return hits


@pytest.fixture(autouse=True, scope="module")
def _never_looked_at_whole() -> Iterator[None]:
    """Even a small market is walked through as a large one is."""
    few, search._FEW = search._FEW, -1
    yield
    search._FEW = few


@given(firms(least=1), st.lists(needs(), min_size=1, max_size=6))
def test_a_need_is_answered_alike_whatever_was_asked_before(
    market: list[Firm], asked: list[Need]
) -> None:
    used = FirmIndex.build(market)
    for need in [*asked, *asked]:
        assert _ask(used, need) == _ask(FirmIndex.build(market), need)
    # Many in one go, then one alone in the same room.
    used.search(asked, limit=5)
    assert _ask(used, asked[0]) == _ask(FirmIndex.build(market), asked[0])


def test_threads_that_ask_at_once_do_not_meet() -> None:
    words = ("brød", "renhold", "rørlegger", "snømåking")
    market = [Firm(key=f"{at:04}", name=f"Firma {at}", text=words[at % 4]) for at in range(400)]
    index = FirmIndex.build(market)
    asked = [Need(key=word, title=word, language="nb") for word in words]
    alone = [_ask(FirmIndex.build(market), need) for need in asked]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: _ask(index, asked[at % 4]), range(200)))
    assert found == [alone[at % 4] for at in range(200)]


def test_room_in_which_work_failed_is_not_lent_again() -> None:
    base = FirmIndex.build([Firm(key="1", name="En")]).base
    with pytest.raises(ValueError, match="broken"), base.lent_room(1) as (room, _):
        raise ValueError("broken")
    with base.lent_room(1) as (other, stamp):
        assert other is not room
        assert stamp == 0
    with base.lent_room(1) as (again, stamp):
        assert again is other
        assert stamp == 1


@given(firms(least=1), firms(), needs())
def test_points_are_the_same_for_a_need_that_was_heard(
    market: list[Firm], changed: list[Firm], need: Need
) -> None:
    index = FirmIndex.build(market).update(changed)
    keys = list(dict.fromkeys(one.key for one in (*market, *changed)))
    heard: Heard = {}
    index.search([need], heard=heard)
    assert index.points(need, keys, heard=heard) == index.points(need, keys)


@given(firms(least=1), firms(), st.sampled_from(TOWNS), st.sampled_from((0.0, 30.0, 300.0)))
def test_who_is_farther_is_told_by_every_place_of_a_firm(
    market: list[Firm], changed: list[Firm], town: str, km: float
) -> None:
    every = {one.key: one for one in (*market, *changed)}
    places = builtin().places

    def is_far(own: str) -> bool:
        apart = places.distance_km(town, own)
        return apart is not None and apart > km + 0.001

    index = FirmIndex.build(market).update(changed)
    told = index.farther(list(every), [town], km)
    assert told == [
        bool(one.municipalities) and all(map(is_far, one.municipalities)) for one in every.values()
    ]
    assert not any(index.farther(list(every), [], km))


@given(firms(least=1))
def test_a_longer_key_is_no_firm(market: list[Firm]) -> None:
    index = FirmIndex.build(market)
    keys = {one.key for one in market}
    longer = [key + "0" for key in keys if key + "0" not in keys]
    assert not any(key in index for key in longer)
    assert (index.base.find([*keys]) >= 0).all()
    assert (index.base.find(longer) == -1).all()


@given(firms(least=1), firms())
def test_the_first_place_of_a_firm_is_told(market: list[Firm], changed: list[Firm]) -> None:
    every = {one.key: one for one in (*market, *changed)}
    index = FirmIndex.build(market).update(changed)
    told = [index.municipality(key) for key in every]
    assert told == [(*one.municipalities, "")[0] for one in every.values()]
