"""A person's decisions win over the linker, and only for what was printed alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.linkage import Linker, candidates_left, link_decided, rulings_of
from procmatch.linkage.decisions import is_overruled
from procmatch.model.label import KEY, Decision, Label, Printed
from procmatch.model.organisation import Organisation
from tests.linkage.register import BAKER, HOLDING, REGISTER, TWIN_BERGEN, TWIN_OSLO

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TWIN = Printed(name="Nordlys Renhold AS")
BAKERY = Printed(name="Elvebakken Bakeri AS", number=BAKER.id.number, place="Oslo")


def label(printed: Printed, decision: Decision, unit: Organisation | None = None) -> Label:
    return Label(
        key=printed.key,
        printed=printed,
        decision=decision,
        org=unit.id if unit else None,
        name=unit.name if unit else "",
        decided_at=NOW,
        source="test",
    )


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker.build(REGISTER)


def test_without_decisions_the_linker_answers(linker: Linker) -> None:
    assert link_decided(linker, [BAKERY, TWIN], {}) == [
        linker.link(BAKERY.name, number=BAKERY.number, place=BAKERY.place),
        linker.link(TWIN.name),
    ]


def test_yes_makes_the_link_certain(linker: Linker) -> None:
    rulings = rulings_of([label(TWIN, Decision.SAME, TWIN_BERGEN)])
    (linked,) = link_decided(linker, [TWIN], rulings)
    assert linked is not None
    assert (linked.org, linked.name) == (TWIN_BERGEN.id, TWIN_BERGEN.name)
    assert (linked.certain, linked.score, linked.method) == (True, 1.0, "decided")


def test_nobody_holds_even_against_a_number_and_name_that_agree(linker: Linker) -> None:
    rulings = rulings_of([label(BAKERY, Decision.NOBODY)])
    assert link_decided(linker, [BAKERY, TWIN], rulings) == [None, linker.link(TWIN.name)]


def test_no_to_one_of_two_namesakes_leaves_the_other_for_a_person(linker: Linker) -> None:
    assert linker.link(TWIN.name) is None
    rulings = rulings_of([label(TWIN, Decision.NOT_SAME, TWIN_OSLO)])
    (linked,) = link_decided(linker, [TWIN], rulings)
    assert linked is not None
    assert (linked.org, linked.certain) == (TWIN_BERGEN.id, False)
    assert ("decided", "a likelier unit was excluded by a person") in linked.criteria
    (left,) = candidates_left(linker, [TWIN], rulings, limit=5)
    assert TWIN_OSLO.id not in {one.org for one in left}


def test_no_to_a_runner_up_changes_nothing_else(linker: Linker) -> None:
    plain = linker.link(BAKERY.name, number=BAKERY.number, place=BAKERY.place)
    assert plain is not None
    assert plain.runner_up is not None
    assert plain.runner_up[0] == HOLDING.id
    rulings = rulings_of([label(BAKERY, Decision.NOT_SAME, HOLDING)])
    assert link_decided(linker, [BAKERY], rulings) == [replace(plain, runner_up=None)]


def test_of_two_final_answers_the_last_counts() -> None:
    both = [label(TWIN, Decision.SAME, TWIN_OSLO), label(TWIN, Decision.NOBODY)]
    assert rulings_of(both)[TWIN.key].nobody
    assert rulings_of(both[::-1])[TWIN.key].same == TWIN_OSLO.id
    taken_back = [both[0], label(TWIN, Decision.NOT_SAME, TWIN_OSLO)]
    assert not rulings_of(taken_back)[TWIN.key].is_final


@pytest.mark.parametrize(
    ("decided", "method", "overruled"),
    [
        ([], "name", False),
        ([], "decided", True),
        ([(Decision.SAME, BAKER)], "decided", False),
        ([(Decision.SAME, BAKER)], "number+name", False),
        ([(Decision.SAME, HOLDING)], "number+name", True),
        ([(Decision.NOBODY, None)], "number+name", True),
        ([(Decision.NOT_SAME, BAKER)], "number+name", True),
        ([(Decision.NOT_SAME, HOLDING)], "number+name", False),
    ],
)
def test_when_a_certain_link_is_overruled(
    decided: list[tuple[Decision, Organisation | None]], method: str, overruled: bool
) -> None:
    rulings = rulings_of(label(BAKERY, decision, unit) for decision, unit in decided)
    assert is_overruled(BAKERY, BAKER.id, method, rulings) is overruled


def test_the_key_knows_no_case_space_or_punctuation() -> None:
    same = Printed(name=" elvebakken  BAKERI, AS.", number=f"NO {BAKER.id.number}", place="OSLO")
    assert same.key != BAKERY.key  # "NO" was printed: another question
    assert replace(same, number=f" {BAKER.id.number} ").key == BAKERY.key
    assert replace(same, number=None).key != replace(same, place=None).key
    assert Printed(name="A", place="B").key != Printed(name="A", street="B").key


@given(st.builds(Printed, name=st.text(), number=st.none() | st.text(), place=st.text()))
def test_every_party_has_a_key(printed: Printed) -> None:
    assert KEY.fullmatch(printed.key)
