"""Enhetsregisteret's file of all units as CSV: the same fields as the JSON, one unit a line.

The columns are the JSON's paths (``forretningsadresse.kommunenummer``); a list stands in one cell,
a line break between its texts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from procmatch.errors import SourceError
from procmatch.model.organisation import Organisation
from procmatch.sources import enhetsregisteret

__all__ = ["read_units"]

SOURCE = "enhetsregisteret"
#: What the file spells otherwise than the JSON.
_NAMES = {
    "registreringsdatoenhetsregisteret": "registreringsdatoEnhetsregisteret",
    "registrertIMvaRegisteret": "registrertIMvaregisteret",
}
_LISTS = {"aktivitet", "vedtektsfestetFormaal", "adresse"}
_NUMBERS = {"antallAnsatte"}
_TRUTHS = {"true": True, "false": False}


def _value(name: str, cell: str) -> object:
    if name in _LISTS:
        return cell.split("\n")
    if name in _NUMBERS and cell.isdecimal():
        return int(cell)
    return _TRUTHS.get(cell, cell)


def _nested(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a line as the JSON that the reader of units knows; empty cells are left out.

    Columns that begin with ``_`` are somebody else's notes.
    """
    found: dict[str, Any] = {}
    for column, cell in row.items():
        if not cell or column.startswith("_"):
            continue
        above, _, below = column.partition(".")
        if below:
            found.setdefault(above, {})[below] = _value(below, cell)
        else:
            found[_NAMES.get(column, column)] = _value(column, cell)
    return found


def read_units(
    lines: Iterable[str], *, revision: str | None = None
) -> Iterator[Organisation | SourceError]:
    """Read the units of the file, or why one cannot be read; removed ones are left out.

    Args:
        lines: of the file, decoded, with their line ends (``open(path, newline="")``).
        revision: as in :func:`procmatch.sources.enhetsregisteret.read_unit`.

    Raises:
        SourceError: it is no CSV, or has no column of organisation numbers.
    """
    rows = csv.DictReader(lines)
    try:
        if "organisasjonsnummer" not in (rows.fieldnames or ()):
            raise SourceError("no such column", source=SOURCE, where="organisasjonsnummer")
        for row in rows:
            if None in row or None in row.values():
                yield SourceError(
                    "wrong number of cells", source=SOURCE, where=f"line {rows.line_num}"
                )
                continue
            try:
                unit = enhetsregisteret.read_unit(_nested(row), revision=revision)
            except SourceError as error:
                yield error
                continue
            if isinstance(unit, Organisation):
                yield unit
    except csv.Error as error:
        where = f"line {rows.line_num}"
        raise SourceError(f"no CSV: {error}", source=SOURCE, where=where) from error
