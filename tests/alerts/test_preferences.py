"""What a subscriber's own words do to the ranking: stated, at once, and undone with them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from procmatch.alerts.preferences import LEAST, MOST, RULE, lift, with_lift
from procmatch.alerts.wishes import Offer
from procmatch.model.subscription import Feedback, Unfit
from tests.alerts.news import NOW, kroner, lot, match, notice, subscription

LOT = lot(cpv_main="15811000")
OFFER = Offer(notice=notice(LOT), lot=LOT, places=frozenset({"3203"}))
MATCH = match(OFFER.notice, LOT, hurdle=True)


def judged(*, fits: bool = False, why: Unfit | None = None, **changes: object) -> Feedback:
    made = Feedback(
        procedure="p",
        notice="2026-1",
        fits=fits,
        why=why,
        cpv=("15812000",),
        value=Decimal(850_000),
        places=("3203", "3205"),
        hurdles=("turnover",),
        at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "row"),
    [
        (judged(fits=True), "fits"),
        (judged(), "unfit"),
        (judged(why=Unfit.WRONG_TRADE), "wrong-trade"),
        (judged(why=Unfit.TOO_BIG), "too-big"),
        (judged(why=Unfit.TOO_FAR), "too-far"),
        (judged(why=Unfit.REQUIREMENTS), "requirements"),
    ],
)
def test_a_judgement_moves_lots_that_are_like_it_and_says_so(one: Feedback, row: str) -> None:
    moved = lift(subscription(), [one], OFFER, MATCH)
    assert moved.points == RULE[row].points
    assert [message.text for message in moved.said] == [RULE[row].said]


@pytest.mark.parametrize(
    "one",
    [
        judged(fits=True, cpv=("90910000",)),
        judged(cpv=()),
        judged(why=Unfit.WRONG_TRADE, cpv=("15500000",)),
        judged(why=Unfit.TOO_BIG, value=Decimal(900_000)),
        judged(why=Unfit.TOO_BIG, value=None),
        judged(why=Unfit.TOO_FAR, places=("1103",)),
        judged(why=Unfit.REQUIREMENTS, hurdles=("reserved",)),
    ],
)
def test_a_judgement_leaves_lots_alone_that_are_not_like_it(one: Feedback) -> None:
    assert lift(subscription(), [one], OFFER, MATCH).points == 0


def test_a_lot_whose_place_is_not_known_is_not_too_far() -> None:
    unknown = replace(OFFER, places=frozenset())
    assert lift(subscription(), [judged(why=Unfit.TOO_FAR)], unknown).points == 0


def test_the_same_reason_counts_once_and_all_together_no_more_than_the_limit() -> None:
    trade = judged(why=Unfit.WRONG_TRADE)
    assert lift(subscription(), [trade, trade], OFFER, MATCH).points == -0.25
    every = [judged(why=why) for why in (None, *Unfit)]
    assert lift(subscription(), every, OFFER, MATCH).points == LEAST


def test_what_is_delivered_lifts_and_what_is_not_lowers() -> None:
    assert lift(subscription(cpv=("158",)), [], OFFER).points == RULE["wished"].points
    assert lift(subscription(words=("brød",)), [], OFFER).points == RULE["wished"].points
    assert lift(subscription(cpv=("90",)), [], OFFER).points == RULE["outside"].points
    assert lift(subscription(), [], OFFER).points == 0
    assert lift(subscription(org=None, cpv=("90",)), [], OFFER).points == 0, "a search is exact"


def test_a_score_stays_within_its_bounds() -> None:
    up = lift(subscription(cpv=("158",)), [judged(fits=True)], OFFER)
    assert up.points == MOST
    assert with_lift(replace(MATCH, score=0.95), up).score == 1.0
    down = lift(subscription(), [judged(why=why) for why in Unfit], OFFER, MATCH)
    assert with_lift(replace(MATCH, score=0.2), down).score == 0.0


def test_other_currencies_and_unknown_values_are_not_too_big() -> None:
    foreign = replace(LOT, value=replace(kroner(10**9), currency="EUR"))
    offer = Offer(notice=notice(foreign), lot=foreign)
    assert lift(subscription(), [judged(why=Unfit.TOO_BIG)], offer).points == 0


def test_the_rule_stands_in_the_documentation_as_it_is() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "subscribing.md").read_text("utf-8")
    for name, row in RULE.items():
        assert f"| {name} | {row.points:+.2f} |" in text
