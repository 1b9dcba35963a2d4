"""Register rows out of bulk files: many at a time, and what a file no longer lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Table, delete

from procmatch.model.organisation import Organisation, OrgStatus
from procmatch.store.documents import decode
from procmatch.store.known import UNLISTED, Known
from procmatch.store.organisations import Values, stored, unit_values
from procmatch.store.tables import establishments, organisations
from procmatch.store.upsert import put_many

__all__ = ["USUAL", "checkpoint_after", "known", "save", "unlist"]

TABLES: Mapping[str, Table] = {"units": organisations, "establishments": establishments}
_FETCHED = 10_000
#: Pages of SQLite's log before it is worked into the file; each page is copied once a checkpoint.
USUAL, _LOADING = 1_000, 20_000


def checkpoint_after(connection: Connection, pages: int) -> None:
    """Let SQLite's log grow to so many pages (of 4 kB); nothing on other databases."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={pages}")


def known(connection: Connection, kind: str, register: str) -> Known:
    """Return what is stored of ``register``: kind is ``units`` or ``establishments``."""
    server = connection.dialect.name == "postgresql"
    # Sorted as numbers, so that the database walks its rows and not an index to each of them.
    query = (
        f"SELECT CAST(number AS BIGINT), record FROM {TABLES[kind].name} "  # noqa: S608  our own name
        f"WHERE register = {'%s' if server else '?'} ORDER BY 1"
    )
    # A million of SQLAlchemy's rows would cost more than all the rest of this.
    cursor: Any = connection.connection.cursor(**({"name": "known"} if server else {}))
    with closing(cursor):
        cursor.execute(query, (register,))
        return Known(iter(lambda: cursor.fetchmany(_FETCHED), []))


def save(
    connection: Connection,
    kind: str,
    register: str,
    rows: Mapping[int, tuple[Values, int]],
    known: Known,
) -> tuple[int, int]:
    """Write rows; return how many are new, and how many say something else than before.

    Args:
        connection: of the transaction of this batch.
        kind: ``units`` or ``establishments``.
        register: the register of all rows.
        rows: by number: the row, and the mark of the record it came from.
        known: what was stored before this file, and what it has listed so far.
    """
    table = TABLES[kind]
    checkpoint_after(connection, _LOADING)
    maybe = known.maybe_stored(rows)
    old = stored(connection, table, register, [f"{n:09d}" for n in maybe]) if maybe else {}
    changed = sum(rows[int(number)][0] != row for number, row in old.items())
    put_many(connection, table, [(*row, mark) for row, mark in rows.values()], new=not maybe)
    return len(rows) - len(old), changed


def unlist(connection: Connection, kind: str, register: str, numbers: Sequence[int]) -> int:
    """Take note that a complete file no longer lists ``numbers``; return how many changed.

    A unit stays, as deleted and with no date, because awards point at it. An establishment goes:
    it only says where its unit works now.
    """
    keys = [f"{number:09d}" for number in numbers]
    if kind == "establishments":
        return connection.execute(
            delete(establishments).where(
                establishments.c.register == register, establishments.c.number.in_(keys)
            )
        ).rowcount
    rows, changed = [], 0
    for old in stored(connection, organisations, register, keys).values():
        unit = decode(old[-1] or "", Organisation)
        values = unit_values(replace(unit, status=OrgStatus.DELETED))
        changed += values != old
        rows.append((*values, UNLISTED))
    put_many(connection, organisations, rows)
    return changed
