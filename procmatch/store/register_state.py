"""In which state the register is: what was made from it finds out whether, and where, it is old."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Select, func, select

from procmatch.model.organisation import Establishment, Organisation, OrgId
from procmatch.store.among import among, given_orgs, of_orgs
from procmatch.store.documents import decode
from procmatch.store.tables import establishments, organisations, runs

__all__ = ["marks", "sign", "units"]

#: Whose runs write the register.
_WRITERS = ("enhetsregisteret", "retry")
_FETCHED = 10_000


def sign(connection: Connection) -> str:
    """Return a short text that changes when a run writes to the register."""
    written = connection.execute(
        select(func.max(runs.c.id), func.sum(runs.c.new), func.sum(runs.c.changed)).where(
            runs.c.source.in_(_WRITERS)
        )
    ).one()
    counts = [
        connection.scalar(select(func.count()).select_from(table))
        for table in (organisations, establishments)
    ]
    return " ".join(str(number or 0) for number in (*counts, *written))


def _key(register: str, number: str) -> str:
    return f"{register} {number}"


def _mark(document: str) -> int:
    return int.from_bytes(blake2b(document.encode(), digest_size=8).digest())


def marks(connection: Connection) -> dict[str, int]:
    """Return by unit ("register number") 64 bits that change with it or its establishments."""
    found: dict[str, int] = {}
    streamed = {"yield_per": _FETCHED}
    query = select(organisations.c.register, organisations.c.number, organisations.c.document)
    for register, number, document in connection.execute(query, execution_options=streamed):
        found[_key(register, number)] = _mark(document)
    places = select(establishments.c.register, establishments.c.parent, establishments.c.document)
    for register, parent, document in connection.execute(places, execution_options=streamed):
        key = _key(register, parent)
        if key in found:
            found[key] ^= _mark(document)
    return found


def units(connection: Connection, keys: Iterable[str]) -> Iterator[Organisation]:
    """Yield those of the units ("register number") that are stored, with their establishments."""
    dialect = connection.dialect.name
    orgs = (OrgId(register, number) for register, _, number in (key.partition(" ") for key in keys))
    for asked in given_orgs(connection, orgs):
        works_at: dict[tuple[str, str], list[Establishment]] = {}
        for register, parent, document in connection.execute(_places(dialect), asked):
            works_at.setdefault((register, parent), []).append(decode(document, Establishment))
        for register, number, document in connection.execute(_units(dialect), asked):
            unit = decode(document, Organisation)
            places = works_at.get((register, number))
            yield replace(unit, establishments=tuple(places)) if places else unit


@cache
def _places(dialect: str) -> Select[Any]:
    # By the parent alone, whose index is short; with the register beside it all of it is read.
    columns = establishments.c.register, establishments.c.parent, establishments.c.document
    where = among(dialect, establishments.c.parent)
    return select(*columns).where(where).order_by(establishments.c.number)


@cache
def _units(dialect: str) -> Select[Any]:
    columns = organisations.c.register, organisations.c.number, organisations.c.document
    return select(*columns).where(of_orgs(dialect, organisations))
