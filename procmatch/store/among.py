"""Rows whose column is one of many values."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, bindparam, func, select

__all__ = ["among"]


def among(
    connection: Connection, column: Column[str], values: Iterable[str]
) -> ColumnElement[bool]:
    """Return that a column is one of some values: some hundred at the most.

    They are one parameter, not looked at one by one as those of ``column.in_`` are; in SQLite one
    that is taken apart there, so that the statement is the same for any number of them.
    """
    ordered = sorted(values)
    if connection.dialect.name == "sqlite":
        given = func.json_each(msgspec.json.encode(ordered).decode()).table_valued("value")
        return column.in_(select(given.c.value))
    return column.in_(bindparam(None, ordered, column.type, expanding=True, unique=True))
