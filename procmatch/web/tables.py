"""A table of a page: shown behind a chart, and given out as CSV, XLSX and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

import msgspec
from fastapi.responses import Response

from procmatch.alerts.phrases import day, deadline, one_line
from procmatch.errors import ExtraMissing, NotFound
from procmatch.web.wording import number
from procmatch.workflows.csv_out import safe

__all__ = ["FORMS", "Cell", "Column", "Table", "download"]

Cell: TypeAlias = str | int | float | Decimal | date | datetime | bool | None

#: Names of the forms that a table is given out in, as a reader calls them.
FORMS = ("csv", "xlsx", "json")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_CELL = 32_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        name: in files, the same in every language. heading: for people.
        is_number: stands to the right. share: is 0..1, and shown in percent.
    """

    name: str
    heading: str
    is_number: bool = False
    share: bool = False

    def shown(self, cell: Cell, language: str) -> str:
        """Return a cell as people read it."""
        if cell is None:
            return "–"
        if isinstance(cell, datetime):
            return deadline(cell, language)
        if isinstance(cell, date):
            return day(cell, language)
        if isinstance(cell, str | bool):
            return str(cell)
        return number(cell * 100, language) if self.share else number(cell, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns; ``title`` says what they are."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]

    def cells(self, row: tuple[Cell, ...]) -> Iterator[tuple[Column, Cell]]:
        """Yield the cells of a row with their columns."""
        return zip(self.columns, row, strict=True)

    def records(self) -> list[dict[str, Cell]]:
        """Return the rows by the columns' names."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _csv(table: Table) -> bytes:
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow([column.name for column in table.columns])
    for row in table.rows:
        rows.writerow(
            [safe(_plain(cell)) if isinstance(cell, str) else _plain(cell) for cell in row]
        )
    # The mark tells a spreadsheet that it is UTF-8.
    return file.getvalue().encode("utf-8-sig")


def _xlsx(table: Table) -> bytes:
    try:
        import openpyxl  # noqa: PLC0415 - of an extra
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ExtraMissing("openpyxl", "web") from None
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("procmatch")
    for row in (tuple(column.heading for column in table.columns), *table.rows):
        line = []
        for value in row:
            # A time of a spreadsheet has no zone; a text is a text even where it begins with "=".
            given = value.isoformat() if isinstance(value, datetime) else value
            if isinstance(given, str):
                given = one_line(given)[:_LONGEST_CELL]
            cell = WriteOnlyCell(sheet, value=given)
            if isinstance(given, str):
                cell.data_type = "s"
            line.append(cell)
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def download(table: Table, form: str, name: str) -> Response:
    """Return a table as a file.

    Args:
        table: what.
        form: one of :data:`FORMS`.
        name: of the file, without its ending; ASCII.

    Raises:
        NotFound: no such form.
        ExtraMissing: openpyxl is not installed.
    """
    if form == "csv":
        body, media = _csv(table), "text/csv; charset=utf-8"
    elif form == "xlsx":
        body, media = _xlsx(table), _XLSX
    elif form == "json":
        body, media = msgspec.json.encode(table.records()), "application/json"
    else:
        raise NotFound(f"no form {form}")
    disposition = f'attachment; filename="{name}.{form}"'
    return Response(body, headers={"Content-Type": media, "Content-Disposition": disposition})
