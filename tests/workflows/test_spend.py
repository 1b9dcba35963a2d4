"""Ledgers of buyers: read whatever the spreadsheet, linked, counted to the last krone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from procmatch.errors import SourceError
from procmatch.insight.shares import Measure, Question, share
from procmatch.insight.spend import leakage
from procmatch.model.ledger import LedgerLine
from procmatch.model.organisation import IndustryCode, Organisation, OrgId
from procmatch.model.values import Place
from procmatch.store import Store, ledgers, organisations
from procmatch.workflows.ledger_file import BadLine, read_ledger
from procmatch.workflows.spend import import_spend, spent_by, trades_nearby

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BAKER, PERSON = "310000027", "310000035"
CSV = (
    "Leverandør;Org.nr.;Beløp eks mva;Enhet;Fakturadato\r\n"
    "Havneset Bakeri AS;310 000 027;1 234,50;Skulen;31.01.2025\r\n"
    "Havneset Bakeri AS;;-200,00;Skulen;01.02.2025\r\n"
    "Ukjent Leverandør;;\u00a05\u00a0000,00;;2025-03-01\r\n"
    "Kari Nordmann;310000035;100;;\r\n"
    ";;12;;\r\n"
    "Feil AS;;ikke tall;;\r\n"
    "Feil AS;;7;;i går\r\n"
)


def clock() -> datetime:
    return NOW


def _unit(number: str, name: str, form: str) -> Organisation:
    return Organisation(
        id=OrgId("NO-BRC", number),
        name=name,
        legal_form=form,
        employees=6,
        industry_codes=(IndustryCode("SN2025", "10.710"),),
        business_place=Place(municipality="9803"),
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "reskontro.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.fixture
def register(store: Store) -> Store:
    with store.begin() as connection:
        organisations.save_organisations(
            connection,
            [_unit(BAKER, "HAVNESET BAKERI AS", "AS"), _unit(PERSON, "KARI NORDMANN", "ENK")],
        )
    return store


def test_amounts_and_days_are_read_as_norwegians_write_them(ledger: Path) -> None:
    lines = [one for one in read_ledger(ledger, {}) if isinstance(one, LedgerLine)]
    assert [one.amount for one in lines] == [
        Decimal("1234.50"), Decimal("-200.00"), Decimal("5000.00"), Decimal(100),
    ]  # fmt: skip
    assert lines[0].number == BAKER
    assert [one.day for one in lines[:2]] == [date(2025, 1, 31), date(2025, 2, 1)]


def test_a_bad_line_is_named_by_row_and_column_and_stops_nothing(ledger: Path) -> None:
    bad = [one for one in read_ledger(ledger, {}) if isinstance(one, BadLine)]
    assert [(one.row, one.column) for one in bad] == [
        (6, "Leverandør"), (7, "Beløp eks mva"), (8, "Fakturadato"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1.234.567,89", "1234567.89"),
        ("1 234", "1234"),
        ("12.50", "12.50"),
        ("1.234", "1234"),
        ("(300)", "-300"),
        ("300-", "-300"),
        ("kr 50", "50"),
    ],
)
def test_every_usual_way_of_writing_an_amount(written: str, read: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"supplier\tamount\nA\t{written}\n", encoding="utf-8")
    (line,) = read_ledger(path, {})
    assert isinstance(line, LedgerLine)
    assert line.amount == Decimal(read)


@pytest.mark.parametrize("written", ["NaN", "Infinity", "=1+1", "", "1,2,3"])
def test_what_is_no_amount_is_said_so(written: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f'supplier\tamount\nA\t"{written}"\n', encoding="utf-8")
    (line,) = read_ledger(path, {})
    assert isinstance(line, BadLine)


def test_a_spreadsheet_says_the_same_as_a_text_table(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Leverandør", "Beløp", "Dato"])
    sheet.append(["Havneset Bakeri AS", 1234.5, datetime(2025, 1, 31)])  # noqa: DTZ001
    sheet.append([None, None, None])
    sheet.append(["Annen AS", 10, None])
    path = tmp_path / "reskontro.xlsx"
    book.save(path)
    lines = list(read_ledger(path, {}))
    assert [(one.row, one.amount) for one in lines if isinstance(one, LedgerLine)] == [
        (2, Decimal("1234.5")),
        (4, Decimal(10)),
    ]


def test_what_is_no_spreadsheet_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"not a zip")
    with pytest.raises(SourceError, match=r"x\.xlsx"):
        list(read_ledger(path, {}))


def test_a_column_that_is_not_recognised_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("hvem;hvor mye\nA;1\n", encoding="utf-8")
    with pytest.raises(SourceError, match="name it"):
        list(read_ledger(path, {}))
    (line,) = read_ledger(path, {"supplier": "hvem", "amount": "hvor mye"})
    assert isinstance(line, LedgerLine)


def test_every_krone_stands_in_the_share_and_the_same_file_counts_once(
    register: Store, ledger: Path
) -> None:
    report = import_spend(register, ledger, place="9803", clock=clock)
    assert (report.lines, len(report.bad), report.amount) == (4, 3, Decimal("6134.50"))
    again = import_spend(register, ledger, place="9803", clock=clock)
    assert again.already
    rows = spent_by(register, "9803", clock)
    local = share(rows, Question.LOCAL, Measure.VALUE)
    assert local.whole == report.amount
    # A name alone is no certain link: only the lines with a number are.
    assert local.yes == Decimal("1334.50")


def test_a_sole_proprietors_name_is_not_kept(register: Store, ledger: Path) -> None:
    import_spend(register, ledger, place="9803", clock=clock)
    with register.read() as connection:
        paid = [one for one in ledgers.lines_of(connection, "9803") if one.amount == Decimal(100)]
    assert [(one.supplier, one.number) for one in paid] == [(None, None)]


def test_what_the_law_removed_keeps_its_sum_and_loses_its_name(
    register: Store, ledger: Path
) -> None:
    import_spend(register, ledger, place="9803", clock=clock)
    with register.begin() as connection:
        organisations.purge(connection, OrgId("NO-BRC", BAKER))
        paid = list(ledgers.lines_of(connection, "9803"))
    assert sum(one.amount for one in paid) == Decimal("6134.50")
    assert all(one.org is None or one.org.number != BAKER for one in paid)


def test_a_ledger_can_be_forgotten(register: Store, ledger: Path) -> None:
    import_spend(register, ledger, place="9803", clock=clock)
    with register.begin() as connection:
        ((key, name, _),) = ledgers.of_place(connection, "9803")
        assert name == "reskontro.csv"
        assert ledgers.forget(connection, key)
        assert list(ledgers.lines_of(connection, "9803")) == []


def test_leakage_names_how_many_of_the_trade_are_nearby(register: Store, ledger: Path) -> None:
    import_spend(register, ledger, place="9803", clock=clock)
    nearby = trades_nearby(register, "9803")
    assert nearby == {"10": 1}
    leaks = leakage(spent_by(register, "9803", clock), lambda division: nearby[division])
    assert {leak.category for leak in leaks} == {"10", ""}
