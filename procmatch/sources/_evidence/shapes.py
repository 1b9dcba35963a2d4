"""What the readers of evidence share: numbers, dates, tables, JSON, and what is strange."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec

from procmatch.codes import orgnr
from procmatch.errors import CodeError, SourceChanged, SourceError
from procmatch.model.evidence import PrintedEvidence, Unread

__all__ = [
    "BadValue",
    "Strange",
    "an_object",
    "day",
    "decode_json",
    "each",
    "key_of",
    "number",
    "one_line",
    "table",
    "whole",
]

T = TypeVar("T")

_SPACES = re.compile(r"\s+")
_DELIMITERS = ";,\t"
_ALL_TEXT = 2000
#: A text stays short enough for a line on a screen.
_SHORT = 300
_NINE = 9


class BadValue(ValueError):
    """One value of a row cannot be used; ``where`` is its field."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(reason)
        self.where = where
        self.reason = reason


class Strange:
    """Collects fields that nobody knows: each is set aside once, not once a row."""

    def __init__(self) -> None:
        self._fields: dict[str, None] = {}

    def note(self, names: Iterable[str], known: frozenset[str]) -> None:
        """Note those of ``names`` that are not ``known``."""
        self._fields |= dict.fromkeys(name for name in names if name not in known)

    def unread(self) -> tuple[Unread, ...]:
        """Return the fields as things set aside."""
        return tuple(
            Unread(key=f"field {name}"[:100], where=name[:100], reason="a field that is not known")
            for name in self._fields
        )


def each(
    items: Iterable[tuple[str, T]], read_one: Callable[[T], Iterable[PrintedEvidence]]
) -> tuple[list[PrintedEvidence], list[Unread]]:
    """Read (name, record) pairs; a record with a value that cannot be used is set aside alone."""
    rows: list[PrintedEvidence] = []
    unread: list[Unread] = []
    for name, item in items:
        try:
            rows += read_one(item)
        except BadValue as error:
            unread.append(Unread(key=name, where=error.where, reason=error.reason))
    return rows, unread


def an_object(item: object, where: str) -> dict[str, Any]:
    """Return a JSON object. Raises BadValue when it is something else."""
    if not isinstance(item, dict):
        raise BadValue(where, "not an object")
    return item


def whole(row: Mapping[str, str] | None) -> Mapping[str, str]:
    """Return a row of a table. Raises BadValue when it has another number of cells."""
    if row is None:
        raise BadValue("row", "another number of cells than the header")
    return row


def number(value: object, where: str) -> str:
    """Return an organisation number; a spreadsheet's integer gets its zeros back.

    Raises:
        BadValue: it is none.
    """
    text = str(value if value is not None else "").strip()
    if text.isdecimal() and len(text) < _NINE:
        text = text.zfill(_NINE)
    try:
        return orgnr.clean(text)
    except CodeError as error:
        raise BadValue(where, str(error) if text else "no organisation number") from None


def day(text: str, where: str, *forms: str) -> date | None:
    """Return a date, or None for an empty text.

    Args:
        text: as printed.
        where: the field.
        forms: as in ``strptime``.

    Raises:
        BadValue: it is no date of one of the forms.
    """
    text = text.strip()
    if not text:
        return None
    for form in forms:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise BadValue(where, f"{text[:40]!r} is no date")


def one_line(value: object) -> str:
    """Return a short clean line."""
    text = _SPACES.sub(" ", str(value if value is not None else "")[:_ALL_TEXT]).strip()
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def key_of(*parts: object) -> str:
    """Return a key of a row that has no id: the same parts give the same key, and tell nothing."""
    text = "\x1f".join(one_line(part).casefold() for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def decode_json(source: str, body: bytes) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return decoded JSON.

    Raises:
        SourceError: it is none.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"not JSON: {error}", source=source) from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; the rest of a file should not fall with them.
        return body.decode("cp1252", errors="replace")


def table(
    source: str, body: bytes, needs: Sequence[str]
) -> tuple[tuple[str, ...], Iterator[tuple[str, Mapping[str, str] | None]]]:
    """Read a delimited file: UTF-8 or Windows-1252; semicolon, comma or tab.

    Args:
        source: for errors.
        body: the file.
        needs: columns that must be there, in small letters.

    Returns:
        The columns in small letters, and ("line 2", row) pairs; a row with another number of
        cells than the header is None. A row that spans lines has the number of its last.

    Raises:
        SourceChanged: a column is missing. SourceError: the file is empty.
    """
    text = _text(body)
    first = text.split("\n", 1)[0]
    if not first.strip():
        raise SourceError("the file is empty or begins with an empty line", source=source)
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = tuple(_SPACES.sub(" ", name).strip().lower() for name in next(reader))
    for name in needs:
        if name not in columns:
            shown = ", ".join(columns)[:200]
            raise SourceChanged(f"no such column; there are: {shown}", source=source, where=name)

    def rows() -> Iterator[tuple[str, Mapping[str, str] | None]]:
        try:
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                whole = len(cells) == len(columns)
                named = dict(zip(columns, map(str.strip, cells), strict=True)) if whole else None
                yield f"line {reader.line_num}", named
        except csv.Error as error:
            raise SourceError(str(error), source=source, where=f"line {reader.line_num}") from None

    return columns, rows()
