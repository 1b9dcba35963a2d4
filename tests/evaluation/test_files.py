from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from procmatch.errors import EvaluationError
from procmatch.evaluation.folders import find, read_table
from procmatch.evaluation.plots import Bar, Line, plot
from procmatch.evaluation.runs import path_for, read_run, write_run


def test_bad_rows_are_kept_aside_with_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_bytes(
        b"number,name,town\n"
        b"1,Ask,\n"
        b",Bj\xc3\xb8rk,Bergen\n"
        b"3,Gran\n"
        b"4,Fur\xf8,Molde\n"
        b"\n"
        b'5,"Lerk\nog Or",\n'
        b"6,Selje,Oslo\n"
    )
    table = read_table(tmp_path, "names.csv", needs=("number", "name"))
    assert [row["number"] for row in table.rows] == ["1", "6"]
    assert table.rows[0].get("town") is None
    assert [(one.line, one.field) for one in table.aside] == [
        (3, "number"),
        (4, "row"),
        (5, "name"),
        (8, "name"),
    ]
    assert str(table.aside[0]) == "names.csv, line 3, number: empty"


def test_a_missing_file_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"er/names\.csv: no such file"):
        read_table(tmp_path, "er/names.csv", needs=("name",))
    (tmp_path / "names.csv").write_text("number,town\n1,Oslo\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="no column 'name'; it has number, town"):
        read_table(tmp_path, "names.csv", needs=("name",))
    (tmp_path / "empty.csv").touch()
    with pytest.raises(EvaluationError, match=r"empty\.csv: empty"):
        read_table(tmp_path, "empty.csv", needs=("name",))


def test_the_part_for_tests_stands_in_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "names.test_dev.csv").touch()
    assert find(tmp_path, "names.csv").name == "names.test_dev.csv"
    (tmp_path / "names.test_other.csv").touch()
    with pytest.raises(EvaluationError, match="several parts"):
        find(tmp_path, "names.csv")
    (tmp_path / "names.csv").touch()
    assert find(tmp_path, "names.csv").name == "names.csv"


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = {"1|Ask": {"20": 1e-9, "10": 0.1 + 0.2, "30": 1e-9}, "2|Bjørk": {}}
    path = tmp_path / "runs" / "out.tsv"
    write_run(path, run)
    assert read_run(path) == {"1|Ask": run["1|Ask"]}
    assert [line.split("\t")[1] for line in path.read_text("utf-8").splitlines()] == [
        "10",
        "20",
        "30",
    ]


def test_a_run_holds_the_best_hundred(tmp_path: Path) -> None:
    write_run(tmp_path / "out.tsv", {"q": {str(at): float(at) for at in range(300)}})
    assert set(read_run(tmp_path / "out.tsv")["q"]) == {str(at) for at in range(200, 300)}


def test_several_tasks_have_files_of_their_own() -> None:
    assert path_for(Path("runs/out.tsv"), "t2_ted") == Path("runs/out.t2_ted.tsv")


@pytest.mark.parametrize(
    ("run", "problem"),
    [
        ({"a\tb": {"c": 1.0}}, "cannot stand in a column"),
        ({"a": {"c\n": 1.0}}, "cannot stand in a column"),
        ({"a": {"c": float("nan")}}, "is no number"),
    ],
)
def test_what_would_spoil_a_run_file_is_refused(
    run: dict[str, dict[str, float]], problem: str, tmp_path: Path
) -> None:
    with pytest.raises(EvaluationError, match=problem):
        write_run(tmp_path / "out.tsv", run)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("a\tb\n", "line 1: 2 columns"), ("a\tb\t1\na\tb\tx\n", "line 2, score")],
)
def test_a_bad_run_file_names_the_line(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "run.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=problem):
        read_run(tmp_path / "run.tsv")
    with pytest.raises(EvaluationError, match=r"other\.tsv"):
        read_run(tmp_path / "other.tsv")


def test_a_plot_says_what_it_shows() -> None:
    lines = [
        Line(name="a & b", points=[(0.0, 0.0), (1.0, 0.2)], marks=[(0.5, 0.1)]),
        Line(name="c", bars=[Bar((0.5, 0.5), 0.4, 0.6)]),
    ]
    text = plot(
        title="Wrong < right",
        about="Two lines.",
        x_name="x",
        y_name="y",
        lines=lines,
        diagonal=True,
    )
    root = ET.fromstring(text)
    space = {"svg": "http://www.w3.org/2000/svg"}
    assert root.get("role") == "img"
    assert root.findtext("svg:title", namespaces=space) == "Wrong < right"
    assert root.findtext("svg:desc", namespaces=space) == "Two lines."
    (line,) = root.findall("svg:polyline", space)
    assert line.get("points") == "64.0,308.0 464.0,255.2"
