"""Size class: by the EU definition, by Norwegian habit, and how the unknown widens the answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.matching.size import (
    may_be,
    norwegian_size,
    size_class,
    size_classes,
    size_said,
)
from procmatch.model.organisation import Accounts, SizeClass, Supplier
from procmatch.text.messages import say
from tests.matching.market import firm

MICRO, SMALL, MEDIUM, LARGE = (
    SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM, SizeClass.LARGE,
)  # fmt: skip
ORDER = (MICRO, SMALL, MEDIUM, LARGE)


def money(turnover: float | None, balance: float | None, *, group: bool = False) -> Accounts:
    """Accounts in million NOK; a euro is about 11.7."""
    return Accounts(
        year=2025,
        turnover=None if turnover is None else Decimal(str(turnover * 1e6)),
        balance=None if balance is None else Decimal(str(balance * 1e6)),
        group=group,
    )


def bidder(*accounts: Accounts, **facts: object) -> Supplier:
    return replace(firm("X AS", **facts), accounts=accounts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("staff", "turnover", "balance", "expected"),
    [
        (3, 5, 5, MICRO),
        (9, 15, 10, MICRO),
        (9, 40, 40, SMALL),
        (49, 100, 200, SMALL),
        (49, 200, 200, MEDIUM),
        (249, 700, 400, MEDIUM),
        (250, 1, 1, LARGE),
        (5, 900, 900, LARGE),
    ],
)
def test_a_firm_alone_of_which_all_is_known_has_one_class(
    staff: int, turnover: float, balance: float, expected: SizeClass
) -> None:
    one = bidder(money(turnover, balance), employees=staff, in_group=False)
    size, inputs = size_class(one)
    assert (size, size_classes(one)) == (expected, (expected,))
    assert [name for name, _ in inputs] == ["employees", "turnover", "balance", "group", "owner"]


@pytest.mark.parametrize(
    ("one", "likeliest", "possible"),
    [
        # Money unknown: any; a small firm may turn over much.
        (bidder(employees=3, in_group=False), MICRO, ORDER),
        # Of turnover and balance the kinder counts: one that is low is enough.
        (bidder(money(5, None), employees=3, in_group=False), MICRO, (MICRO,)),
        (bidder(money(60, None), employees=3, in_group=False), SMALL, (MICRO, SMALL)),
        # Staff unknown.
        (bidder(money(5, 5), in_group=False), SizeClass.UNKNOWN, ORDER),
        (bidder(money(900, 900)), SizeClass.UNKNOWN, (LARGE,)),
        # In a group, or nobody says: others' staff and money may have to be counted.
        (bidder(money(5, 5), employees=3, in_group=True), MICRO, ORDER),
        (bidder(money(5, 5), employees=3), MICRO, ORDER),
        (bidder(money(5, 5), employees=60, in_group=True), MEDIUM, (MEDIUM, LARGE)),
        # The group's own accounts count before the firm's.
        (bidder(money(5, 5), money(900, 900, group=True), employees=3), LARGE, (LARGE,)),
        # Publicly owned firms are no SME, save for small municipalities.
        (bidder(money(5, 5), employees=60, in_group=False, sector="1520"), MEDIUM, (MEDIUM, LARGE)),
        # Hidden staff is one to four.
        (bidder(money(5, 5), has_employees=True, in_group=False), MICRO, (MICRO,)),
        (bidder(money(5, 5), has_employees=False, in_group=False), MICRO, (MICRO,)),
        (bidder(), SizeClass.UNKNOWN, ORDER),
        # A currency without a rate is as good as unknown.
        (bidder(replace(money(5, 5), currency="USD"), employees=3, in_group=False), MICRO, ORDER),
    ],
)
def test_what_is_unknown_widens_the_answer(
    one: Supplier, likeliest: SizeClass, possible: tuple[SizeClass, ...]
) -> None:
    assert (size_class(one)[0], size_classes(one)) == (likeliest, possible)


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"employees": 7}, "7"),
        ({"has_employees": True}, "1-4"),
        ({"has_employees": False}, "none registered"),
        ({}, "unknown"),
    ],
)
def test_each_input_is_named_with_what_is_known(facts: dict[str, object], shown: str) -> None:
    inputs = dict(size_class(bidder(**facts))[1])
    assert inputs["employees"] == shown
    assert (inputs["turnover"], inputs["group"]) == ("unknown", "unknown")


def test_a_short_first_year_is_scaled_to_twelve_months() -> None:
    half = replace(money(15, 30), months=6)
    size, inputs = size_class(bidder(half, employees=9))
    assert (size, dict(inputs)["turnover"]) == (SMALL, "2.6 million euro")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"employees": 1}, (SMALL,)),
        ({"employees": 20}, (SMALL,)),
        ({"employees": 21}, (MEDIUM,)),
        ({"employees": 100}, (MEDIUM,)),
        ({"employees": 101}, (LARGE,)),
        ({"has_employees": True}, (SMALL,)),
        ({}, (SMALL, MEDIUM, LARGE)),
    ],
)
def test_by_norwegian_habit_staff_alone_decides(
    facts: dict[str, object], expected: tuple[SizeClass, ...]
) -> None:
    assert norwegian_size(bidder(**facts)) == expected


def test_a_firm_that_may_be_small_is_not_dropped() -> None:
    unknown, large = bidder(), bidder(money(900, 900), employees=300)
    assert may_be(unknown, {MICRO, SMALL})
    assert not may_be(large, {MICRO, SMALL})


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (bidder(money(5, 5), employees=3, in_group=False), "Størrelse: mikroforetak."),
        (bidder(), "Størrelse: ikke kjent."),
        (bidder(money(200, 200)), "Størrelse: minst mellomstort foretak; ikke alt"),
        (bidder(employees=3), "Størrelse: mikroforetak etter det som er kjent; det som ikke"),
    ],
)
def test_the_class_is_said_with_what_is_not_known(one: Supplier, said: str) -> None:
    dressed = replace(one, size=size_class(one)[0], sizes=size_classes(one))
    assert say(size_said(dressed), "nb").startswith(said)


sums = st.one_of(st.none(), st.floats(0, 2_000))
firms = st.builds(
    lambda staff, hidden, turnover, balance, group: bidder(
        *([money(turnover, balance)] if turnover is not None else []),
        employees=staff, has_employees=hidden, in_group=group,
    ),
    staff=st.one_of(st.none(), st.integers(0, 600)),
    hidden=st.one_of(st.none(), st.just(True)),
    turnover=sums, balance=sums, group=st.sampled_from([True, False, None]),
)  # fmt: skip


@given(one=firms)
def test_the_likeliest_class_is_always_possible(one: Supplier) -> None:
    size, possible = size_class(one)[0], size_classes(one)
    assert possible
    assert size is SizeClass.UNKNOWN or size in possible


@given(one=firms, staff=st.integers(0, 600), turnover=st.floats(0, 2_000))
def test_learning_more_never_adds_a_class(one: Supplier, staff: int, turnover: float) -> None:
    before = set(size_classes(one))
    unit = one.organisation
    if unit.employees is None and not unit.has_employees:
        one = replace(one, organisation=replace(unit, employees=staff))
        assert set(size_classes(one)) <= before
    if not one.accounts:
        one = replace(one, accounts=(money(turnover, None),))
        assert set(size_classes(one)) <= before
    if unit.in_group is None:
        alone = replace(one, organisation=replace(one.organisation, in_group=False))
        assert set(size_classes(alone)) <= before
