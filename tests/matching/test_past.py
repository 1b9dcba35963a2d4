"""Past awards count only where somebody lets them, and lists stay open then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from procmatch.matching import SupplierIndex, match_lot, policy_from
from procmatch.matching.past import opened
from procmatch.matching.records import key_of
from procmatch.matching.relevance import Award, Need
from procmatch.model.match import Match
from tests.matching.market import CODES, NOW, OTHERS, criterion, firm, lot, notice

BREAD = lot("Brød til skolene", "15811000")
BAKERIES = [firm(f"Bakeri {at} AS", "10.710", "Baker brød.") for at in range(8)]
WINNER = BAKERIES[7]
WON = [
    Award(
        need=Need(key=str(at), title="Brød til skolene", language="nb", cpv=("15811000",)),
        winners=(key_of(WINNER.organisation.id),),
    )
    for at in range(30)
]


def rank(*, past: bool) -> list[Match]:
    index = SupplierIndex.build([*BAKERIES, *OTHERS], codes=CODES, awards=WON)
    return match_lot(
        notice(BREAD), BREAD, index, now=NOW, radius_km=80, policy=policy_from({}, past_awards=past)
    )


def test_past_wins_say_nothing_by_default() -> None:
    found = rank(past=False)
    assert {one.name for one in found[0].criteria} == {
        "trade", "branch", "words", "subwords", "place", "capacity",
    }  # fmt: skip
    assert len({one.score for one in found if one.supplier_name.startswith("Bakeri")}) == 1


def test_where_they_are_let_in_they_are_a_criterion_in_sight() -> None:
    first = rank(past=True)[0]
    assert first.supplier == WINNER.organisation.id
    assert criterion(first, "neighbours").points > 0
    assert "before" in criterion(first, "neighbours").reason.text


def test_only_criteria_that_a_store_can_tell_have_a_share_of_its_scores() -> None:
    """Else no firm could reach the whole, whatever it had won."""
    policy = policy_from({}, past_awards=True)
    counted = {row.name for row in policy.rows if row.weight}
    assert counted == {one.name for one in rank(past=True)[0].criteria}
    assert counted.isdisjoint({"names", "reach"})


def test_the_others_stay_in_the_list() -> None:
    assert {one.supplier for one in rank(past=True)} == {one.supplier for one in rank(past=False)}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_an_opened_list_holds_the_same_and_gives_every_fourth_place(
    scores: list[tuple[int, int]],
) -> None:
    ranked = [(at, full, plain) for at, (full, plain) in enumerate(sorted(scores, reverse=True))]
    found = opened(ranked, lambda one: one[2])
    assert sorted(found) == ranked
    assert found[:3] == ranked[:3]
    if len(found) > 3:
        assert found[3][2] == max(one[2] for one in found[3:])
