"""A ledger that means harm: a bomb, entities, formulas, damage, amounts that are none.

It is refused by name, or read as what its cells say; nothing of it is run, followed or unpacked
without limit.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from procmatch.errors import SourceError
from procmatch.model.ledger import LedgerLine
from procmatch.workflows.ledger_file import BadLine, read_ledger

ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
GROWING = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 100 + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (at + 1, b"&%c;" % at * 100) for at in range(97, 104))
    + b"]>"
)  # fmt: skip


def book(*rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (("Leverandør", "Beløp"), *rows):
        sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def changed(body: bytes, name: str, change: bytes | None) -> bytes:
    """Return a workbook with one of its files replaced, or left out."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        if change is not None:
            new.writestr(name, change)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = book(("Bakeri AS", 10))
HOSTILE = {
    "a bomb beside the sheet": changed(GOOD, "xl/media/a.bin", b" " * 510_000_000),
    "an entity that reads a file": changed(GOOD, SHEET, ENTITY + b"<worksheet>&e;</worksheet>"),
    "entities that grow": changed(GOOD, SHEET, GROWING + b"<worksheet>&h;</worksheet>"),
    "no sheet": changed(GOOD, SHEET, None),
    "a sheet that is no XML": changed(GOOD, SHEET, b"<worksheet><sheetData><row"),
    "no book": changed(GOOD, "xl/workbook.xml", None),
    "a program": b"MZ" + bytes(range(256)),
    "nothing": b"",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_workbook_is_refused_by_name(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "reskontro.xlsx"
    path.write_bytes(body)
    with pytest.raises(SourceError, match=r"reskontro\.xlsx") as refused:
        list(read_ledger(path, {}))
    assert "root:" not in str(refused.value)


def test_a_formula_is_read_as_the_value_it_had_or_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "reskontro.xlsx"
    path.write_bytes(book(('=HYPERLINK("http://x")', 5), ("Bakeri AS", "=1+1"), ("Bakeri AS", 10)))
    lines = list(read_ledger(path, {}))
    assert [one.amount for one in lines if isinstance(one, LedgerLine)] == [10]
    # What was never worked out has no value: the lines are named.
    assert [one.row for one in lines if isinstance(one, BadLine)] == [2, 3]


@pytest.mark.parametrize("told", ["9" * 400, "1e999999", "1e15", "NaN", "Infinity", "--1", "٣,x"])
def test_an_amount_that_nobody_can_pay_is_named(tmp_path: Path, told: str) -> None:
    path = tmp_path / "reskontro.csv"
    path.write_text(f"Leverandør;Beløp\nA AS;{told}\nB AS;10\n", encoding="utf-8")
    bad, good = read_ledger(path, {})
    assert isinstance(bad, BadLine)
    assert bad.column == "Beløp"
    assert isinstance(good, LedgerLine)
    assert good.amount == Decimal(10)


@given(at=st.integers(0, len(GOOD) - 1), noise=st.binary(min_size=1, max_size=40))
def test_a_workbook_damaged_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "reskontro.xlsx"
    path.write_bytes(GOOD[:at] + noise + GOOD[at + len(noise) :])
    with suppress(SourceError):
        list(read_ledger(path, {}))
