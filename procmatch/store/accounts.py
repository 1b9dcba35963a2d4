"""Yearly accounts of units, kept until the register says that a newer year was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Select, func, select

from procmatch.errors import NotFound
from procmatch.model.organisation import Accounts, Organisation, OrgId
from procmatch.store.among import given_orgs, of_orgs
from procmatch.store.documents import decode, encode
from procmatch.store.organisations import find
from procmatch.store.tables import accounts
from procmatch.store.upsert import put

__all__ = ["every", "marks", "of", "save", "sign", "wanting"]

_PATIENCE = timedelta(days=30)


def save(connection: Connection, org: OrgId, years: tuple[Accounts, ...], now: datetime) -> str:
    """Write a unit's accounts (none is an answer too); return new, changed or same.

    They hold for the last year that the unit had handed in accounts for when they were asked for.
    """
    document = encode(years)
    which = (accounts.c.register == org.register) & (accounts.c.number == org.number)
    old = connection.scalar(select(accounts.c.document).where(which))
    row = {
        "register": org.register,
        "number": org.number,
        "year": max(_handed_in(connection, org), *(one.year for one in years), 0),
        "document": document,
        "asked_at": now,
    }
    put(connection, accounts, [row])
    if old is None:
        return "new"
    return "same" if old == document else "changed"


def _handed_in(connection: Connection, org: OrgId) -> int:
    try:
        return find(connection, org).last_accounts_year or 0
    except NotFound:
        return 0


def every(connection: Connection) -> dict[OrgId, tuple[Accounts, ...]]:
    """Return the accounts of all units whose accounts were asked for."""
    rows = connection.execute(select(accounts))
    return {
        OrgId(row.register, row.number): decode(row.document, tuple[Accounts, ...]) for row in rows
    }


def of(connection: Connection, orgs: Iterable[OrgId]) -> dict[OrgId, tuple[Accounts, ...]]:
    """Return the accounts of some units, as far as they were asked for."""
    found: dict[OrgId, tuple[Accounts, ...]] = {}
    query = _of_some(connection.dialect.name)
    for asked in given_orgs(connection, orgs):
        for row in connection.execute(query, asked):
            found[OrgId(row.register, row.number)] = decode(row.document, tuple[Accounts, ...])
    return found


@cache
def _of_some(dialect: str) -> Select[Any]:
    return select(accounts).where(of_orgs(dialect, accounts))


def sign(connection: Connection) -> str:
    """Return a short text that changes when accounts come or change."""
    many, last = connection.execute(select(func.count(), func.max(accounts.c.asked_at))).one()
    return f"{many} {last.isoformat() if last else ''}"


def marks(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yield ("register number", 64 bits that change with the accounts) of each unit."""
    for row in connection.execute(select(accounts)):
        digest = blake2b(row.document.encode(), digest_size=8).digest()
        yield f"{row.register} {row.number}", int.from_bytes(digest)


def wanting(
    connection: Connection, units: Iterable[Organisation], now: datetime
) -> tuple[OrgId, ...]:
    """Return those of ``units`` that hand in accounts and whose newest year is not kept.

    A year that the register of units announces may not be shown yet, or never (a bank): such a unit
    is asked for again after a month, not every day.
    """
    known = {OrgId(row.register, row.number): row for row in connection.execute(select(accounts))}

    def is_wanted(unit: Organisation) -> bool:
        year, row = unit.last_accounts_year, known.get(unit.id)
        if not year:
            return False
        if row is None or row.year < year:
            return True
        shown = max((one.year for one in decode(row.document, tuple[Accounts, ...])), default=0)
        return shown < year and (row.asked_at is None or now - row.asked_at >= _PATIENCE)

    return tuple(sorted(unit.id for unit in units if is_wanted(unit)))
