"""A register that changes: who is new, changed or gone, without laying it out anew.

What is known of words, letters and learned trades stays that of the register as it was built: a
firm that did not change keeps its score, and a firm that comes back gets the one it had.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.matching.index import FirmIndex
from procmatch.matching.relevance import POLICY, Firm, Need
from tests.matching_index.market import firms, needs

NEAR = 1e-6
#: Criteria that depend on nothing but the firm and the need.
ITS_OWN = ("trade", "place", "capacity")


def scores(index: FirmIndex, need: Need) -> dict[str, float]:
    return {hit.key: hit.score for hit in index.search([need])[0]}


@given(firms(least=2), st.data(), needs())
def test_after_a_change_those_are_listed_that_a_new_register_lists(
    market: list[Firm], data: st.DataObject, need: Need
) -> None:
    first = market[: len(market) // 2]
    changed = data.draw(st.lists(st.sampled_from(market), unique=True).map(list))
    changed = [replace(one, text=f"{one.text} brød", turnover=1e6) for one in changed]
    gone = data.draw(st.lists(st.sampled_from([one.key for one in market]), unique=True))
    index = FirmIndex.build(first).update(changed, gone)
    kept = {one.key: one for one in first if one.key not in gone}
    now = kept | {one.key: one for one in changed}
    new = FirmIndex.build(now.values())
    assert scores(index, need).keys() == scores(new, need).keys()
    assert {key for key in (*gone, *now) if key in index} == set(now)
    assert len(index) == len(now)
    for name in ITS_OWN:
        alone = POLICY.without(row.name for row in POLICY.rows if row.name != name)
        one, other = (each.search([need], policy=alone)[0] for each in (index, new))
        assert [hit.key for hit in one] == [hit.key for hit in other]
        assert [hit.score for hit in one] == pytest.approx([hit.score for hit in other], abs=NEAR)


@given(firms(least=1), st.data(), needs())
def test_a_firm_given_again_as_it_was_keeps_its_score(
    market: list[Firm], data: st.DataObject, need: Need
) -> None:
    index = FirmIndex.build(market)
    again = data.draw(st.lists(st.sampled_from(market), unique=True))
    assert scores(index.update(again), need) == pytest.approx(scores(index, need), abs=NEAR)


@given(firms(least=1), st.data(), needs())
def test_a_firm_that_comes_back_is_as_it_was(
    market: list[Firm], data: st.DataObject, need: Need
) -> None:
    index = FirmIndex.build(market)
    away = data.draw(st.lists(st.sampled_from(market), unique=True))
    without = index.update([], [one.key for one in away])
    assert not {one.key for one in away} & scores(without, need).keys()
    assert not any(one.key in without for one in away)
    assert scores(without.update(away), need) == pytest.approx(scores(index, need), abs=NEAR)


@given(firms(least=2), needs())
def test_a_change_of_others_changes_no_score(market: list[Firm], need: Need) -> None:
    index = FirmIndex.build(market[1:])
    before = scores(index, need)
    after = scores(index.update([market[0]]), need)
    assert before.items() <= after.items()


@given(firms(least=1), needs())
def test_an_index_is_not_touched_by_its_update(market: list[Firm], need: Need) -> None:
    index = FirmIndex.build(market)
    before = scores(index, need)
    index.update([replace(market[0], name="Ny brød")], [one.key for one in market[1:]])
    assert scores(index, need) == before


@given(firms(least=1), needs())
def test_points_are_found_wherever_a_firm_stands(market: list[Firm], need: Need) -> None:
    index = FirmIndex.build(market)
    keys = [one.key for one in market]
    moved = index.update(market[: len(market) // 2])
    after = moved.points(need, keys)
    for name, values in index.points(need, keys).items():
        assert values == pytest.approx(after[name], abs=NEAR)


def test_who_is_changed_and_gone_at_once_is_there() -> None:
    one = Firm(key="1", name="En")
    assert "1" in FirmIndex.build([one]).update([one], ["1"])


def test_a_firm_may_be_shut_out_and_let_in_again() -> None:
    one, need = Firm(key="1", name="En"), Need(key="")
    index = FirmIndex.build([one])
    shut = index.update([replace(one, blocked=True)])
    assert "1" in shut
    assert shut.search([need]) == [[]]
    assert shut.update([one]).search([need]) == index.search([need])


def test_strangers_that_go_change_nothing() -> None:
    index = FirmIndex.build([Firm(key="1", name="En")])
    assert len(index.update([], ["2"])) == 1


def test_words_that_nobody_had_are_found_after_a_change() -> None:
    index = FirmIndex.build([Firm(key=str(at), name=f"Nr {at}") for at in range(5)])
    new = Firm(key="9", name="Kålrotbua", text="kålrot", language="nb")
    found = index.update([new]).search([Need(key="", title="kålrot", language="nb")])[0]
    assert found[0].key == "9"
    need = Need(key="", title="kålrot", language="nb")
    assert index.update([new]).points(need, ["9"])["words"][0] > 0
