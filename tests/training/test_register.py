from __future__ import annotations

from collections import Counter

import pytest

from procmatch.codes import builtin
from procmatch.codes.orgnr import is_synthetic, is_valid
from procmatch.model.organisation import OrgStatus
from training.linkage.dice import spots, trades, words
from training.linkage.register import Unit, make

SIZE = 3_000


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return make(SIZE, seed=5)


def test_a_seed_gives_one_register(units: list[Unit]) -> None:
    assert make(SIZE, seed=5) == units
    other = make(SIZE, seed=6)
    assert [one.organisation.name for one in other] != [one.organisation.name for one in units]


def test_there_are_as_many_units_as_asked_for(units: list[Unit]) -> None:
    assert len(units) == SIZE
    assert len(make(17)) == 17


def test_numbers_are_valid_for_tests_only_and_used_once(units: list[Unit]) -> None:
    numbers = [one.organisation.id.number for one in units]
    numbers += [part.number for one in units for part in one.organisation.establishments]
    assert all(is_valid(number) and is_synthetic(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_every_sort_of_name_occurs(units: list[Unit]) -> None:
    kinds = Counter(one.kind for one in units)
    assert set(kinds) == {
        *("trader", "local", "natural", "coined", "family", "person", "farm", "foreign", "housing"),
        *("chain", "holding", "group", "twin", "moved", "civil", "municipality", "part"),
    }
    forms = Counter(one.organisation.legal_form for one in units)
    assert forms.most_common(1)[0][0] == "AS"
    assert {"ENK", "KOMM", "ORGL", "SA", "STI", "FLI", "NUF", "DA", "ANS"} <= set(forms)


def test_the_register_holds_what_makes_linkage_hard(units: list[Unit]) -> None:
    names = Counter(one.organisation.name for one in units)
    assert any(count > 1 for count in names.values())
    assert any(one.organisation.former_names for one in units)
    assert any(one.organisation.status is OrgStatus.DELETED for one in units)
    assert any(len(one.organisation.establishments) > 1 for one in units)


def test_towns_lie_in_real_municipalities() -> None:
    known = builtin().places.municipalities
    for spot in spots():
        assert spot.municipality in known, spot
        assert len(spot.postcode) == 4
        assert spot.postcode.isdecimal()
        assert spot.town == spot.town.strip() != ""


def test_lists_of_words_are_long_and_hold_each_word_once() -> None:
    assert len(words("surnames")) >= 300
    assert len(words("farms")) >= 200
    assert len(trades()) >= 100
    assert len({one.nb for one in trades()}) == len(trades())
