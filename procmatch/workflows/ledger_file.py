"""A buyer's ledger as a table: CSV of any common kind, or a spreadsheet (XLSX)."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from procmatch.codes import orgnr
from procmatch.errors import CodeError, ExtraMissing, SourceError
from procmatch.model.ledger import LedgerLine
from procmatch.workflows.csv_in import open_table

__all__ = ["COLUMNS", "BadLine", "Columns", "guess", "read_ledger"]

#: Field -> names that ledgers give its column, without case and signs; the first that is there.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "supplier": ("leverandør", "leverandørnavn", "leverandor", "supplier", "suppliername", "navn"),
    "number": ("orgnr", "organisasjonsnummer", "leverandørorgnr", "organizationnumber", "vat"),
    "amount": ("beløp", "beløpeksmva", "nettobeløp", "sum", "amount", "netamount", "total"),
    "unit": ("enhet", "avdeling", "ansvar", "virksomhet", "tjenestested", "unit", "department"),
    "day": ("dato", "bilagsdato", "fakturadato", "date", "invoicedate"),
}
_NEEDED = ("supplier", "amount")
_NOT_LETTERS = re.compile(r"[^a-zæøå]")
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%Y%m%d", "%d/%m/%Y")
_BLANKS = re.compile(r"[\s\u00a0\u202f']")
#: More kroner than any municipality has.
_NO_AMOUNT = Decimal(10) ** 15
#: A spreadsheet unpacks to no more than this, in no more files.
_MOST_UNPACKED, _MOST_FILES = 500_000_000, 5_000
_THOUSANDS = re.compile(r"^-?\d{1,3}(?:\.\d{3})+$")

#: What a damaged or hostile spreadsheet raises while it is read.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    MemoryError,
    ParseError,
    RuntimeError,  # a password, or a packing that Python does not know
    TypeError,
    ValueError,
    zlib.error,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what; None where the table has none."""

    supplier: str
    amount: str
    number: str | None = None
    unit: str | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A row that could not be read: its number (the header is 1), the column and why."""

    row: int
    column: str
    reason: str


def _plain(name: str) -> str:
    return _NOT_LETTERS.sub("", name.lower())


def guess(path: Path, names: Sequence[str], given: Mapping[str, str]) -> Columns:
    """Return the columns of a table: those that are given, else by their names.

    Raises:
        SourceError: a column that is given is not there, or none is for supplier or amount.
    """
    found: dict[str, str] = {}
    for field, known in COLUMNS.items():
        if field in given:
            if given[field] not in names:
                shown = ", ".join(names)[:300]
                raise SourceError(
                    f"no such column; there are: {shown}", source=path.name, where=given[field]
                )
            found[field] = given[field]
            continue
        match = next((one for word in known for one in names if _plain(one) == word), None)
        if match is not None:
            found[field] = match
    for field in _NEEDED:
        if field not in found:
            shown = ", ".join(names)[:300]
            raise SourceError(
                f"no column for the {field} was recognised; name it. There are: {shown}",
                source=path.name,
                where="header",
            )
    return Columns(**found)


def _amount(text: str) -> Decimal:
    """Read "1 234,50", "1.234,50", "-12" and "(12)"; raise InvalidOperation for anything else."""
    plain = _BLANKS.sub("", text).removesuffix("kr").removeprefix("kr")
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    if plain.endswith("-"):
        plain = f"-{plain[:-1]}"
    if "," in plain or _THOUSANDS.match(plain):
        plain = plain.replace(".", "").replace(",", ".")
    found = Decimal(plain)
    if not found.is_finite() or abs(found) >= _NO_AMOUNT:
        raise InvalidOperation
    return found


def _day(text: str) -> date | None:
    """Read a day in one of the usual forms; raise ValueError for anything else."""
    if not text:
        return None
    for form in _DAYS:
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)


def read_ledger(path: Path, given: Mapping[str, str]) -> Iterator[LedgerLine | BadLine]:
    """Yield the lines of a ledger in order; one that cannot be read does not stop the rest.

    Args:
        path: ``.xlsx``, or a text table of any common kind.
        given: field (see :data:`COLUMNS`) -> name of its column, where it is not the usual one.

    Raises:
        SourceError: the file as a whole cannot be read, or lacks a column.
        ExtraMissing: a spreadsheet, and the library for it is not installed.
    """
    names, rows = _spreadsheet(path) if path.suffix.lower() == ".xlsx" else _text(path)
    columns = guess(path, names, given)
    at = {
        field: names.index(name)
        for field in COLUMNS
        if (name := getattr(columns, field)) is not None
    }
    for row, cells, problem in rows:
        yield (
            BadLine(row=row, column="", reason=problem)
            if problem
            else _line(row, {field: cells[place].strip() for field, place in at.items()}, columns)
        )


def _line(row: int, told: Mapping[str, str], columns: Columns) -> LedgerLine | BadLine:
    try:
        amount = _amount(told["amount"])
    except InvalidOperation:
        return BadLine(row=row, column=columns.amount, reason=f"no amount: {told['amount']!r}")
    try:
        day = _day(told.get("day", ""))
    except ValueError:
        return BadLine(row=row, column=str(columns.day), reason=f"no date: {told['day']!r}")
    if not told["supplier"] and not told.get("number"):
        return BadLine(row=row, column=columns.supplier, reason="no supplier is named")
    return LedgerLine(
        row=row,
        supplier=told["supplier"],
        amount=amount,
        number=_number(told.get("number", "")),
        unit=told.get("unit", ""),
        day=day,
    )


def _number(text: str) -> str | None:
    try:
        return orgnr.clean(text)
    except CodeError:
        return None  # the name is still there to go by


_Rows = Iterator[tuple[int, Sequence[str], str]]


def _text(path: Path) -> tuple[list[str], _Rows]:
    table = open_table(path)
    return list(table.columns), ((one.line, one.cells, one.problem) for one in table.rows())


def _spreadsheet(path: Path) -> tuple[list[str], _Rows]:
    """Read the first sheet; values as they were last worked out, never as formulas."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - an extra
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415
    except ImportError:
        raise ExtraMissing("openpyxl", "tables") from None
    try:
        # Read at once: what is damaged leaves no file open behind it.
        body = io.BytesIO(path.read_bytes())
        _no_bomb(path, body)
        book = load_workbook(body, read_only=True, data_only=True)
        rows = _whole(path, book.worksheets[0].iter_rows(values_only=True))
    except (InvalidFileException, OSError, *_BROKEN) as error:
        raise SourceError(f"no spreadsheet: {error}", source=path.name) from None
    header = next(rows, ())
    names = [_cell(one) for one in header]
    if not any(names):
        raise SourceError("the first sheet is empty or begins empty", source=path.name)
    return names, (
        (at, [*map(_cell, row), *[""] * (len(names) - len(row))], "")
        for at, row in enumerate(rows, start=2)
        if any(one is not None for one in row)
    )


def _no_bomb(path: Path, body: io.BytesIO) -> None:
    """Refuse what would unpack to far more than any ledger; Python unpacks no more than is told."""
    with ZipFile(body) as packed:
        inside = packed.infolist()
    if len(inside) > _MOST_FILES or sum(one.file_size for one in inside) > _MOST_UNPACKED:
        raise SourceError(
            f"unpacks to more than {_MOST_UNPACKED // 10**6} MB or {_MOST_FILES} files",
            source=path.name,
        )


def _whole(path: Path, rows: Iterator[Sequence[object]]) -> Iterator[Sequence[object]]:
    """Yield rows; a file that breaks off in the midst of them is named."""
    try:
        yield from rows
    except _BROKEN as error:
        raise SourceError(f"the spreadsheet is damaged: {error}", source=path.name) from None


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
