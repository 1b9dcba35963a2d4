"""In which state the register is: what was made from it finds out whether, and where, it is old."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from procmatch.model.organisation import Establishment, Organisation
from procmatch.store.among import among, given
from procmatch.store.documents import decode
from procmatch.store.tables import establishments, organisations, runs

__all__ = ["marks", "sign", "units"]

#: Whose runs write the register.
_WRITERS = ("enhetsregisteret", "retry")
_FETCHED = 10_000
_BATCH = 500


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
    by_register: dict[str, list[str]] = {}
    for key in keys:
        register, _, number = key.partition(" ")
        by_register.setdefault(register, []).append(number)
    for register, numbers in by_register.items():
        for start in range(0, len(numbers), _BATCH):
            yield from _some(connection, register, numbers[start : start + _BATCH])


def _some(connection: Connection, register: str, numbers: list[str]) -> Iterator[Organisation]:
    dialect, asked = connection.dialect.name, given(connection, numbers)
    places: dict[str, list[Establishment]] = {}
    for own, parent, document in connection.execute(_places(dialect), asked):
        if own == register:
            places.setdefault(parent, []).append(decode(document, Establishment))
    for number, document in connection.execute(_units(dialect), {**asked, "here": register}):
        unit = decode(document, Organisation)
        works_at = places.get(number)
        yield replace(unit, establishments=tuple(works_at)) if works_at else unit


@cache
def _places(dialect: str) -> Select[Any]:
    # By the parent alone, whose index is short; with the register beside it all of it is read.
    columns = establishments.c.register, establishments.c.parent, establishments.c.document
    where = among(dialect, establishments.c.parent)
    return select(*columns).where(where).order_by(establishments.c.number)


@cache
def _units(dialect: str) -> Select[Any]:
    here = organisations.c.register == bindparam("here")
    where = among(dialect, organisations.c.number)
    return select(organisations.c.number, organisations.c.document).where(here, where)
