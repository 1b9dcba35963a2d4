"""Organic food: what names it, what is never counted as a no, and goals as dated data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procmatch.insight.organic import (
    FoodKind,
    FoodRow,
    asks_for_organic,
    goals,
    is_certified,
    is_food,
    organic_share,
)
from procmatch.insight.shares import Measure
from procmatch.model.notice import AwardCriterion
from procmatch.model.organisation import Evidence
from procmatch.text.messages import LANGUAGES, say
from tests.matching.market import lot, text


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("Minst 30 % av varene skal være økologiske.", True),
        ("Ein del økologisk mjølk.", True),
        ("Debio-godkjente varer gir bedre poeng.", True),
        ("Ø-merkede varer", True),
        ("Organic milk", True),
        ("Leverandørens økologiske fotavtrykk", False),
        ("Organisering av leveransen", False),
        ("Ferskt brød hver dag.", False),
    ],
)
def test_organic_goods_are_told_from_words_that_look_like_them(said: str, asks: bool) -> None:
    assert asks_for_organic(lot("Mat", "15000000", said)) is asks


def test_an_award_criterion_may_name_it() -> None:
    criterion = AwardCriterion(name=text("Kvalitet"), description=text("Andel økologisk"))
    one = lot("Mat", "15000000")
    assert not asks_for_organic(one)
    assert asks_for_organic(type(one)(id="LOT-1", award_criteria=(criterion,)))


@pytest.mark.parametrize(
    ("code", "food"),
    [("15000000", True), ("03311000", True), ("55520000", True), ("55524000", True),
     ("03410000", False), ("90910000", False), ("39220000", False)],
)  # fmt: skip
def test_food_is_told_by_its_code(code: str, food: bool) -> None:
    assert is_food([code]) is food


def test_only_a_certificate_that_is_certainly_the_firms_counts() -> None:
    fact = Evidence(kind="organic_certificate", dimension="green", source="debio")
    unsure = Evidence(kind="organic_certificate", dimension="green", source="debio", certainty=0.8)
    other = Evidence(kind="eco_lighthouse", dimension="green", source="x")
    assert is_certified((other, fact))
    assert not is_certified((other, unsure))


def test_what_is_not_known_widens_the_share_and_is_never_a_no() -> None:
    rows = [
        FoodRow(kind=FoodKind.AWARDED, key="a", value=Decimal(100), organic=True),
        FoodRow(kind=FoodKind.AWARDED, key="b", value=Decimal(300)),
        FoodRow(kind=FoodKind.AWARDED, key="c"),
        FoodRow(kind=FoodKind.ASKED, key="d", organic=True),
    ]
    number = organic_share(rows, FoodKind.AWARDED, Measure.NUMBER)
    value = organic_share(rows, FoodKind.AWARDED, Measure.VALUE)
    assert list(map(int, (number.yes, number.no, number.unknown))) == [1, 0, 2]
    assert (value.low, value.high, value.without_value) == (0.25, 1.0, 1)


def test_goals_are_told_in_each_language_with_their_source_and_when_they_held() -> None:
    for goal in goals():
        assert len({say(goal.said, language) for language in LANGUAGES}) >= 2
        assert goal.url.startswith("https://")
        assert goal.checked
    norway = [goal for goal in goals() if say(goal.said, "en").startswith("Norway")]
    holding = [goal for goal in norway if goal.holds(date(2026, 11, 28))]
    # Since the strategy of 2018 the state has no figure.
    assert [goal.percent for goal in holding] == [None]
