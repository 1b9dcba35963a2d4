"""What several processes need at once is made by one of them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from procmatch.workflows.kept import Making, open_kept
from procmatch.workflows.turns import in_turn


def test_those_who_come_while_a_thing_is_made_open_what_was_made(tmp_path: Path) -> None:
    made, both = [], threading.Barrier(2, timeout=60)

    def build() -> str:
        made.append("once")
        return "laid out"

    def save(thing: str, folder: Path) -> None:
        folder.mkdir()
        (folder / "thing").write_text(thing)

    def ask(_: int) -> str:
        both.wait()
        return open_kept(
            tmp_path / "things",
            Making(
                what="a thing",
                sign="today's",
                marks=lambda: {"one": 1},
                build=build,
                update=lambda kept, _keys: kept,
                save=save,
                load=lambda folder: (folder / "thing").read_text(),
            ),
        )

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask, range(2))) == ["laid out", "laid out"]
    assert made == ["once"]


def test_a_turn_is_given_up_when_what_is_done_in_it_fails(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), in_turn(tmp_path / "things"):
            _ = 1 / 0
    with in_turn(tmp_path / "things"):
        assert (tmp_path / ".things.lock").exists()


def test_where_nothing_can_be_written_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    with in_turn(tmp_path / "a file" / "things"):
        pass
