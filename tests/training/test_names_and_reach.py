"""What names and reach give: measured with and without them, by no award of the same notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from procmatch.evaluation.matching.france import read_france
from procmatch.evaluation.matching.norway import read_norway
from procmatch.evaluation.matching.united_kingdom import read_uk
from tests.evaluation.awards import write
from training.matching.names_and_reach import signals_of, table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


def test_each_task_has_a_row_for_what_it_can_do_without(folder: Path) -> None:
    tasks = [read(folder) for read in (read_uk, read_norway, read_france)]
    found = table((task.name, world) for task in tasks for world in task.worlds)
    rows = [tuple(cell.strip() for cell in line.split("|")[1:3]) for line in found.splitlines()]
    assert rows[2:] == [
        ("t1_uk", "with both"),
        ("t1_uk", "without names"),
        ("t1_norway", "with both"),
        ("t1_norway", "without names"),
        *(
            ("t1_decp", label)
            for label in ("with both", "without names", "without reach", "with neither")
        ),
    ]


def test_a_need_does_not_learn_from_its_own_award(folder: Path) -> None:
    """A task of one notice leaves nothing to learn from."""
    (world,) = read_norway(folder).worlds
    _, signals = signals_of(world)
    assert not signals["names"].any()
