"""Insert-or-update on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, Connection, Executable, Integer, String, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

__all__ = ["put", "put_many"]

#: Of SQLite's 32,766 variables a statement; more of them were no faster.
_VARIABLES = 9_000


#: PostgreSQL's name of a column type, for binary COPY.
_BINARY = {String: "text", Text: "text", BigInteger: "int8", Integer: "int4"}


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
    statement = _statement(connection.dialect.name, table, tuple(rows[0]), update)
    connection.execute(statement, [dict(row) for row in rows])


@lru_cache(maxsize=256)
def _statement(dialect: str, table: Table, columns: tuple[str, ...], update: bool) -> Executable:  # noqa: FBT001
    """Building it takes longer than writing a row."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    if update and changed:
        return statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return statement.on_conflict_do_nothing(index_elements=keys)


def put_many(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], *, new: bool = False
) -> None:
    """Write many ``rows`` by the fastest way the database has; existing ones are updated.

    Args:
        connection: in a transaction.
        table: where to.
        rows: each a tuple of all columns in the table's order; no primary key stands twice.
        new: most likely none of them exists.

    Raises:
        DBAPIError: the database refuses a row.
    """
    if not rows:
        return
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    columns = ", ".join(f'"{name}"' for name in names)
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    conflict = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"
    into = f"INSERT INTO {table.name} ({columns})"
    if connection.dialect.name != "postgresql":
        _insert_together(connection, into, conflict, rows)
    elif not (new and _copied(connection, table, f"{table.name} ({columns})", rows)):
        # COPY knows no conflict, so the rows come in beside the table first.
        beside = f"copied_{table.name}"
        connection.exec_driver_sql(
            f"CREATE TEMPORARY TABLE {beside} (LIKE {table.name}) ON COMMIT DROP"
        )
        _copy(connection, table, f"{beside} ({columns})", rows)
        connection.exec_driver_sql(
            f"{into} SELECT {columns} FROM {beside} {conflict}"  # noqa: S608  our own names
        )
        connection.exec_driver_sql(f"DROP TABLE {beside}")


def _copied(
    connection: Connection, table: Table, target: str, rows: Sequence[tuple[Any, ...]]
) -> bool:
    """Copy straight into the table; undo it and return False if a row was there after all."""
    savepoint = connection.begin_nested()
    try:
        _copy(connection, table, target, rows)
    except IntegrityError:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


def _copy(
    connection: Connection, table: Table, target: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Run COPY, for which SQLAlchemy has no words, and raise its errors as SQLAlchemy would."""
    driver: Any = connection.connection.driver_connection
    # In binary neither side has to write and read numbers and escapes.
    types = [_BINARY.get(type(column.type)) for column in table.columns]
    binary = None not in types
    statement = f"COPY {target} FROM STDIN{' (FORMAT BINARY)' if binary else ''}"
    dbapi = connection.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            if binary:
                copy.set_types(types)
            for row in rows:
                copy.write_row(row)
    except dbapi.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error
    except dbapi.Error as error:
        raise DBAPIError(statement, None, error) from error


def _insert_together(
    connection: Connection, into: str, conflict: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert some hundred rows a statement: while one runs, other threads run too.

    A statement a row would wait for its turn after each row.
    """
    width = len(rows[0])
    together = _VARIABLES // width
    row = f"({', '.join('?' * width)})"
    many = f"{into} VALUES {', '.join([row] * together)} {conflict}"
    whole = len(rows) - len(rows) % together
    for start in range(0, whole, together):
        values = tuple(chain.from_iterable(rows[start : start + together]))
        connection.exec_driver_sql(many, values)
    if whole < len(rows):
        connection.exec_driver_sql(f"{into} VALUES {row} {conflict}", list(rows[whole:]))
