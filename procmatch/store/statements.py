"""What firms asked for and said themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    func,
    select,
)

from procmatch.errors import NotFound
from procmatch.model.organisation import OrgId
from procmatch.model.statement import Proof, Request, Stated, Statement
from procmatch.store import outbox
from procmatch.store.among import given_orgs, of_orgs
from procmatch.store.documents import decode, encode
from procmatch.store.statement_tables import statement_requests, statements
from procmatch.store.upsert import put

__all__ = [
    "chosen",
    "drop_request",
    "every",
    "find",
    "find_request",
    "forget",
    "keys",
    "marks",
    "of_address",
    "requests",
    "save",
    "save_request",
    "sign",
    "unconfirmed",
    "waiting",
]


def save_request(connection: Connection, one: Request) -> None:
    """Write what is asked for, new or changed."""
    row = {
        "id": one.id,
        "register": one.org.register,
        "number": one.org.number,
        "email": one.email,
        "document": encode(one),
        "asked_at": one.asked_at,
        "confirmed_at": one.confirmed_at,
    }
    put(connection, statement_requests, [row])


def find_request(connection: Connection, key: str, *, hold: bool = False) -> Request:
    """Return what is asked for.

    Args:
        connection: in a transaction.
        key: the request's id.
        hold: have whoever else decides it wait until the transaction ends, and find it gone.

    Raises:
        NotFound: decided already, or never confirmed in time.
    """
    document = select(statement_requests.c.document).where(statement_requests.c.id == key)
    text = connection.scalar(document.with_for_update() if hold else document)
    if text is None:
        raise NotFound(f"no request {key}")
    return decode(text, Request)


def waiting(connection: Connection, org: OrgId, email: str) -> int:
    """Return how many requests for a firm, or of an address, have no yes yet."""
    same = (func.lower(statement_requests.c.email) == email.lower()) | _is(org)
    query = select(func.count()).where(same, statement_requests.c.confirmed_at.is_(None))
    return connection.scalar(query) or 0


def requests(connection: Connection) -> list[Request]:
    """Return the confirmed requests that wait for the operator, oldest first."""
    query = select(statement_requests.c.document).where(
        statement_requests.c.confirmed_at.is_not(None)
    )
    ordered = query.order_by(statement_requests.c.confirmed_at, statement_requests.c.id)
    return [decode(text, Request) for text in connection.scalars(ordered)]


def of_address(connection: Connection, email: str) -> list[Request]:
    """Return all requests of an address."""
    query = select(statement_requests.c.document).where(
        func.lower(statement_requests.c.email) == email.strip().lower()
    )
    ordered = query.order_by(statement_requests.c.id)
    return [decode(text, Request) for text in connection.scalars(ordered)]


def keys(connection: Connection) -> list[str]:
    """Return the ids of all requests that are not decided."""
    return list(connection.scalars(select(statement_requests.c.id)))


def unconfirmed(connection: Connection, before: datetime) -> list[Request]:
    """Return the requests that were made earlier and got no yes."""
    query = select(statement_requests.c.document).where(
        statement_requests.c.confirmed_at.is_(None), statement_requests.c.asked_at < before
    )
    ordered = query.order_by(statement_requests.c.id)
    return [decode(text, Request) for text in connection.scalars(ordered)]


def drop_request(connection: Connection, key: str, letter: str) -> None:
    """Delete a request and the letter about it."""
    connection.execute(delete(statement_requests).where(statement_requests.c.id == key))
    outbox.drop(connection, letter)


def save(connection: Connection, one: Stated) -> None:
    """Write what holds of a firm by its own word."""
    row = {
        "register": one.org.register,
        "number": one.org.number,
        "shown": one.shown,
        "document": encode(one.statement),
        "proof": one.proof.value,
        "stated_on": one.on,
        "address_mark": one.address_mark,
    }
    put(connection, statements, [row])


def find(connection: Connection, org: OrgId) -> Stated | None:
    """Return what holds of a firm by its own word, None where it said nothing."""
    which = (statements.c.register == org.register) & (statements.c.number == org.number)
    row = connection.execute(select(statements).where(which)).one_or_none()
    return None if row is None else _stated(row)


def every(connection: Connection, orgs: Sequence[OrgId] | None = None) -> dict[OrgId, Stated]:
    """Return what firms say themselves: of all, or of those asked for (some hundred)."""
    if orgs is None:
        rows = list(connection.execute(select(statements)))
    else:
        query = _of_some(connection.dialect.name)
        asked = given_orgs(connection, orgs)
        rows = [row for one in asked for row in connection.execute(query, one)]
    return {one.org: one for row in rows if (one := _stated(row))}


@cache
def _of_some(dialect: str) -> Select[Any]:
    return select(statements).where(of_orgs(dialect, statements))


def forget(connection: Connection, org: OrgId) -> None:
    """Delete what a firm said."""
    which = (statements.c.register == org.register) & (statements.c.number == org.number)
    connection.execute(delete(statements).where(which))


def chosen(connection: Connection) -> tuple[frozenset[str], frozenset[str]]:
    """Return (numbers of those who asked not to be shown, of those who asked to be)."""
    query = select(statements.c.number, statements.c.shown).where(statements.c.shown.is_not(None))
    rows = connection.execute(query).all()
    return (
        frozenset(row.number for row in rows if not row.shown),
        frozenset(row.number for row in rows if row.shown),
    )


def marks(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yield ("register number", 64 bits that change with what the firm says) of each firm."""
    for row in connection.execute(select(statements)):
        digest = blake2b(f"{row.shown} {row.document}".encode(), digest_size=8).digest()
        yield f"{row.register} {row.number}", int.from_bytes(digest)


def sign(connection: Connection) -> str:
    """Return a short text that changes when what any firm says does."""
    return f"{sum(mark for _, mark in marks(connection)) % 2**64:x}"


def _is(org: OrgId) -> ColumnElement[bool]:
    table = statement_requests.c
    return (table.register == org.register) & (table.number == org.number)


def _stated(row: Row[tuple[object, ...]]) -> Stated:
    return Stated(
        org=OrgId(row.register, row.number),
        shown=row.shown,
        statement=decode(row.document, Statement),
        proof=Proof(row.proof),
        on=row.stated_on,
        address_mark=row.address_mark,
    )
