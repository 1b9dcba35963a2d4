from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from procmatch.cli import main
from procmatch.evaluation.linkage.measure import ask_all, measure
from procmatch.evaluation.linkage.tasks import read_task
from procmatch.evaluation.runs import read_run
from tests.evaluation.folder import write


def _run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["evaluate", "linkage", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_measures_run_files_and_report(tmp_path: Path) -> None:
    data = write(tmp_path / "data", eu_ted_entities=None)
    code, out, err = _run(
        *("--data", str(data), "--task", "t2_ldir", "--task", "t2_ted", "--format", "json"),
        *("--run-file", str(tmp_path / "out.tsv"), "--report", str(tmp_path / "quality.md")),
    )
    assert code == 0, err
    assert [(row["task"], row["asked"]) for row in json.loads(out)] == [
        ("t2_ldir", "name and place"),
        ("t2_ldir", "name only"),
    ]
    assert "skipped t2_ted: er/eu_ted_entities.csv: no such file" in err
    assert set(read_run(tmp_path / "out.t2_ldir.tsv")) == {
        case.id for case in read_task(data, "t2_ldir").cases
    }
    assert (tmp_path / "quality.md").is_file()
    assert (tmp_path / "quality" / "t2_ldir-calibration.svg").is_file()


def test_one_task_writes_the_very_file(tmp_path: Path) -> None:
    data = write(tmp_path / "data")
    code, _out, err = _run(
        *("--data", str(data), "--task", "t2_subunit", "--run-file", str(tmp_path / "out.tsv"))
    )
    assert code == 0, err
    assert set(read_run(tmp_path / "out.tsv")) == {"970000001", "970000002"}


def test_a_folder_without_files_is_one_clear_line(tmp_path: Path) -> None:
    code, _out, err = _run("--data", str(tmp_path), "--task", "t2_ted")
    assert code == 1
    assert err.startswith("Error: nothing to measure: er/eu_ted_name_variants.csv: no such file")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["t2_ldir", "t2_subunit", "t2_ted"])
def test_run_files_score_as_the_neutral_definition_says(
    name: str, shared_data: Path, tmp_path: Path
) -> None:
    """R@1 as another program works it out from the run file alone: worst rank within a tie."""
    data = shared_data / "eval"
    code, _out, err = _run("--data", str(data), "--task", name, "--run-file", str(tmp_path / "r"))
    assert code == 0, err
    task = read_task(data, name)
    run = read_run(tmp_path / "r")
    first = 0
    for case in task.cases:
        wanted = case.id.partition("|")[0] if "|" in case.id else case.truth.number
        scores = run.get(case.id, {})
        first += sum(score >= scores.get(wanted, 2.0) for score in scores.values()) == 1
    assert first / len(task.cases) == measure(ask_all(task)).recall_1.value
