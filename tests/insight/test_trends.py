"""Shares over the years: every one can be counted again from the exported rows."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.insight.shares import Measure, Purchase, Question, Standing, Target
from procmatch.insight.trends import COLUMNS, Cut, exported, imported, interval, track, trends

ANSWERS = st.sampled_from((True, False, None))
PURCHASES = st.lists(
    st.builds(
        Purchase,
        key=st.text(max_size=3),
        year=st.one_of(st.none(), st.integers(2023, 2025)),
        unit=st.sampled_from(("Skole", "")),
        category=st.sampled_from(("15", "55", "")),
        supplier=st.sampled_from(("310000025", "")),
        name=st.text(max_size=8),
        value=st.one_of(st.none(), st.decimals(0, 10**9, places=2)),
        small=ANSWERS,
        local=ANSWERS,
        regional=ANSWERS,
        evidence=ANSWERS,
    ),
    max_size=20,
)


def written(rows: list[Purchase]) -> str:
    file = io.StringIO()
    table = csv.DictWriter(file, COLUMNS)
    table.writeheader()
    table.writerows(exported(rows))
    return file.getvalue()


@given(PURCHASES, st.sampled_from(Cut))
def test_every_share_is_counted_again_from_the_exported_rows(
    rows: list[Purchase], cut: Cut
) -> None:
    again = imported(csv.DictReader(io.StringIO(written(rows))))
    assert again == rows
    assert trends(again, cut) == trends(rows, cut)


@given(PURCHASES, st.sampled_from(Cut))
def test_no_purchase_is_dropped_by_any_cut(rows: list[Purchase], cut: Cut) -> None:
    found = trends(rows, cut)
    for question in Question:
        own = [one for one in found if one.question is question]
        numbers = [one for one in own if one.measure is Measure.NUMBER]
        values = [one for one in own if one.measure is Measure.VALUE]
        assert sum(one.share.whole for one in numbers) == len(rows)
        assert sum(one.purchases for one in numbers) == len(rows)
        known = [row.value for row in rows if row.value is not None]
        assert sum(one.share.whole for one in values) == sum(known)
        assert sum(one.share.without_value for one in values) == len(rows) - len(known)


@given(PURCHASES)
def test_the_interval_holds_both_bounds(rows: list[Purchase]) -> None:
    for one in trends(rows, measures=[Measure.NUMBER]):
        assert one.interval is not None
        assert one.share.low is not None
        assert one.share.high is not None
        low, high = one.interval
        assert 0 <= low <= one.share.low + 1e-9
        assert one.share.high - 1e-9 <= high <= 1


def test_few_purchases_say_less_than_many() -> None:
    def width(times: int) -> float:
        rows = [Purchase(key="x", year=2025, small=answer) for answer in (True, False)] * times
        found = interval(trends(rows)[0].share)
        assert found is not None
        return found[1] - found[0]

    assert width(1) > 2 * width(50)


def test_nothing_bought_has_no_interval() -> None:
    assert trends([]) == []


def _bought(year: int, *answers: bool | None) -> list[Purchase]:
    return [
        Purchase(key=str(at), year=year, small=answer, value=Decimal(100))
        for at, answer in enumerate(answers)
    ]


@pytest.mark.parametrize(
    ("answers", "standing"),
    [
        ((True, True, False), Standing.REACHED),
        ((False, False, False), Standing.MISSED),
        ((True, None, None), Standing.OPEN),
        ((), Standing.NOTHING),
    ],
)
def test_a_target_is_tracked_over_the_years(
    answers: tuple[bool | None, ...], standing: Standing
) -> None:
    target = Target(question=Question.SMALL, measure=Measure.VALUE, year=2025, percent=50)
    rows = _bought(2024, True, False) + _bought(2025, *answers) + _bought(2026, True)
    found = track(target, rows)
    assert found.standing is standing
    assert [year for year, _ in found.years] == ([2024, 2025] if answers else [2024])
