"""``import evidence`` and ``evidence`` as a user sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procmatch.cli import main
from procmatch.demo.world import WORLD_DIR
from procmatch.store import open_store
from tests.workflows.conftest import fill

NUMBER = "302947856"  # GULLAKS BAKERI AS of the sample world


@pytest.fixture(scope="module")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "world.db"
    store = open_store(f"sqlite:///{path}", create=True)
    fill(store)
    store.close()
    return path


@pytest.fixture
def world(world_file: Path, tmp_path: Path) -> str:
    copy = tmp_path / "world.db"
    copy.write_bytes(world_file.read_bytes())
    return f"sqlite:///{copy}"


def run(database: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--database", database, *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(
        "kind,source,name,number,valid_to\n"
        f"emas,Liste,Gullaks Bakeri AS,{NUMBER},2031-01-01\n"
        "miljø,Liste,Gullaks Bakeri AS,,\n",
        encoding="utf-8",
    )
    return path


def test_an_import_says_what_it_did_and_which_row_it_could_not_read(world: str, file: Path) -> None:
    dry = run(world, "import", "evidence", str(file), "--dry-run")
    assert dry.exit_code == 0
    assert "dry run: read 1 rows: 1 new" in dry.stdout
    done = run(world, "import", "evidence", str(file))
    assert "read 1 rows: 1 new, 0 changed, 0 closed; 1 set aside" in done.stdout
    assert "linked 1: 1 certain, 0 possible, 0 nobody" in done.stdout
    assert done.stderr.startswith("mine.csv: line 3: kind: no kind of evidence 'miljø'")
    assert "did you mean eco_lighthouse?" in done.stderr


def test_one_organisation_is_shown_with_names_of_kinds_in_the_language(
    world: str, file: Path
) -> None:
    run(world, "import", "evidence", str(file))
    shown = run(world, "--language", "nn", "evidence", NUMBER, "--format", "json")
    rows = json.loads(shown.stdout)
    (row,) = [row for row in rows if row["kind"] == "emas"]
    assert (row["method"], row["valid_to"], row["what"]) == ("exact", "2031-01-01", "EMAS")


def test_the_overview_counts_by_source_and_kind(world: str) -> None:
    run(world, "import", "evidence", str(WORLD_DIR / "evidence.csv"))
    rows = json.loads(run(world, "evidence", "--format", "json").stdout)
    (row,) = [row for row in rows if row["kind"] == "work_inclusion"]
    assert row["certain"] + row["possible"] + row["nobody"] == 6


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["evidence", "123456789"], 1, "not an organisation number"),
        (["evidence", "999601391"], 1, "no organisation 999601391"),
        (["import", "evidence", "missing.csv"], 2, "does not exist"),
    ],
)
def test_a_wrong_call_is_one_clear_line(
    world: str, arguments: list[str], code: int, said: str
) -> None:
    result = run(world, *arguments)
    assert result.exit_code == code
    assert said in result.output


def test_a_file_without_a_header_is_refused_with_the_columns_it_has(
    world: str, tmp_path: Path
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("Bakeriet AS,302947856\n", encoding="utf-8")
    result = run(world, "import", "evidence", str(path))
    assert result.exit_code == 1
    assert "evidence-file: kind: no such column; there are: bakeriet as" in result.output


def test_suppliers_show_what_is_known_beside_the_reasons(world: str, file: Path) -> None:
    run(world, "import", "evidence", str(file))
    shown = run(world, "suppliers", "2026-200108", "--lot", "LOT-0002", "--all", "--format", "json")
    (row,) = [row for row in json.loads(shown.stdout) if row["number"] == NUMBER]
    assert "EMAS, gjelder til 2031-01-01 (Liste)." in row["evidence"]
