"""Shares with their denominators; what is unknown is never dropped."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procmatch.insight.shares import (
    Measure,
    Purchase,
    Question,
    Standing,
    Target,
    share,
    shares,
    stands,
)

PURCHASES = st.lists(
    st.builds(
        Purchase,
        key=st.text(max_size=3),
        year=st.integers(2023, 2025),
        value=st.one_of(st.none(), st.integers(0, 10**9).map(Decimal)),
        small=st.sampled_from([True, False, None]),
    ),
    max_size=30,
)


def _row(*, year: int = 2025, value: int | None = None, small: bool | None = None) -> Purchase:
    amount = None if value is None else Decimal(value)
    return Purchase(key="x", year=year, value=amount, small=small)


@given(PURCHASES, st.sampled_from(list(Measure)))
def test_every_purchase_stands_on_one_side_of_the_whole(
    rows: list[Purchase], measure: Measure
) -> None:
    found = share(rows, Question.SMALL, measure)
    if measure is Measure.NUMBER:
        assert found.whole == len(rows)
        assert found.without_value == 0
    else:
        assert found.whole == sum((row.value for row in rows if row.value is not None), Decimal(0))
        assert found.without_value == sum(row.value is None for row in rows)


@given(PURCHASES)
def test_the_known_share_lies_between_the_bounds(rows: list[Purchase]) -> None:
    found = share(rows, Question.SMALL, Measure.NUMBER)
    if found.of_known is not None and found.low is not None and found.high is not None:
        assert found.low - 1e-12 <= found.of_known <= found.high + 1e-12


@given(PURCHASES)
def test_groups_add_up_to_the_whole(rows: list[Purchase]) -> None:
    by_year = shares(rows, Question.SMALL, Measure.VALUE, lambda row: row.year)
    assert (
        sum(one.yes for one in by_year.values()) == share(rows, Question.SMALL, Measure.VALUE).yes
    )


def test_nothing_to_divide_is_no_share() -> None:
    found = share([], Question.LOCAL, Measure.NUMBER)
    assert (found.low, found.high, found.of_known) == (None, None, None)


def test_a_target_stays_open_while_unknown_purchases_decide_it() -> None:
    target = Target(question=Question.SMALL, measure=Measure.NUMBER, year=2025, percent=50)
    half_known = [_row(small=True), _row(small=None), _row(small=False)]
    assert stands(target, half_known)[0] is Standing.OPEN
    assert stands(target, [_row(small=True), _row(small=True)])[0] is Standing.REACHED
    assert stands(target, [_row(small=False), _row(small=False)])[0] is Standing.MISSED
    assert stands(target, [_row(small=True, year=2024)])[0] is Standing.NOTHING
