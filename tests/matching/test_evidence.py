"""What is known of a supplier is said beside a match, and proves what it proves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procmatch.model.organisation import Evidence, Supplier
from procmatch.text.messages import say
from tests.matching.market import NOW, firm, lot, rank

TODAY = NOW.date()
LOT = lot("Brød", "15811000")


def said(*facts: Evidence, language: str = "en") -> list[str]:
    baker: Supplier = replace(firm("Kokk AS", "10.710", "Brød."), evidence=facts)
    (match,) = rank(LOT, baker)
    return [say(one, language) for one in match.evidence]


def fact(kind: str = "eco_lighthouse", **more: object) -> Evidence:
    return Evidence(kind=kind, dimension="green", source="Liste", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", "Miljøfyrtårn, gjelder til 2028-12-31 (Liste)."),
        ("nn", "Miljøfyrtårn, gjeld til 2028-12-31 (Liste)."),
        ("en", "Eco-Lighthouse, holds until 2028-12-31 (Liste)."),
    ],
)
def test_a_fact_is_said_in_each_language(language: str, expected: str) -> None:
    end = TODAY.replace(year=2028, month=12, day=31)
    assert said(fact(valid_to=end), language=language) == [expected]


def test_what_is_unsure_is_said_to_be() -> None:
    assert said(fact(certainty=0.8, tied_by="name"))[0].startswith("Possibly Eco-Lighthouse")
    declared = said(fact(certainty=0.8, tied_by="declared"))
    assert declared == ["Eco-Lighthouse: the firm says so itself (Liste)."]


def test_the_publisher_is_named_for_its_own_list() -> None:
    own = replace(fact("cleaning_register"), source="renhold")
    assert said(own) == ["Approved cleaning firm (Arbeidstilsynet)."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("total_karakter 0", "inspected 2025-02-03: smile (no breach was found) (Liste)."),
        ("total_karakter 3", "inspected 2025-02-03: frown (serious breaches) (Liste)."),
        # 5: not assessed. A file of somebody's own may say anything.
        ("total_karakter 5", "Registered with the Food Safety Authority (Liste)."),
        ("kjempefint", "Registered with the Food Safety Authority (Liste)."),
    ],
)
def test_the_grade_of_a_food_inspection_is_said_in_words(text: str, expected: str) -> None:
    seen = fact("food_inspection", text=text, valid_from=date(2025, 2, 3))
    (told,) = said(seen)
    assert told.endswith(expected)
    assert "total_karakter" not in told


def test_what_is_sure_comes_first_and_needs_no_guess_beside_it() -> None:
    facts = (
        fact("iso_14001", certainty=0.8),
        fact("iso_14001", valid_to=TODAY),
        fact("iso_14001"),
        fact("cooperative"),
    )
    assert said(*facts) == ["Cooperative (Liste).", "ISO 14001 (Liste)."]


def test_what_ended_or_has_not_begun_is_not_said() -> None:
    day = timedelta(days=1)
    assert said(fact(valid_to=TODAY - day), fact("emas", valid_from=TODAY + day)) == []


def test_a_kind_of_another_version_is_said_by_its_own_name() -> None:
    assert said(fact("moon_label")) == ["moon_label (Liste)."]
