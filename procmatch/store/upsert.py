"""Insert-or-update on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

__all__ = ["put"]


def put(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    update: bool = True,
) -> None:
    """Write ``rows``; where the primary key exists, update it (or leave it as it is).

    All rows have the same keys, the whole primary key among them.
    """
    if not rows:
        return
    statement = _statement(connection.dialect.name, table, tuple(rows[0]), update=update)
    connection.execute(statement, [dict(row) for row in rows])


@lru_cache(maxsize=128)
def _statement(dialect: str, table: Table, names: tuple[str, ...], *, update: bool) -> Insert:
    # Making a statement costs more than running it on SQLite, and there are few different ones.
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    if update and changed:
        return statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return statement.on_conflict_do_nothing(index_elements=keys)
