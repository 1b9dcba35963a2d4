from __future__ import annotations

from collections.abc import Callable

import pytest

from training.linkage import spelling
from training.linkage.dice import Dice
from training.linkage.noise import Sheet, shares, sheet
from training.linkage.register import Unit, make


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return make(3_000, seed=5)


@pytest.fixture(scope="module")
def made(units: list[Unit]) -> Sheet:
    return sheet(units, count=3_000, held_out=0.3, seed=5)


def test_a_seed_gives_one_sheet(units: list[Unit], made: Sheet) -> None:
    assert sheet(units, count=3_000, held_out=0.3, seed=5) == made
    assert sheet(units, count=3_000, held_out=0.3, seed=6).queries != made.queries


def test_whoever_is_held_out_is_not_in_the_register_and_is_nobody(
    units: list[Unit], made: Sheet
) -> None:
    register = {one.organisation.id for one in made.register}
    held_out = {one.organisation.id for one in units} - register
    assert 0.2 < len(held_out) / len(units) < 0.4
    about_held_out = [one for one in made.queries if one.about in held_out]
    assert about_held_out
    assert all(one.truth is None for one in about_held_out)


def test_who_is_meant_is_in_the_register(made: Sheet) -> None:
    register = {one.organisation.id for one in made.register}
    meant = [one for one in made.queries if one.truth is not None]
    assert len(meant) > len(made.queries) / 2
    assert all(one.truth in register and one.truth == one.about for one in meant)


def test_municipalities_are_always_in_the_register(units: list[Unit], made: Sheet) -> None:
    register = {one.organisation.id for one in made.register}
    assert all(one.organisation.id in register for one in units if one.kind == "municipality")


def test_a_name_with_nothing_in_common_means_nobody(made: Sheet) -> None:
    renamed = [one for one in made.queries if one.noise == "true rename"]
    assert renamed
    assert all(one.truth is None for one in renamed)


def test_every_sort_of_noise_occurs(made: Sheet) -> None:
    assert {
        *("clean", "slip", "misheard", "foreign letters", "other Norwegian", "english", "compound"),
        *("abbreviated", "order", "cut", "word dropped", "word added", "initial", "former name"),
        *("establishment", "part printed", "owner changed", "trade changed", "true rename"),
    } <= set(shares(made.queries))


def test_every_query_has_a_name_and_most_a_place(made: Sheet) -> None:
    assert all(one.query.name.strip() for one in made.queries)
    placed = [one for one in made.queries if one.query.place or one.query.postcode]
    assert 0.6 < len(placed) / len(made.queries) < 0.95


@pytest.mark.parametrize(
    ("change", "name", "expected"),
    [
        (spelling.foreign_letters, "Sæther Blåbær", {"saether blaabaer", "sather blabar"}),
        (spelling.other_norwegian, "Lia Gård", {"lia gard"}),
        (spelling.other_norwegian, "Lia Skule", {"lia skole"}),
        (spelling.english, "Lier kommune", {"Municipality of Lier", "Lier Municipality"}),
        (spelling.abbreviated, "Brødrene Lie", {"brdr. lie", "br. lie"}),
        (spelling.compounded, "Lie Byggservice", {"lie bygg service", "lie bygg-service"}),
        (spelling.reordered, "Ola Lie", {"Lie Ola", "Lie, Ola"}),
    ],
)
def test_changes_are_those_that_people_make(
    change: Callable[[Dice, str], str], name: str, expected: set[str]
) -> None:
    found = {change(Dice(seed), name) for seed in range(60)}
    assert expected <= found


def test_a_slip_changes_little_and_never_takes_all() -> None:
    for seed in range(300):
        found = spelling.with_slip(Dice(seed), "Solbakken")
        assert found.strip()
        assert abs(len(found) - len("Solbakken")) <= 2
    assert spelling.with_slip(Dice(1), "Å") == "Å"
