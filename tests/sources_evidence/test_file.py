"""The form in which people hand over evidence."""

from __future__ import annotations

from datetime import date

import pytest

from procmatch.codes.evidence import kinds
from procmatch.errors import SourceChanged, SourceError
from procmatch.model.evidence import Reading
from procmatch.sources.evidence import COLUMNS, read_file

NUMBER = "310000108"
HEADER = "kind,source,name,number,valid_from,valid_to,reference,place"


def read(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> Reading:
    return read_file("\n".join([header, *rows]).encode(encoding))


GOOD = f"eco_lighthouse,Miljøfyrtårn,Bakeriet AS,{NUMBER},2025-01-01,31.12.2027,M-1,Asker"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_usual_forms_of_a_table_are_read(encoding: str, delimiter: str) -> None:
    body = f"{HEADER}\r\n{GOOD}\r\n".replace(",", delimiter).encode(encoding)
    (row,) = read_file(body).rows
    assert row.source == "Miljøfyrtårn"
    assert (row.name, row.number, row.place) == ("Bakeriet AS", NUMBER, "Asker")
    assert (row.valid_from, row.valid_to) == (date(2025, 1, 1), date(2027, 12, 31))


def test_columns_may_come_in_any_order_and_spelling_of_the_case() -> None:
    (row,) = read("Bakeriet AS,Kilde,eco_lighthouse", header="Name,SOURCE,Kind").rows
    assert (row.name, row.kind, row.number) == ("Bakeriet AS", "eco_lighthouse", None)


@pytest.mark.parametrize(
    ("row", "where", "said"),
    [
        ("miljø,K,A AS,,,,,", "kind", "eco_lighthouse"),
        (",K,A AS,,,,,", "kind", "no kind"),
        ("eco_lighthouse,,A AS,,,,,", "source", "1 to 80"),
        ("eco_lighthouse,K,A AS,123456789,,,,", "number", "123456789"),
        ("eco_lighthouse,K,,,,,,", "name", "neither"),
        ("eco_lighthouse,K,123,,,,,", "name", "neither"),
        ("eco_lighthouse,K,A AS,,2025-13-01,,,", "valid_from", "2025-13-01"),
        ("eco_lighthouse,K,A AS,,,neste år,,", "valid_to", "neste år"),
        ("eco_lighthouse,K,A AS,,2025-01-02,2025-01-01,,", "valid_to", "before"),
        ("eco_lighthouse,K", "row", "cells"),
    ],
)
def test_a_bad_row_is_set_aside_with_line_field_and_reason(row: str, where: str, said: str) -> None:
    found = read(GOOD, row, GOOD)
    assert len(found.rows) == 2
    (bad,) = found.unread
    assert (bad.key, bad.where) == ("line 3", where)
    assert said in bad.reason


def test_a_column_that_is_not_known_is_left_out_and_named() -> None:
    found = read(f"{GOOD},x", header=f"{HEADER},telefon")
    assert len(found.rows) == 1
    assert [one.where for one in found.unread] == ["telefon"]


@pytest.mark.parametrize("header", ["name,number,kind", "kind,source", "navn;nr;type"])
def test_a_header_that_lacks_what_is_needed_is_refused(header: str) -> None:
    with pytest.raises(SourceChanged):
        read(header=header)


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError, match="empty"):
        read_file(body)


def test_the_key_of_a_row_tells_no_name_and_stays_when_the_end_moves() -> None:
    (first,) = read(GOOD).rows
    (later,) = read(GOOD.replace("31.12.2027", "31.12.2030")).rows
    assert first.key == later.key
    assert "bakeri" not in first.key
    (other,) = read(GOOD.replace("M-1", "M-2")).rows
    assert other.key != first.key


def test_a_line_break_inside_a_cell_keeps_the_count_of_lines() -> None:
    found = read('eco_lighthouse,K,"Bakeriet\nAS",,,,,', "x,K,B AS,,,,,")
    assert found.rows[0].name == "Bakeriet AS"
    assert [one.key for one in found.unread] == ["line 4"]


def test_every_column_is_told_of() -> None:
    assert all(COLUMNS.values())
    for kind in kinds():
        assert read(f"{kind},K,A AS,{NUMBER},,,,").rows
