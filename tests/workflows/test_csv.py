"""Tables of others are read whatever they are like, and ours do no harm."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.errors import SourceError
from procmatch.workflows.csv_in import open_table
from procmatch.workflows.csv_out import plain, safe, whole_file


def written(folder: Path, body: bytes) -> Path:
    path = folder / "in.csv"
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_common_kind_of_table_is_read(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    header, town = delimiter.join(("navn", "sted")), delimiter.join(("Bø", "Bø"))
    quoted = f'"Brød{delimiter} og kaffe"{delimiter}Ås'
    text = end.join((header, quoted, "", town, ""))
    table = open_table(written(tmp_path, text.encode(encoding)), ["navn"])
    assert (table.columns, table.delimiter) == (("navn", "sted"), delimiter)
    assert table.is_fallback is (encoding == "cp1252")
    assert [(row.line, row.cells) for row in table.rows()] == [
        (2, (f"Brød{delimiter} og kaffe", "Ås")),
        (4, ("Bø", "Bø")),
    ]


def test_a_column_whose_name_holds_a_delimiter_decides_what_the_delimiter_is(
    tmp_path: Path,
) -> None:
    table = open_table(written(tmp_path, b"name, as printed, in full;place\nA;B\n"), ["place"])
    assert table.columns == ("name, as printed, in full", "place")


@pytest.mark.parametrize(
    ("body", "needed", "said"),
    [
        (b"", [], "in.csv: the file is empty"),
        (b"\n\nname\n", [], "in.csv: the file is empty"),
        (b"a,b\n", ["name"], "in.csv: name: no such column; there are: a, b"),
        (b"name,name\n", ["name"], "in.csv: name: there are several such columns"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    tmp_path: Path, body: bytes, needed: list[str], said: str
) -> None:
    with pytest.raises(SourceError) as raised:
        open_table(written(tmp_path, body), needed)
    assert str(raised.value).startswith(said)


def test_one_bad_row_does_not_stop_the_rest(tmp_path: Path) -> None:
    long = b"x" * (csv.field_size_limit() + 1)
    body = b"a,b\n1,2,3\n4\n" + long + b",5\n6,7\n"
    rows = list(open_table(written(tmp_path, body)).rows())
    assert [row.cells for row in rows] == [("1", "2"), ("4", ""), ("", ""), ("6", "7")]
    assert [bool(row.problem) for row in rows] == [True, False, True, False]
    assert rows[0].problem == "3 fields, the header has 2"


@given(st.binary(max_size=300))
def test_no_file_crashes_the_reader(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = written(tmp_path_factory.mktemp("any"), body)
    try:
        table = open_table(path)
    except SourceError:
        return
    for row in table.rows():
        assert len(row.cells) == len(table.columns)


@given(st.text(alphabet=st.sampled_from("'=+-@\t\ra"), max_size=6))
def test_a_cell_that_was_made_safe_comes_back(text: str) -> None:
    assert plain(safe(text)) == text
    assert safe(text)[:1] not in set("=+-@\t\r")


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("before", encoding="utf-8")

    def break_off() -> None:
        with whole_file(path) as file:
            file.write("half")
            file.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert path.read_text(encoding="utf-8") == "before"
    with whole_file(path) as file:
        file.write("whole")
    assert path.read_text(encoding="utf-8") == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"), whole_file(tmp_path / "no" / "out.csv"):
        pass
