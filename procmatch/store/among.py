"""Rows whose column is one of many values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    and_,
    bindparam,
    func,
    select,
)

from procmatch.model.organisation import OrgId

__all__ = ["among", "given", "given_orgs", "of_orgs"]

_NAME, _REGISTER = "among", "here"
#: Databases limit how many values one statement is given.
_CHUNK = 800


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


def of_orgs(dialect: str, table: Table) -> ColumnElement[bool]:
    """Return that a row is of one of the organisations that :func:`given_orgs` hands over.

    Both parts of the key: by the number alone some tables are read from end to end.
    """
    here: ColumnElement[bool] = table.c.register == bindparam(_REGISTER)
    return and_(here, among(dialect, table.c.number))


def given_orgs(connection: Connection, orgs: Iterable[OrgId]) -> Iterator[dict[str, object]]:
    """Yield the parameters of statements with :func:`of_orgs`, which together ask for all."""
    found: dict[str, set[str]] = {}
    for org in orgs:
        found.setdefault(org.register, set()).add(org.number)
    for register, numbers in found.items():
        every = sorted(numbers)
        for start in range(0, len(every), _CHUNK):
            yield {**given(connection, every[start : start + _CHUNK]), _REGISTER: register}
