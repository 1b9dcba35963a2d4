"""The command line: help everywhere, 2 on misuse, 1 with one clear line, never a traceback."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from procmatch.cli import _doors, main
from procmatch.demo import world
from tests.workflows.conftest import NOW, world_file  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder without settings."""
    monkeypatch.chdir(tmp_path)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return invoke


@pytest.fixture
def filled(run: Run, world_file: Path, tmp_path: Path) -> Iterator[Run]:  # noqa: F811
    """The same over a store that holds the sample world, in its own time."""
    (tmp_path / "procmatch.db").write_bytes(world_file.read_bytes())
    with time_machine.travel(NOW, tick=False):
        yield run


@pytest.mark.parametrize("name", sorted(_doors()))
def test_every_command_has_help(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("suppliers",),
        ("tenders",),
        ("show",),
        ("read",),
        ("crawl", "horoscopes"),
        ("subscribe",),
        ("status", "--format", "xml"),
        ("--language", "klingon", "status"),
        ("crawl", "doffin", "--to", "2026-01-01"),
        ("crawl", "codes", "--number", "999601391"),
    ],
)
def test_misuse_exits_with_two(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("status",), "procmatch init"),
        (("link",), "procmatch init"),
        (("suppliers", "2026-1"), "procmatch init"),
        (("tenders", "123"), "not an organisation number"),
        (("--database", "nonsense", "init"), "database address"),
        (("--config", "missing.toml", "status"), "missing.toml"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(run: Run, words: tuple[str, ...], says: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("suppliers", "2026-404"), "2026-404"),
        (("show", "2026-404"), "2026-404"),
        (("tenders", "999601391"), "999601391"),
        (("confirm", "nobody"), "nobody"),
        (("leave", "nobody"), "nobody"),
        (("need", "brød", "--cpv", "158"), "158"),
        (("subscribe", "--email", "x", "--cpv", "15"), "e-mail"),
    ],
)
def test_unknown_things_are_named(filled: Run, words: tuple[str, ...], says: str) -> None:
    result = filled(*words)
    assert result.exit_code == 1
    assert says in result.stderr


def test_a_wrong_setting_is_named_at_start(run: Run, tmp_path: Path) -> None:
    (tmp_path / "procmatch.toml").write_text("langauge = 'nb'")
    result = run("status")
    assert (result.exit_code, "langauge" in result.stderr) == (1, True)


def test_read_needs_no_store_and_no_settings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "procmatch.toml").write_text("langauge = 'nb'")
    for key in ("2026-200101", "2026-200123"):
        (tmp_path / f"{key}.xml").write_bytes(world.notices()[key])
    (tmp_path / "bad.xml").write_text("<html>")
    result = run("read", "2026-200101.xml", "bad.xml", "2026-200123.xml", "missing.xml")
    assert result.exit_code == 1
    first, bad, third, missing = map(json.loads, result.stdout.splitlines())
    wanted = {
        "notice_id", "version", "procedure_id", "subtype", "kind", "changes", "languages", "title",
        "buyers", "cpv_main", "value", "lots", "awards",
    }  # fmt: skip
    assert wanted <= set(first)
    assert {
        "id",
        "title",
        "cpv_main",
        "cpv",
        "places",
        "value",
        "deadline",
        "framework",
        "reserved",
        "award_criteria",
        "selection_criteria",
    } <= set(first["lots"][0])
    assert {"lot", "winners", "value", "tenders_received"} <= set(third["awards"][0])
    assert "error" in bad
    assert "error" in missing


def test_read_of_good_files_exits_with_zero(run: Run, tmp_path: Path) -> None:
    (tmp_path / "n.xml").write_bytes(world.notices()["2026-200101"])
    assert run("read", "n.xml").exit_code == 0


def test_suppliers_in_every_format(filled: Run) -> None:
    table = filled("suppliers", "2026-200102", "--lot", "LOT-0001")
    assert "BAKERI" in table.stdout
    rows = json.loads(filled("suppliers", "2026-200102", "--format", "json").stdout)
    assert {row["lot"] for row in rows} == {"LOT-0001", "LOT-0002", "LOT-0003", "LOT-0004"}
    assert all(0 <= row["score"] <= 1 and row["criteria"] for row in rows)
    found = list(csv.DictReader(io.StringIO(
        filled("suppliers", "2026-200102", "--format", "csv").stdout
    )))  # fmt: skip
    assert len(found) == len(rows)


