"""How alike two municipalities are, by what registers know of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.insight.likeness import Town, likeness

OFFICES = {"62": 80, "69": 20}
FISH = {"03": 60, "10": 40}
TOWNS = st.builds(
    Town,
    employees=st.one_of(st.none(), st.integers(0, 50_000)),
    firms=st.dictionaries(st.sampled_from(("01", "03", "10", "62")), st.integers(1, 999)),
)


def test_of_the_same_size_the_one_of_the_same_trades_is_more_alike() -> None:
    here = Town(employees=700, firms=FISH)
    village, town = Town(employees=800, firms=FISH), Town(employees=700, firms=OFFICES)
    assert likeness(here, village).order < likeness(here, town).order
    assert likeness(here, town).trades == 1.0
    assert likeness(here, village).trades == 0.0


def test_twice_as_many_is_one_doubling() -> None:
    found = likeness(Town(employees=500, firms={"10": 50}), Town(employees=1000, firms={"10": 200}))
    assert (found.employees, found.firms, found.trades) == (1.0, 2.0, 0.0)


def test_whoever_less_is_known_of_comes_later_and_is_not_guessed_at() -> None:
    here = Town(employees=700, firms=FISH)
    unknown = likeness(here, Town(employees=None, firms=FISH))
    assert unknown.employees is None
    assert likeness(here, Town(employees=9_000, firms=OFFICES)).order < unknown.order


@given(TOWNS, TOWNS)
def test_it_is_the_same_from_both_sides_and_nothing_from_itself(one: Town, other: Town) -> None:
    there, back = likeness(one, other), likeness(other, one)
    assert there.order == pytest.approx(back.order)
    assert there.trades is None or 0 <= there.trades <= 1
    assert likeness(one, one).order[1] == 0
