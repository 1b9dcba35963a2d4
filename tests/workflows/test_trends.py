"""A municipality against its targets and beside others like it."""

from __future__ import annotations

import pytest

from procmatch.errors import NotFound
from procmatch.insight.shares import Measure, Question, Standing, Target
from procmatch.store import Store
from procmatch.workflows.agreements import signed_by
from procmatch.workflows.settle import settle
from procmatch.workflows.trends import drop_target, set_target, similar, targets_of, tracked
from tests.workflows.conftest import clock
from tests.workflows.test_agreements import ASKED, WON, _fill

PLACE = "9803"
SMALL = Target(question=Question.SMALL, measure=Measure.NUMBER, year=2025, percent=30)


def test_a_target_is_set_changed_and_taken_back(store: Store) -> None:
    set_target(store, PLACE, SMALL)
    higher = Target(question=Question.SMALL, measure=Measure.NUMBER, year=2025, percent=40)
    set_target(store, PLACE, higher)
    assert targets_of(store, PLACE) == [higher]
    assert targets_of(store, "3203") == []
    assert drop_target(store, PLACE, SMALL)
    assert not drop_target(store, PLACE, SMALL)
    assert targets_of(store, PLACE) == []


@pytest.mark.parametrize(("year", "percent"), [(2025, 101), (2025, -1), (1800, 10)])
def test_an_impossible_target_is_refused(store: Store, year: int, percent: float) -> None:
    target = Target(question=Question.LOCAL, measure=Measure.VALUE, year=year, percent=percent)
    with pytest.raises(ValueError, match="target"):
        set_target(store, PLACE, target)


def test_a_target_is_held_against_what_was_bought(store: Store) -> None:
    _fill(store, ASKED, WON)
    set_target(store, PLACE, SMALL)
    (found,) = tracked(store, PLACE, signed_by(store, PLACE, clock).purchases)
    assert found.standing is Standing.REACHED
    assert found.share.yes == 1


def test_a_municipality_stands_beside_those_of_its_size_itself_first(world_store: Store) -> None:
    settle(world_store)
    found = similar(world_store, "9801", clock)
    assert found[0].number == "9801"
    assert len({one.number for one in found}) == len(found)
    assert [one.likeness is None for one in found] == [True, *[False] * (len(found) - 1)]
    orders = [one.likeness.order for one in found if one.likeness]
    assert orders == sorted(orders)
    for one in found:
        assert one.firms
        for question, share in one.shares.items():
            assert share.whole == one.awards
            assert (one.intervals[question] is None) is (one.awards == 0)


def test_nobody_is_compared_with_a_municipality_that_is_not_there(world_store: Store) -> None:
    with pytest.raises(NotFound):
        similar(world_store, "1234", clock)
