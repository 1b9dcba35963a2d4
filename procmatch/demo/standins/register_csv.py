"""Enhetsregisteret's bulk file as CSV, with the oddities of the live one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from procmatch.demo.standins.content import Json

__all__ = ["as_csv"]

_LEFT_OUT = {"_links", "respons_klasse", "historiskeNavn"}
#: The file spells a few names otherwise than the JSON.
_CSV_NAMES = {
    "registreringsdatoEnhetsregisteret": "registreringsdatoenhetsregisteret",
    "registrertIMvaregisteret": "registrertIMvaRegisteret",
}
#: Columns are added without notice.
_NEW_COLUMN = "nyttFelt2026"


def _cells(item: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        if name in _LEFT_OUT:
            continue
        column = f"{above}{_CSV_NAMES.get(name, name)}"
        if isinstance(value, dict):
            yield from _cells(value, f"{column}.")
        elif isinstance(value, list):
            # Real line breaks inside cells: nobody can count lines.
            yield column, "\n".join(map(str, value))
        elif isinstance(value, bool):
            yield column, str(value).lower()
        else:
            yield column, str(value)


def as_csv(items: Sequence[Json]) -> bytes:
    """Return items as the register's CSV: comma, every cell quoted, UTF-8."""
    rows = [dict(_cells(item)) for item in items]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(
        text, [*columns, _NEW_COLUMN], restval="", quoting=csv.QUOTE_ALL, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
