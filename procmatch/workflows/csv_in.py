"""Tables of others: delimited text of any common kind, read row by row."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from procmatch.errors import SourceError

__all__ = ["Row", "Table", "open_table", "position"]

_DELIMITERS = ",;\t"
_PIECE = 1 << 20
#: A header longer than this is no header.
_LONGEST_HEADER = 1 << 16
_SHOWN = 300
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row.

    Attributes:
        line: in the file, its last if it spans several; the header is line 1.
        cells: one for each column. problem: why the row cannot be used, or ``""``; ``cells`` then
            holds what of it fits.
    """

    line: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file whose header was read.

    Attributes:
        path: where. encoding, delimiter: found out. columns: as the header names them.
        lines: in the file, about as many as rows.
    """

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    lines: int

    @property
    def is_fallback(self) -> bool:
        """Whether the file is no UTF-8 and was read as Windows-1252."""
        return self.encoding == "cp1252"

    def rows(self) -> Iterator[Row]:
        """Yield rows; one that cannot be read does not stop the rest. Empty lines are left out."""
        width = len(self.columns)
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            next(reader)
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Row(line=reader.line_num, cells=("",) * width, problem=str(error))
                    continue
                if cells:
                    yield self._row(reader.line_num, cells)

    def _row(self, line: int, cells: list[str]) -> Row:
        width = len(self.columns)
        problem = f"{len(cells)} fields, the header has {width}" if len(cells) > width else ""
        filled = (*cells[:width], *([""] * (width - len(cells))))
        return Row(line=line, cells=filled, problem=problem)


def open_table(path: Path, needed: Sequence[str] = ()) -> Table:
    """Find out how a file is written, and read its header.

    UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252; fields between
    commas, semicolons or tabs.

    Args:
        path: the file.
        needed: columns that it must have.

    Raises:
        SourceError: the file is empty or cannot be read, or a column is missing or there twice.
    """
    try:
        encoding, lines = _encoding(path)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            header = file.read(_LONGEST_HEADER)
    except OSError as error:
        raise SourceError(error.strerror or str(error), source=path.name) from None
    headers = [(_header(header, delimiter), delimiter) for delimiter in _DELIMITERS]
    # A name of a column may hold another of the delimiters: what is needed decides first.
    columns, delimiter = max(
        headers, key=lambda one: (sum(name in one[0] for name in needed), len(one[0]))
    )
    if not any(columns):
        raise SourceError("the file is empty or begins with an empty line", source=path.name)
    for name in needed:
        position(path, columns, name)
    return Table(path=path, encoding=encoding, delimiter=delimiter, columns=columns, lines=lines)


def position(path: Path, columns: Sequence[str], name: str) -> int:
    """Return which column bears a name.

    Raises:
        SourceError: none does, or several do.
    """
    if columns.count(name) == 1:
        return columns.index(name)
    shown = ", ".join(columns)[:_SHOWN]
    reason = "there are several such columns" if name in columns else "no such column"
    raise SourceError(f"{reason}; there are: {shown}", source=path.name, where=name)


def _header(text: str, delimiter: str) -> tuple[str, ...]:
    cells: list[str] = []
    with suppress(csv.Error, StopIteration):
        cells = next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    return tuple(cell.strip() for cell in cells)


def _encoding(path: Path) -> tuple[str, int]:
    """Return the encoding of a file, and how many line ends it has; all of it is looked at."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, is_utf8 = 0, True
    with path.open("rb") as file:
        beginning = file.read(len(codecs.BOM_UTF8))
        file.seek(0)
        while piece := file.read(_PIECE):
            lines += piece.count(b"\n")
            try:
                is_utf8 = is_utf8 and decoder.decode(piece) is not None
            except UnicodeDecodeError:
                is_utf8 = False
    with suppress(UnicodeDecodeError):
        if is_utf8:
            decoder.decode(b"", final=True)
            return "utf-8-sig" if beginning == codecs.BOM_UTF8 else "utf-8", lines
    return "utf-16" if beginning.startswith(_UTF16) else "cp1252", lines
