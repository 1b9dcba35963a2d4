"""Rows whose column is one of many values."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, String, bindparam, func, select

from procmatch.model.organisation import OrgId

__all__ = ["among", "by_register", "given"]

_NAME = "among"


def among(dialect: str, column: Column[str]) -> ColumnElement[bool]:
    """Return that a column is one of the values that :func:`given` hands over, some hundred.

    They are one parameter, not looked at one by one as those of ``column.in_`` are; in SQLite one
    that is taken apart there, so that the statement is the same for any number of them. It is made
    once for each kind of database (``connection.dialect.name``): to put it together takes as long
    as to run it.
    """
    if dialect == "sqlite":
        rows = func.json_each(bindparam(_NAME, type_=String())).table_valued("value")
        return column.in_(select(rows.c.value))
    return column.in_(bindparam(_NAME, type_=column.type, expanding=True))


def given(connection: Connection, values: Iterable[str]) -> dict[str, object]:
    """Return the parameter of a statement with :func:`among`."""
    ordered = sorted(values)
    if connection.dialect.name == "sqlite":
        return {_NAME: msgspec.json.encode(ordered).decode()}
    return {_NAME: ordered}


def by_register(orgs: Iterable[OrgId]) -> dict[str, list[str]]:
    """Return register -> numbers in order, each once: most often there is one register."""
    found: dict[str, set[str]] = {}
    for org in orgs:
        found.setdefault(org.register, set()).add(org.number)
    return {register: sorted(numbers) for register, numbers in found.items()}
