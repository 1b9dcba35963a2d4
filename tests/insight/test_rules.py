"""Limits of the law as dated data."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from procmatch.insight.rules import every_rule, latest_known, rule_on


def test_the_act_applies_from_a_higher_value_since_july_2026() -> None:
    before = rule_on("act_applies", date(2026, 6, 30))
    after = rule_on("act_applies", date(2026, 7, 1))
    assert before
    assert before.amount == Decimal(100_000)
    assert after
    assert after.amount == Decimal(500_000)


def test_every_change_is_seamless_on_both_sides_of_its_day() -> None:
    for rule in every_rule():
        if rule.valid_until and rule_on(rule.name, rule.valid_until + timedelta(days=1)):
            assert rule_on(rule.name, rule.valid_until) == rule
            assert rule_on(rule.name, rule.valid_until + timedelta(days=1)) != rule


def test_rules_of_one_name_never_overlap() -> None:
    rules = every_rule()
    for one, next_one in itertools.pairwise(rules):
        if one.name == next_one.name:
            assert one.valid_until is not None
            assert one.valid_until < next_one.valid_from


def test_every_rule_has_a_citation_and_says_who_states_it() -> None:
    assert all(rule.citation and rule.source for rule in every_rule())


def test_what_is_not_known_for_a_day_is_nothing_and_the_last_known_is_told_apart() -> None:
    day = date(2026, 11, 1)
    assert rule_on("eea_goods_services_local", day) is None
    last = latest_known("eea_goods_services_local", day)
    assert last
    assert last.amount == Decimal(2_300_000)
    assert latest_known("eea_works", date(2001, 1, 1)) is None


def test_an_unknown_name_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        rule_on("no_such_rule", date(2026, 1, 1))
