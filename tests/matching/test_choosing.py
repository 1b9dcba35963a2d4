"""A ranking may be narrowed or ordered by size and evidence, in sight; the scores stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procmatch.matching.choosing import Choice, chosen
from procmatch.model.match import Match
from procmatch.model.organisation import SizeClass, Supplier
from tests.matching.market import firm, lot, rank

SMALL = firm("Liten AS", "10.710", "Brød.")
LARGE = firm("Stor AS", "10.710", "Brød.", employees=900, turnover=9e9)
GREEN = firm("Grønn AS", "10.710", "Brød.", evidence=("organic_certificate",))


def sized(one: Supplier, *sizes: SizeClass) -> Supplier:
    return replace(one, sizes=sizes)


@pytest.fixture
def found() -> list[Match]:
    return rank(
        lot("Brød", "15811000"),
        sized(SMALL, SizeClass.MICRO, SizeClass.SMALL),
        sized(LARGE, SizeClass.LARGE),
        sized(GREEN, SizeClass.SMALL, SizeClass.MEDIUM),
    )


def names(found: list[Match]) -> set[str]:
    return {one.supplier_name for one in found}


def test_who_may_be_small_is_not_dropped(found: list[Match]) -> None:
    assert names(chosen(found, Choice(small=True))) == {"Liten AS", "Grønn AS"}


def test_evidence_is_asked_for_by_kind_or_dimension(found: list[Match]) -> None:
    assert names(chosen(found, Choice(evidence=("green",)))) == {"Grønn AS"}
    assert names(chosen(found, Choice(evidence=("organic_certificate",)))) == {"Grønn AS"}
    assert chosen(found, Choice(evidence=("social",))) == []


def test_an_order_by_evidence_changes_no_score(found: list[Match]) -> None:
    ordered = chosen(found, Choice(by_evidence=True))
    assert ordered[0].supplier_name == "Grønn AS"
    assert {one.supplier_name: one.score for one in ordered} == {
        one.supplier_name: one.score for one in found
    }


def test_who_asks_for_nothing_gets_the_ranking_as_it_is(found: list[Match]) -> None:
    assert chosen(found, Choice()) == found
