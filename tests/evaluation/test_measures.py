from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.evaluation.calibration import calibration
from procmatch.evaluation.decisions import Decided, Point, curve, decisions
from procmatch.evaluation.intervals import mean, ratio
from procmatch.evaluation.measures import ranks, retrieval

scores = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3).map(float), max_size=8)
shares = st.floats(0, 1)


def test_a_tie_counts_against_the_system() -> None:
    found = retrieval({"right": 0.5, "wrong": 0.5, "other": 0.1}, {"right"})
    assert (found.recall_1, found.recall_10, found.reciprocal_rank) == (0.0, 1.0, 0.5)


def test_what_is_not_listed_is_missed() -> None:
    found = retrieval({"wrong": 0.5}, {"right"})
    assert (found.recall_1, found.recall_10, found.reciprocal_rank) == (0.0, 0.0, 0.0)


def test_of_several_right_ones_each_has_a_rank() -> None:
    assert ranks({"a": 0.9, "b": 0.5, "c": 0.9, "d": 0.1}, {"a", "c", "d"}) == [2, 2, 4]
    found = retrieval({"a": 0.9, "b": 0.5}, {"a", "b"})
    assert (found.recall_1, found.recall_10, found.reciprocal_rank) == (0.5, 1.0, 1.0)


@given(scores, st.sampled_from("abcdefgh"), st.sampled_from("ijk"))
def test_one_more_rival_never_helps(listed: dict[str, float], right: str, rival: str) -> None:
    more = {**listed, rival: 2.0}
    assert retrieval(more, {right}).reciprocal_rank <= retrieval(listed, {right}).reciprocal_rank


@given(scores, st.sampled_from("abcdefgh"))
def test_the_order_of_candidates_does_not_matter(listed: dict[str, float], right: str) -> None:
    assert ranks(dict(reversed(listed.items())), {right}) == ranks(listed, {right})


def test_an_interval_by_hand() -> None:
    found = ratio([1, 0, 1, 1], [1, 1, 1, 1])
    assert found.value == 0.75
    assert found.of == 4
    assert found.low is not None
    assert found.high is not None
    # Of four draws with replacement, none or one is right in one sample of twenty.
    assert found.low == pytest.approx(0.25)
    assert found.high == 1.0


def test_nothing_to_divide_has_no_value() -> None:
    found = ratio([0, 0], [0, 0])
    assert (found.value, found.low, found.high, found.of) == (None, None, None, 0.0)
    assert mean([]).value is None


def test_never_wrong_so_far_is_not_never_wrong() -> None:
    none = mean([0.0] * 40)
    assert (none.low, none.value) == (0.0, 0.0)
    assert none.high == pytest.approx(0.0881, abs=1e-4)
    every = mean([1.0] * 40)
    assert every.high == 1.0
    assert every.low == pytest.approx(1 - 0.0881, abs=1e-4)


def test_queries_of_one_organisation_are_one_witness() -> None:
    values = [1.0] * 20 + [0.0] * 20
    alone = mean(values)
    together = mean(values, [at // 10 for at in range(40)])
    assert alone.low is not None
    assert together.low is not None
    assert together.low < alone.low


@given(st.lists(st.tuples(shares, st.integers(0, 5)), min_size=1, max_size=30), st.randoms())
def test_an_interval_holds_its_value_in_any_order(
    rows: list[tuple[float, int]], dice: st.DataObject
) -> None:
    found = mean([value for value, _group in rows], [group for _value, group in rows])
    assert found.low is not None
    assert found.value is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high
    dice.shuffle(rows)  # type: ignore[attr-defined]
    assert mean([one for one, _ in rows], [str(group) for _, group in rows]) == found


def _decided(score: float, *, right: bool, group: int = 0) -> Decided:
    return Decided(said=score > 0, right=right, score=score, group=group)


def test_decisions_by_hand() -> None:
    said = [
        _decided(0.9, right=True, group=1),
        _decided(0.8, right=False, group=2),
        _decided(0.7, right=True, group=3),
        _decided(0.0, right=False, group=4),
        _decided(0.0, right=False, group=5),
    ]
    found = decisions(said)
    assert found.coverage.value == pytest.approx(3 / 5)
    assert found.precision.value == pytest.approx(2 / 3)
    assert found.recall.value == pytest.approx(2 / 5)
    assert found.f1.value == pytest.approx(2 * (2 / 3) * (2 / 5) / (2 / 3 + 2 / 5))
    assert found.wrong_of_queries.value == pytest.approx(1 / 5)
    assert found.wrong_of_answers.value == pytest.approx(1 / 3)


def test_without_any_answer_precision_is_unknown_and_recall_nil() -> None:
    found = decisions([_decided(0.0, right=False)])
    assert found.precision.value is None
    assert found.recall.value == 0.0
    assert found.f1.value == 0.0


def test_answers_of_equal_score_are_given_together() -> None:
    said = [
        _decided(0.9, right=True),
        _decided(0.5, right=False),
        _decided(0.5, right=True),
        _decided(0.0, right=False),
    ]
    assert curve(said) == [Point(0.9, 0.25, 0.0), Point(0.5, 0.75, 1 / 3)]


@given(st.lists(st.tuples(st.sampled_from((0.0, 0.3, 0.6, 1.0)), st.booleans()), max_size=20))
def test_a_curve_ends_where_all_answers_are_given(rows: list[tuple[float, bool]]) -> None:
    said = [_decided(score, right=right) for score, right in rows]
    points = curve(said)
    assert [point.threshold for point in points] == sorted(
        {score for score, _right in rows if score}, reverse=True
    )
    if points:
        assert points[-1].coverage == decisions(said).coverage.value
        assert points[-1].wrong_of_answers == decisions(said).wrong_of_answers.value
    assert curve(said[::-1]) == points


def test_calibration_by_hand() -> None:
    found = calibration([0.95, 0.91, 0.15, 1.0], [True, False, False, True])
    assert [(one.low, one.high, one.true.of) for one in found.bins] == [(0.1, 0.2, 1), (0.9, 1, 3)]
    claimed = (0.95 + 0.91 + 1.0) / 3
    assert found.error == pytest.approx((0.15 + 3 * abs(claimed - 2 / 3)) / 4)
    assert found.brier == pytest.approx((0.05**2 + 0.91**2 + 0.15**2 + 0) / 4)
    assert found.claims == 4


def test_nothing_claimed_is_neither_well_nor_ill_calibrated() -> None:
    found = calibration([], [])
    assert (found.bins, found.error, found.brier, found.claims) == ((), None, None, 0)


@given(st.lists(st.tuples(shares, st.booleans()), min_size=1, max_size=30))
def test_calibration_does_not_depend_on_order(rows: list[tuple[float, bool]]) -> None:
    there = calibration([one for one, _ in rows], [true for _, true in rows])
    back = calibration([one for one, _ in rows[::-1]], [true for _, true in rows[::-1]])
    assert there == back
    assert sum(one.true.of for one in there.bins) == len(rows)
