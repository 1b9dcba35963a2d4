"""``resolve`` and ``review`` as a user sees them."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procmatch.cli import main
from procmatch.demo import world
from procmatch.store import open_store
from procmatch.workflows.resolve import ADDED
from tests.workflows.conftest import fill

GULLAK, CANTEEN, NUMBERED = "302947856", "325608307", "325787236"
TABLE = f"""\
id;navn;sted;nr;beløp
1;Møtemat Havneset;Havneset;;10
2;Gullaks Bakeri AS;;;20
3;Ingen Kjenner Oss AS;Oslo;;30
4;=Havneset; Kantinedrift;;;;40
5;GULLAKS  BAKERI as;;;50
6;Møtemat Havneset;;{NUMBERED};60
7;Havneset Kantinedrift;;;70
8
"""


@pytest.fixture(scope="module")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "world.db"
    store = open_store(f"sqlite:///{path}", create=True)
    fill(store)
    store.close()
    return path


@pytest.fixture
def home(world_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample world in the default store and a table."""
    (tmp_path / "procmatch.db").write_bytes(world_file.read_bytes())
    (tmp_path / "in.csv").write_text(TABLE, encoding="cp1252")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


COLUMNS = ("in.csv", "--name", "navn", "--place", "sted", "--number", "nr")


def resolve(*arguments: str) -> Result:
    return run("resolve", *COLUMNS, "--out", "out.csv", *arguments)


def rows(path: str, delimiter: str = ";") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def decide(path: str, delimiter: str = ";", **decisions: str) -> None:
    """Write decisions beside candidates, by their number ("n310...")."""
    table = rows(path, delimiter)
    with Path(path).open("w", encoding="cp1252", newline="") as file:
        out = csv.DictWriter(file, table[0], delimiter=delimiter)
        out.writeheader()
        for row in table:
            word = decisions.get(f"n{row['candidate_number']}", row["decision"])
            out.writerow({**row, "decision": word})


def test_each_row_says_who_is_meant_how_surely_and_why(home: Path) -> None:
    done = resolve()
    assert done.exit_code == 0, done.output
    assert done.stdout == "out.csv: 8 rows: 2 certain, 3 uncertain, 2 nobody, 1 not read\n"
    assert done.stderr == "in.csv: not UTF-8, read as Windows-1252\n"
    found = rows("out.csv")
    assert [row["id"] for row in found] == list("12345678")
    assert [row["beløp"] for row in found[:3]] == ["10", "20", "30"]
    assert tuple(found[0])[-len(ADDED) :] == ADDED
    assert [row["procmatch_status"] for row in found] == [
        "certain", "uncertain", "nobody", "not read", "uncertain", "certain", "uncertain", "nobody",
    ]  # fmt: skip
    assert found[0]["procmatch_number"] == NUMBERED
    assert found[0]["procmatch_name"] == "MØTEMAT HAVNESET AS"
    assert found[0]["procmatch_why"].startswith("Name: is exactly the name; ")
    assert 0.5 < float(found[1]["procmatch_score"]) < 1
    assert found[3]["procmatch_why"] == "Line 5: 7 fields, the header has 5."


def test_a_person_decides_and_is_not_asked_again(home: Path) -> None:
    first = resolve("--review", "review.csv")
    assert "review.csv: 2 questions for a person" in first.stdout
    asked = rows("review.csv")
    assert [row["name"] for row in asked] == ["Gullaks Bakeri AS", "Havneset Kantinedrift"]
    assert asked[0]["candidate_place"] == "9077 MYRLAND"
    decide("review.csv", **{f"n{GULLAK}": "ja", f"n{CANTEEN}": "nobody"})
    second = resolve("--review", "review.csv")
    assert "review.csv: read 2 decisions" in second.stderr
    assert "4 certain, 0 uncertain, 3 nobody, 1 not read" in second.stdout
    assert rows("review.csv") == []
    # The store has kept them, with what was printed.
    assert "4 certain" in resolve().stdout
    assert run("review", "--labels", "labels.jsonl").stdout == "labels.jsonl: 2 labels\n"
    lines = [json.loads(line) for line in Path("labels.jsonl").read_text().splitlines()]
    assert {line["decision"] for line in lines} == {"same", "nobody"}


