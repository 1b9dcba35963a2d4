"""Limits of the law as dated data."""

import itertools
import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from procmatch.insight.rules import KINDS, Rule, every_rule, known_rules, latest_known, rule_on
from procmatch.text.messages import LANGUAGES, say


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


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: f"{rule.name}-{rule.valid_from}")
def test_every_rule_is_told_in_each_language_with_its_law(rule: Rule) -> None:
    for told in (rule.title, rule.meaning, rule.cited, rule.confirmed):
        words = [say(told, language) for language in LANGUAGES]
        assert all(words)
        assert words[0] != words[2]
    for language in LANGUAGES:
        cited = say(rule.cited, language)
        # The name of a law is not translated; what it is, is.
        assert cited.startswith(rule.law.official)
        assert rule.section in cited
        assert all(article in cited for article in rule.directive)
        assert say(rule.law.known_as, language) in cited


def test_a_rule_is_as_sure_as_its_strongest_source() -> None:
    rules = {(rule.name, rule.valid_from.year): rule for rule in every_rule()}
    assert rules["divide_or_justify", 2017].standing == "authority"
    assert rules["turnover_most_times_value", 2017].standing == "organisation"
    assert rules["act_applies", 2026].standing == "project"
    assert rules["framework_years", 2017].standing == "unverified"
    for rule in rules.values():
        assert {source.kind for source in rule.sources} <= set(KINDS)
        assert rule.checked
        # Nobody has: when somebody does, `lovdata` says when.
        assert (rule.standing == "lovdata") == (rule.lovdata is not None)


def test_what_rests_on_a_project_alone_or_has_run_out_says_what_is_uncertain() -> None:
    for rule in known_rules(date(2026, 11, 28)):
        if (rule.standing == "project" and rule.amount) or rule.valid_until:
            assert rule.note, rule.name


def test_every_source_leads_to_a_page() -> None:
    for rule in every_rule():
        assert all(source.by and source.url.startswith("https://") for source in rule.sources)


def test_of_each_name_one_rule_is_known_on_a_day() -> None:
    known = known_rules(date(2026, 11, 28))
    assert {rule.name for rule in known} == {rule.name for rule in every_rule()}
    assert len(known) == len({rule.name for rule in known})
    assert known_rules(date(1990, 1, 1)) == ()


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


def test_the_docs_tell_how_sure_the_rules_are() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "municipality.md").read_text("utf-8")
    rows = [row for row in page.splitlines() if row.startswith(("| compared", "| auth", "| assoc"))]
    rows += [row for row in page.splitlines() if row.startswith(("| an open", "| no source"))]
    held = Counter(rule.standing for rule in known_rules(date(2026, 11, 28)))
    told = [row.split("|")[2].strip() for row in rows]
    assert [0 if one == "none" else len(re.split(r"[,;] ", one)) for one in told] == [
        held[kind] for kind in KINDS
    ]
