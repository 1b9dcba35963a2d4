"""Tables of a labelled folder: what is missing is named, what is bad is kept aside."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from procmatch.errors import EvaluationError

__all__ = ["Row", "SetAside", "Table", "find", "read_table"]

#: What would break a line or a column of a run file, and characters that were not UTF-8.
_UNREADABLE = re.compile("[\x00-\x08\n-\x1f\ud800-\udfff]")
_LONGEST_FIELD = 1_000_000


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is not measured: which file, line (from 1, the header's) and field, and why."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.field}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its values by column, as they stand in the file, and the line where it ends."""

    values: Mapping[str, str]
    line: int

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def get(self, column: str) -> str | None:
        """Return a value without the space around it, or None where there is none."""
        return self.values.get(column, "").strip() or None


@dataclass(slots=True)
class Table:
    """The rows of one file.

    Attributes:
        file: its path inside the folder. columns: of its header.
        rows: those that can be used. aside: those that cannot.
    """

    file: str
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)

    def set_aside(self, line: int, column: str, reason: str) -> None:
        """Keep a row out of the measures."""
        self.aside.append(SetAside(self.file, line, column, reason))


def find(folder: Path, name: str) -> Path:
    """Return the path of a file of ``folder``, or of its one part that is meant for tests.

    Args:
        folder: the labelled folder.
        name: path inside it, e.g. ``"er/names.csv"``; where there is no such file,
            ``er/names.test_*.csv`` is taken.

    Raises:
        EvaluationError: there is none, or there are several parts.
    """
    path = folder / name
    if path.is_file():
        return path
    parts = sorted(path.parent.glob(f"{path.stem}.test_*{path.suffix}"))
    if len(parts) == 1:
        return parts[0]
    if parts:
        raise EvaluationError(f"{name}: several parts: {', '.join(part.name for part in parts)}")
    raise EvaluationError(f"{name}: no such file in {folder.name or folder}")


def read_table(
    folder: Path,
    name: str,
    *,
    needs: Collection[str],
    filled: Collection[str] | None = None,
    delimiter: str = ",",
) -> Table:
    """Read a table with a header.

    Args:
        folder: the labelled folder.
        name: as in :func:`find`.
        needs: columns that must be there; others may be absent.
        filled: columns that must not be empty; None: all that are needed.
        delimiter: between columns.

    Raises:
        EvaluationError: no such file, or a column that is needed is absent.
    """
    path = find(folder, name)
    table = Table(path.relative_to(folder).as_posix())
    # Bytes that are no UTF-8 are let through, so that they spoil their own row only.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        for line, cells in _lines(lines, table, delimiter):
            if not table.columns:
                table.columns = tuple(cell.strip() for cell in cells)
                _check_header(table, needs)
            elif cells:
                _take(table, line, cells, needs if filled is None else filled)
    if not table.columns:
        raise EvaluationError(f"{table.file}: empty")
    return table


def _lines(lines: Iterator[str], table: Table, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            table.set_aside(reader.line_num, "row", str(error))
            continue
        yield reader.line_num, cells


def _check_header(table: Table, needs: Collection[str]) -> None:
    for column in needs:
        if column not in table.columns:
            has = ", ".join(table.columns)
            raise EvaluationError(f"{table.file}: no column {column!r}; it has {has}"[:300])


def _take(table: Table, line: int, cells: list[str], filled: Collection[str]) -> None:
    if len(cells) != len(table.columns):
        reason = f"{len(cells)} cells where the header has {len(table.columns)}"
        table.set_aside(line, "row", reason)
        return
    values = dict(zip(table.columns, cells, strict=True))
    for column, value in values.items():
        if column in filled and not value.strip():
            table.set_aside(line, column, "empty")
            return
        if _UNREADABLE.search(value) or len(value) > _LONGEST_FIELD:
            table.set_aside(line, column, "characters that are no text")
            return
    table.rows.append(Row(values, line))
