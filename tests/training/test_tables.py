from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from procmatch.text.normalise import ascii_key
from training.linkage.tables import HARD, PAIRS, SAME, HandPair, read, register_of

TABLES = {
    *("parent_child", "holding_daughter", "same_name_two_places", "moved_to_new_number"),
    *("establishment_or_unit", "municipality_parts"),
}


def keys(pair: HandPair) -> tuple[str, str]:
    return ascii_key(pair.register_name), ascii_key(pair.printed_name)


@pytest.mark.parametrize("folder", [PAIRS, HARD])
def test_every_row_says_what_it_must(folder: Path) -> None:
    pairs = list(read(folder))
    for pair in pairs:
        said = (pair.register_name, pair.register_place, pair.printed_name, pair.why)
        assert all(text and text == text.strip() for text in said), pair
        assert pair.same in SAME, pair
    rows = [(pair.table, pair.unit, pair.printed_name, pair.printed_place) for pair in pairs]
    assert not [row for row, count in Counter(rows).items() if count > 1]


def test_there_are_enough_pairs_of_both_sorts() -> None:
    pairs = list(read(PAIRS))
    assert len(pairs) >= 300
    assert {"yes", "no"} <= {pair.same for pair in pairs}


def test_the_hard_tables_are_those_that_are_reported() -> None:
    counts = Counter(pair.table for pair in read(HARD))
    assert set(counts) == TABLES
    assert min(counts.values()) >= 25


def test_no_hard_pair_is_learned_from() -> None:
    learned = list(read(PAIRS))
    assert not {keys(pair) for pair in learned} & {keys(pair) for pair in read(HARD)}
    assert not {pair.unit for pair in learned} & {pair.unit for pair in read(HARD)}


def test_a_printed_name_means_one_unit_of_a_table() -> None:
    for folder in (PAIRS, HARD):
        meant: dict[tuple[str, str, str], tuple[str, str]] = {}
        for pair in read(folder):
            if pair.same == "yes":
                key = (pair.table, pair.printed_name, pair.printed_place)
                assert meant.setdefault(key, pair.unit) == pair.unit, pair


def test_units_of_a_table_have_numbers_of_their_own() -> None:
    units = register_of(list(read(HARD)))
    assert len({one.id for one in units.values()}) == len(units)
    assert all(one.business_place.city for one in units.values())
