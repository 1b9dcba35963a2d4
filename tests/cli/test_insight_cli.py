"""Before a purchase, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from procmatch.demo import world
from tests.cli.test_cli import Run, filled, run  # noqa: F401 - fixtures
from tests.sources.test_draft import DRAFT, docx, paragraphs
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


def test_a_contract_is_divided_by_the_units_that_are_named(filled: Run) -> None:  # noqa: F811
    key = next(iter(world.notices()))
    units = ("--by", "unit", "--unit", "Skolene, 9801", "--unit", "Heimen")
    result = filled("split", key, *units)
    assert result.exit_code == 0, result.output
    assert "I 2 deler" in result.output
    for wrong in (("--by", "unit"), ("--by", "unit", "--unit", "a, Oslo", "--unit", "b")):
        answer = filled("split", key, *wrong)
        assert answer.exit_code == 2
        assert "--unit" in answer.output


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


def test_a_draft_is_looked_at_and_nothing_kept(filled: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "utkast.docx"
    path.write_bytes(docx(paragraphs(*DRAFT.splitlines())))
    before = filled("status").output
    result = filled("draft", str(path), "--format", "json")
    assert result.exit_code == 0, result.output
    assert "docx, lots: 2" in result.output
    assert "in one:" in result.output
    assert filled("status").output == before


def test_a_draft_that_cannot_be_read_is_one_clear_line(filled: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "utkast.pdf"
    path.write_bytes(b"%PDF-1.7")
    result = filled("draft", str(path))
    assert result.exit_code == 1
    assert "DOCX" in result.output


def test_who_is_near_is_shown_without_any_tender(filled: Run) -> None:  # noqa: F811
    result = filled("supply", "brød og kaker", "--place", "9801", "--format", "json")
    assert result.exit_code == 0, result.output
    assert "within 50 km" in result.output
    by_group = filled("supply", "--food", "bread", "--place", "9801")
    assert by_group.exit_code == 0, by_group.output
    assert filled("supply", "--place", "9801").exit_code == 2
    assert filled("supply", "x", "--place", "0000").exit_code == 1
