"""Register rows out of bulk files: many at a time, and what a file no longer lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import BigInteger, Connection, Table, cast, delete, select

from procmatch.model.organisation import Organisation, OrgStatus
from procmatch.store.documents import decode
from procmatch.store.known import UNLISTED, Known
from procmatch.store.organisations import Values, stored, unit_values
from procmatch.store.tables import establishments, organisations
from procmatch.store.upsert import put_many

__all__ = ["known", "save", "unlist"]

TABLES: Mapping[str, Table] = {"units": organisations, "establishments": establishments}
_FETCHED = 10_000


def known(connection: Connection, kind: str, register: str) -> Known:
    """Return what is stored of ``register``: kind is ``units`` or ``establishments``."""
    table = TABLES[kind]
    # Sorted as numbers, so that the database walks its rows and not an index to each of them.
    number = cast(table.c.number, BigInteger)
    query = select(number, table.c.record).where(table.c.register == register).order_by(number)
    with connection.execution_options(stream_results=True).execute(query) as result:
        cursor = result.cursor
        assert cursor is not None
        # A million of SQLAlchemy's rows would cost more than all the rest of this.
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
    maybe = [number for number in rows if known.may_be_stored(number)]
    old = stored(connection, table, register, [f"{number:09d}" for number in maybe])
    changed = sum(rows[int(number)][0] != row for number, row in old.items())
    put_many(connection, table, [(*row, mark) for row, mark in rows.values()])
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
    for values in stored(connection, organisations, register, keys).values():
        unit = decode(values[-1] or "", Organisation)
        if unit.status is not OrgStatus.DELETED:
            values = unit_values(replace(unit, status=OrgStatus.DELETED))
            changed += 1
        rows.append((*values, UNLISTED))
    put_many(connection, organisations, rows)
    return changed
