"""Before a purchase, from the command line."""

from __future__ import annotations

import json

from procmatch.demo import world
from tests.cli.test_cli import Run, filled, run  # noqa: F401 - fixtures
from tests.workflows.conftest import world_file  # noqa: F401 - a fixture


def test_a_notice_in_one_contract_is_held_against_its_lots(filled: Run) -> None:  # noqa: F811
    key = next(iter(world.notices()))
    result = filled("split", key)
    assert result.exit_code == 0, result.output
    assert "I én kontrakt:" in result.output
    assert "verken være et krav eller et tildelingskriterium" in result.output


def test_who_joins_is_told_with_what_they_lacked(filled: Run) -> None:  # noqa: F811
    key = next(iter(world.notices()))
    result = filled("split", key, "--by", "value", "--parts", "4", "--one-step", "--format", "json")
    assert result.exit_code == 0, result.output
    for row in json.loads(result.output):
        assert row["lacked"]
        assert row["parts"]


def test_an_impossible_division_is_one_clear_line(filled: Run) -> None:  # noqa: F811
    key = next(iter(world.notices()))
    result = filled("split", key, "--by", "value", "--parts", "99")
    assert result.exit_code == 2
    assert "from 2 to 30" in result.output
    missing = filled("split", key, "--lot", "LOT-9999")
    assert missing.exit_code == 1
    assert "no lot LOT-9999" in missing.output


def test_requirements_are_told_with_what_each_does(filled: Run) -> None:  # noqa: F811
    for key in world.notices():
        result = filled("hurdles", key, "--format", "csv")
        assert result.exit_code == 0, result.output
        assert "lot,requirement,stopped" in result.output
    assert filled("hurdles", "2099-1").exit_code == 1