@pytest.mark.parametrize("kind", ["folder", "file", "gzip"])
def test_a_register_of_its_own_needs_no_store_and_keeps_decisions_in_the_list(
    home: Path, kind: str
) -> None:
    units = json.dumps(world.units()).encode()
    if kind == "folder":
        run("link")
        register = "procmatch.db.index"
    elif kind == "file":
        register = "units.json"
        Path(register).write_bytes(units[:-1] + b',{"organisasjonsnummer":"1"}]')
    else:
        register = "units.json.gz"
        Path(register).write_bytes(gzip.compress(units))
    options = ("--register", register, "--review", "review.csv")
    first = run("--database", "sqlite:///none.db", "resolve", *COLUMNS, "--out", "o.csv", *options)
    assert "2 certain, 3 uncertain, 2 nobody, 1 not read" in first.stdout, first.output
    assert ("units.json: 1 units could not be read" in first.stderr) is (kind == "file")
    assert rows("review.csv")[0]["candidate_place"] == ("" if kind == "folder" else "9077 MYRLAND")
    decide("review.csv", **{f"n{GULLAK}": "yes", f"n{CANTEEN}": "perhaps"})
    for _ in range(2):
        again = resolve(*options)
        assert "4 certain, 1 uncertain, 2 nobody, 1 not read" in again.stdout
        assert ": decision: 'perhaps' is none of yes, no and nobody" in again.stderr
        # What is to be mended comes first.
        assert [row["decision"] for row in rows("review.csv")] == ["perhaps", "yes"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--name", "firma", "--out", "o.csv"), 1, "in.csv: firma: no such column; there are: id,"),
        (("--name", "navn", "--out", "in.csv"), 2, "--out in.csv is read or written as something"),
        (("--name", "navn", "--out", "no/o.csv"), 1, "no/o.csv: No such file or directory"),
        (("--name", "navn", "--out", "o.csv", "--register", "in.csv"), 1, "enhetsregisteret: "),
        (("--name", "navn", "--out", "o.csv", "--register", "."), 1, "no saved linker"),
        (("--name", "navn", "--out", "o.csv", "--decisions", "in.csv"), 1, "no such column"),
        (("--out", "o.csv"), 2, "Missing option '--name'"),
    ],
)
def test_a_wrong_call_is_one_clear_line_and_leaves_no_file(
    home: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = run("resolve", "in.csv", *arguments)
    assert result.exit_code == code, result.output
    assert said in result.output
    assert (home / "in.csv").read_text(encoding="cp1252") == TABLE
    assert not list(home.glob("*.part"))
    assert not list(home.glob("o.csv"))


def test_a_store_without_a_register_says_what_to_do(home: Path) -> None:
    run("--database", "sqlite:///empty.db", "init")
    result = run("--database", "sqlite:///empty.db", "resolve", *COLUMNS, "--out", "o.csv")
    assert result.exit_code == 1
    assert "procmatch crawl enhetsregisteret, or give --register" in result.output


def test_a_table_that_was_resolved_before_is_not_resolved_twice_over(home: Path) -> None:
    resolve()
    again = run("resolve", "out.csv", "--name", "navn", "--out", "o.csv")
    assert again.exit_code == 1
    assert "procmatch_number: the table has this column already" in again.output


def test_nothing_to_review_is_said(home: Path) -> None:
    run("link")
    assert run("review").stdout == "nothing to review\n"


def test_what_is_unsure_in_the_store_is_shown_written_and_decided(home: Path) -> None:
    Path("mine.csv").write_text(
        "kind,source,name\niso_9001,Liste,Havneset Kantinedrift\nemas,Liste,Havneset Kantinedrift\n"
        "iso_9001,Liste,Gullaks Bakeri\n",
        encoding="utf-8",
    )
    run("import", "evidence", "mine.csv")
    shown = run("review").stdout.splitlines()
    assert shown[0] == "1. Havneset Kantinedrift (2 times)"
    assert shown[1].endswith(f"{CANTEEN}  HAVNESET KANTINEDRIFT AS, 9070 HAVNESET")
    assert shown[2].strip().startswith("Name: is exactly the name")
    written = run("review", "--out", "r.csv")
    assert written.stdout == "r.csv: 2 questions for a person\n", repr(written.exception)
    decide("r.csv", ",", **{f"n{CANTEEN}": "yes", f"n{GULLAK}": "who?"})
    taken = run("review", "--decisions", "r.csv")
    assert taken.stdout == "r.csv: 1 decisions, 1 of them new; procmatch link puts them to use\n"
    assert "r.csv: line 3: decision: 'who?' is none of yes, no and nobody" in taken.stderr
    again = run("review", "--out", "r.csv")
    assert "r.csv: 1 questions for a person" in again.stdout
    assert [(row["candidate_number"], row["decision"]) for row in rows("r.csv", ",")][:1] == [
        (GULLAK, "who?")
    ]
    assert "2 certain" in run("link").stdout.splitlines()[-1]
