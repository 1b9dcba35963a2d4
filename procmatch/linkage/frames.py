"""Queries from tables of any library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, cast

import narwhals.stable.v1 as nw

from procmatch.errors import LinkageError
from procmatch.linkage.query import Query

__all__ = ["queries_of"]

_POSTCODE_DIGITS = 4
_FIELDS = tuple(field.name for field in fields(Query))


def queries_of(given: Iterable[Query] | object) -> Iterable[Query]:
    """Return queries from an iterable of them, or from a frame with columns of their names.

    Raises:
        LinkageError: a frame without a column ``name``, or neither frame nor iterable.
    """
    frame = nw.from_native(given, eager_only=True, pass_through=True)
    if isinstance(frame, nw.DataFrame):
        return _rows(frame)
    if not isinstance(given, Iterable):
        raise LinkageError(
            f"queries: neither a frame nor queries one by one: {type(given).__name__}"
        )
    return cast("Iterable[Query]", given)


def _rows(frame: nw.DataFrame[Any]) -> Iterator[Query]:
    if "name" not in frame.columns:
        raise LinkageError(f"the frame has no column 'name'; it has {', '.join(frame.columns)}")
    known = [field for field in _FIELDS if field in frame.columns]
    for row in frame.select(known).iter_rows():
        values = {field: _text(value) for field, value in zip(known, row, strict=True)}
        if (code := values.get("postcode")) and code.isdecimal():
            # Read as a number, "0150" has lost its first digit.
            values["postcode"] = code.zfill(_POSTCODE_DIGITS)
        yield Query(**{**values, "name": values["name"] or ""})  # type: ignore[arg-type]


def _text(value: object) -> str | None:
    # Columns with gaps hold numbers as floats, and gaps as not-a-number, which is not itself.
    if value is None or value != value:  # noqa: PLR0124
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
