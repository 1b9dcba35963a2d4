"""``procmatch export ocds`` as a user runs it, on the sample world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procmatch.cli import main
from procmatch.model.values import Money
from procmatch.store import notices, open_store
from tests.ocds.made import kroner, lot, notice
from tests.ocds.schemas import RELEASE
from tests.workflows.conftest import world_file  # noqa: F401 - a fixture


@pytest.fixture
def folder(
    world_file: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A folder with the sample world in its store."""
    (tmp_path / "procmatch.db").write_bytes(world_file.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["export", "ocds", *words])


def test_lines_come_on_standard_output_and_the_count_beside_it(folder: Path) -> None:
    result = run()
    assert result.exit_code == 0
    releases = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(releases) > 20
    assert result.stderr == f"24 processes, {len(releases)} releases, 0 problems\n"


def test_a_package_goes_to_a_file_whole(folder: Path) -> None:
    result = run("--format", "record-package", "--out", "records.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "24 compiled" in result.stderr
    assert len(json.loads((folder / "records.json").read_bytes())["records"]) == 24
    assert not list(folder.glob("*.part"))


def test_a_failed_export_leaves_the_old_file_alone(folder: Path) -> None:
    (folder / "old.json").write_text("old")
    result = run("--format", "release-package", "--source", "nobody", "--out", "old.json")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: nothing to export")
    assert (folder / "old.json").read_text() == "old"
    assert run("--out", "nowhere/out.json").exit_code == 1


def test_a_notice_that_cannot_be_exported_is_told_and_the_exit_code_says_so(folder: Path) -> None:
    odd = Money(amount=kroner(1).amount, currency="KRO")
    store = open_store("sqlite:///procmatch.db")
    with store.begin() as connection:
        notices.save(connection, notice(lots=(lot(value=odd),)), "0" * 64)
    store.close()
    result = run("--format", "release-package")
    assert result.exit_code == 1
    assert len(json.loads(result.stdout)["releases"]) > 20
    first, last = result.stderr.splitlines()
    assert first == "doffin 2026-100001: BT-27 LOT-0001: 'KRO' is no currency of ISO 4217"
    assert last.endswith("1 problems")


def test_the_prefix_and_the_publisher_are_settings(folder: Path) -> None:
    (folder / "procmatch.toml").write_text(
        'ocds_prefix = "ocds-abc123"\nocds_publisher = "Fjordvik kommune"\n'
        'ocds_license = "https://licence.example/"\n'
    )
    package = json.loads(run("--format", "release-package", "--compiled").stdout)
    assert package["publisher"] == {"name": "Fjordvik kommune"}
    assert package["license"] == "https://licence.example/"
    assert all(one["ocid"].startswith("ocds-abc123-") for one in package["releases"])


@pytest.mark.parametrize(
    "words", [("--since", "yesterday"), ("--format", "xml"), ("--validate", "no-such-file")]
)
def test_misuse_exits_with_two(folder: Path, words: tuple[str, str]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.shared
def test_all_of_the_sample_world_keeps_the_official_schema(folder: Path) -> None:
    result = run("--compiled", "--validate", str(RELEASE))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 24


def test_what_breaks_a_schema_is_left_out(folder: Path) -> None:
    schema = {"properties": {"ocid": {}, "tag": {"items": {"enum": ["tender"]}}}}
    (folder / "schema.json").write_text(json.dumps(schema))
    result = run("--validate", "schema.json")
    assert result.exit_code == 1
    assert {tuple(json.loads(line)["tag"]) for line in result.stdout.splitlines()} == {("tender",)}
    assert "tag/0: " in result.stderr