@pytest.mark.parametrize(
    ("language", "says"),
    [("nb", "Innkjøpet gjelder"), ("nn", "Innkjøpet gjeld "), ("en", "lot is")],
)
def test_reasons_are_told_in_the_readers_language(filled: Run, language: str, says: str) -> None:
    rows = json.loads(
        filled("--language", language, "suppliers", "2026-200102", "--format", "json").stdout
    )
    assert any(says in reason for reason in rows[0]["reasons"])


def test_a_lot_that_is_not_there_is_misuse(filled: Run) -> None:
    assert filled("suppliers", "2026-200102", "--lot", "LOT-0099").exit_code == 2


def test_show_tells_the_whole_notice(filled: Run) -> None:
    text = filled("show", "2026-200124").stdout
    assert "results" in text
    assert "nobody" in text
    told = json.loads(filled("show", "2026-200124", "--format", "json").stdout)
    assert told["kind"] == "result"
    rows = csv.DictReader(io.StringIO(filled("show", "2026-200124", "--format", "csv").stdout))
    assert [row["lot"] for row in rows] == ["LOT-0001", "LOT-0002", "LOT-0003"]


def test_tenders_and_need(filled: Run) -> None:
    rows = json.loads(filled("suppliers", "2026-200102", "--format", "json").stdout)
    own = json.loads(filled("tenders", rows[0]["number"], "--format", "json").stdout)
    assert own[0]["title"]
    every = json.loads(filled("tenders", rows[0]["number"], "--all", "--format", "json").stdout)
    assert len(every) >= len(own)
    told = filled(
        "--language", "en", "tenders", rows[0]["number"], "--all", "--limit", "500"
    ).stdout
    assert "\n  - " in told, "what speaks against the lots that do not fit"
    need = filled("need", "skolemat", "--place", "9801", "--format", "json")
    assert json.loads(need.stdout)


def test_subscribe_confirm_alert_leave(
    filled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCMATCH_SECRET_KEY", "secret")
    rows = json.loads(filled("suppliers", "2026-200102", "--format", "json").stdout)
    assert "--cpv 158" in filled("profile", rows[0]["number"]).stdout
    subscribed = filled("subscribe", "--email", "a@b.example", "--org", rows[0]["number"])
    key = subscribed.stdout.split()[1]
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
    assert "0 subscriptions" in filled("alert").stdout
    assert filled("confirm", key).exit_code == 0
    assert "uken" in filled("change", key, "--every", "weekly").stdout
    assert "would write" in filled("alert", "--dry-run").stdout
    assert "1 new letters" in filled("alert").stdout
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 2
    assert "0 new letters" in filled("alert").stdout
    assert len(json.loads(filled("subscriber", "export", "A@b.example").stdout)[0]["letters"]) == 2
    assert filled("leave", key).exit_code == 0
    assert list((tmp_path / "outbox").glob("*.eml")) == []


def test_a_letter_that_asks_to_stop_is_obeyed(filled: Run, tmp_path: Path) -> None:
    subscribed = filled(
        "subscribe", "--email", "a@b.example", "--word", "brød", "--buyer", "x", "--confirmed"
    )
    key = subscribed.stdout.split()[1]
    (tmp_path / "stop.eml").write_bytes(f"Subject: Re: stop {key}\r\n\r\n".encode())
    assert filled("inbox", "stop.eml").stdout == "stopped\n"
    assert filled("inbox", "stop.eml").stdout == "gone\n"
    assert filled("subscriber", "export", "a@b.example").exit_code == 1


def test_a_letter_that_confirms_with_a_forged_token_is_refused(
    filled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCMATCH_SECRET_KEY", "secret")
    (tmp_path / "yes.eml").write_bytes(b"Subject: confirm WyJjb25maXJt.forged\r\n\r\n")
    result = filled("inbox", "yes.eml")
    assert result.exit_code == 1
    assert "not one of ours" in result.output


def test_status_and_match_and_link(filled: Run) -> None:
    assert "notices" in filled("status").stdout
    assert json.loads(filled("status", "--format", "json").stdout)
    assert "linked" in filled("link").stdout
    assert "matched" in filled("match").stdout


def test_cells_that_spreadsheets_would_run_are_guarded(capsys: pytest.CaptureFixture[str]) -> None:
    from procmatch.cli.output import show_rows  # noqa: PLC0415

    show_rows([{"a": "=cmd()", "b": -3, "c": "-3"}], ("a", "b", "c"), "csv")
    assert capsys.readouterr().out.splitlines()[1] == "'=cmd(),-3,'-3"


def test_the_command_reference_is_fresh() -> None:
    # In a process of its own: click remembers how a command was asked for help before.
    command = [sys.executable, "-m", "procmatch.cli.reference"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert text == done.stdout, "run: python -m procmatch.cli.reference > docs/cli.md"
