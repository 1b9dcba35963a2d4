"""What a municipality has signed and spent, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_cli import Run, filled, run  # noqa: F401 - fixtures
from tests.workflows.conftest import world_file  # noqa: F401 - a fixture

#: The county's largest municipality in the sample world.
PLACE = "9801"


def test_what_is_signed_is_listed_with_what_is_not_known(filled: Run) -> None:  # noqa: F811
    result = filled("radar", PLACE, "--format", "json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.output)
    ends = [row["end"] for row in rows if row["end"]]
    assert ends == sorted(ends)
    assert all(row["plan_from"] is not None for row in rows if row["end"])


def test_shares_come_with_their_bounds(filled: Run) -> None:  # noqa: F811
    result = filled("shares", PLACE, "--format", "json")
    assert result.exit_code == 0, result.output
    for row in json.loads(result.output):
        if row["low"] is not None:
            assert 0 <= row["low"] <= row["high"] <= 1


def test_a_municipality_that_is_not_there_is_one_clear_line(filled: Run) -> None:  # noqa: F811
    result = filled("radar", "1234")
    assert result.exit_code == 1
    assert "1234" in result.output
    assert "Traceback" not in result.output


def test_a_ledger_is_taken_in_and_its_shares_told(
    filled: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    path = tmp_path / "reskontro.csv"
    path.write_text("Leverandør;Beløp;Dato\nHAVNESET BAKERI AS;100;2025-01-01\nX;y;\n", "utf-8")
    result = filled("import", "spend", str(path), "--place", PLACE)
    assert result.exit_code == 0, result.output
    assert "read 1 lines, 100 kroner; 1 not read" in result.output
    assert "row 3: Beløp" in result.output
    again = filled("import", "spend", str(path), "--place", PLACE)
    assert "taken in before" in again.output
    told = json.loads(filled("shares", PLACE, "--spend", "--format", "json").output)
    assert {row["year"] for row in told} == {2025}
    leaks = json.loads(filled("leakage", PLACE, "--format", "json").output)
    assert sum(row["away"] + row["local"] + row["unknown"] for row in leaks) == 100


def test_an_open_invitation_is_written(run: Run) -> None:  # noqa: F811
    asked = ("--buyer", "Asker kommune", "--reply-to", "a@b.example", "--until", "2027-01-15")
    result = run("invite", "brød", *asked)
    assert result.exit_code == 0, result.output
    assert "Åpen invitasjon: brød" in result.output
