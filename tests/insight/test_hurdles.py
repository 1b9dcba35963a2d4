"""Leave one out: what each requirement of a lot does to the firms nearby."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procmatch.insight.hurdles import LotHurdles, is_unread
from procmatch.model.notice import Lot, SelectionCriterion
from procmatch.model.organisation import Supplier
from procmatch.text.messages import LANGUAGES, say
from procmatch.workflows.lot_hurdles import hurdles_in
from tests.insight.test_what_if import market
from tests.matching.market import NOW, TROMSO, firm, lot, notice, text

BAKER = firm("Bakeren AS", "10.710", "Baking av brød.", turnover=3e6, employees=5, in_group=False)
LARGE = firm("Fabrikken AS", "10.710", "Brødfabrikk.", turnover=4e9, employees=900, in_group=False)
UNKNOWN = firm("Nybakt AS", "10.710", "Baking av brød.", employees=2)
FAR = firm("Nordbakeren AS", "10.710", "Brød.", at=TROMSO, turnover=4e6)
CLEANER = firm("Renhold AS", "81.210", "Renhold.", turnover=4e6)
TURNOVER = "Leverandøren skal ha en årlig omsetning på minst 10 000 000 kroner."
GUARANTEE = "Leverandøren skal stille bankgaranti."
BREAD = lot("Brød", "15811000", asks=(TURNOVER,), value=2_000_000)


def ask(one: Lot, *firms: Supplier) -> LotHurdles:
    (found,) = hurdles_in(market(*firms), notice(one), clock=lambda: NOW)
    return found


def test_firms_of_other_trades_and_places_are_not_kept_out_by_a_requirement() -> None:
    found = ask(BREAD, BAKER, LARGE, FAR, CLEANER)
    assert (found.fitting, found.fitting_small) == (2, 1)
    assert (found.free, found.free_small) == (1, 0)


def test_who_is_known_to_miss_it_and_who_may_are_counted_apart() -> None:
    (turnover,) = ask(BREAD, BAKER, LARGE, UNKNOWN).effects
    assert (turnover.stopped, turnover.left_open, turnover.to_show) == (1, 1, 0)
    assert (turnover.alone, turnover.alone_small) == (2, 2)


def test_where_two_requirements_stop_a_firm_neither_does_alone() -> None:
    both = lot("Brød", "15811000", asks=(TURNOVER, GUARANTEE), value=2_000_000)
    effects = {one.kind: one for one in ask(both, BAKER).effects}
    assert effects["turnover"].stopped == effects["guarantee"].left_open == 1
    assert [one.alone for one in effects.values()] == [0, 0]


def test_leaving_one_out_frees_as_many_as_it_keeps_out_alone() -> None:
    with_it = ask(BREAD, BAKER, LARGE, UNKNOWN)
    without = ask(replace(BREAD, selection_criteria=()), BAKER, LARGE, UNKNOWN)
    assert without.free == with_it.free + with_it.effects[0].alone
    assert without.effects == ()


def test_a_turnover_of_five_times_the_value_is_out_of_proportion() -> None:
    told = ask(BREAD, BAKER).effects[0].proportion
    assert told is not None
    assert told.out
    assert told.rule is not None
    assert "§ 16-3" in told.rule.section
    assert "5.0 times" in say(told.said, "en")


def test_a_turnover_of_twice_the_value_is_not() -> None:
    (effect,) = ask(replace(BREAD, value=lot(value=5_000_000).value), BAKER).effects
    assert effect.proportion is None


def test_without_a_value_nobody_can_tell() -> None:
    told = ask(replace(BREAD, value=None), BAKER).effects[0].proportion
    assert told is not None
    assert not told.out


def test_a_certificate_is_worth_another_look_in_each_language() -> None:
    one = lot("Brød", "15811000", asks=("Leverandøren skal være sertifisert etter ISO 9001.",))
    told = ask(one, BAKER).effects[0].proportion
    assert told is not None
    assert len({say(told.said, language) for language in LANGUAGES}) == 3


def test_a_lot_too_large_for_all_is_told_beside_the_requirements() -> None:
    effects = ask(lot("Brød", "15811000", value=400_000_000), BAKER).effects
    assert [(one.kind, one.requirement, one.alone) for one in effects] == [("capacity", None, 1)]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ((), True),
        ((SelectionCriterion(description=text("Se konkurransegrunnlaget.")),), True),
        ((SelectionCriterion(source="epo-procurement-document"),), True),
        ((SelectionCriterion(description=text("Tre referanser.")),), False),
    ],
)
def test_criteria_in_documents_are_said_to_be_there(
    criteria: tuple[SelectionCriterion, ...], expected: bool
) -> None:
    assert is_unread(lot("Brød", "15811000", criteria=criteria)) is expected
