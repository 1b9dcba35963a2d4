"""Yearly accounts of units, kept until the register says that a newer year was handed in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from procmatch.model.organisation import Accounts, Organisation, OrgId
from procmatch.store.documents import decode, encode
from procmatch.store.tables import accounts
from procmatch.store.upsert import put

__all__ = ["every", "save", "wanting"]


def save(connection: Connection, org: OrgId, years: tuple[Accounts, ...]) -> str:
    """Write a unit's accounts (none is an answer too); return new, changed or same."""
    document = encode(years)
    old = connection.scalar(
        select(accounts.c.document).where(
            accounts.c.register == org.register, accounts.c.number == org.number
        )
    )
    row = {
        "register": org.register,
        "number": org.number,
        "year": max((one.year for one in years), default=0),
        "document": document,
    }
    put(connection, accounts, [row])
    if old is None:
        return "new"
    return "same" if old == document else "changed"


def every(connection: Connection) -> dict[OrgId, tuple[Accounts, ...]]:
    """Return the accounts of all units whose accounts were asked for."""
    rows = connection.execute(select(accounts))
    return {
        OrgId(row.register, row.number): decode(row.document, tuple[Accounts, ...]) for row in rows
    }


def wanting(connection: Connection, units: Iterable[Organisation]) -> tuple[OrgId, ...]:
    """Return those of ``units`` that hand in accounts and whose newest year is not kept."""
    known = {
        OrgId(row.register, row.number): row.year
        for row in connection.execute(
            select(accounts.c.register, accounts.c.number, accounts.c.year)
        )
    }
    return tuple(
        sorted(
            unit.id
            for unit in units
            if unit.last_accounts_year
            and known.get(unit.id, -1) < unit.last_accounts_year
            and known.get(unit.id) != 0
        )
    )
