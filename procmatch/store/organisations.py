"""Register units, their establishments, accounts of them, and code lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    exists,
    func,
    select,
    update,
)

from procmatch.codes.entry import CodeEntry
from procmatch.errors import NotFound
from procmatch.model.organisation import Establishment, Organisation, OrgId, OrgStatus
from procmatch.store.among import among, given
from procmatch.store.documents import decode, encode
from procmatch.store.known import STALE, UNLISTED
from procmatch.store.removal import purge
from procmatch.store.tables import codes, establishments, notices, organisations, parties
from procmatch.store.upsert import put

__all__ = [
    "LEGAL_FORM",
    "Values",
    "code_entries",
    "count",
    "establishment_values",
    "find",
    "iterate",
    "naming",
    "past_awards",
    "purge",
    "save_codes",
    "save_establishments",
    "save_organisations",
    "stored",
    "trades_in",
    "unit_values",
]


#: Of a municipality's number.
_DIGITS = 4
#: A row of a register table: all its columns, in their order, but for ``record``.
Values: TypeAlias = tuple[str | None, ...]
#: Where the legal form stands in a unit's row.
LEGAL_FORM = 3


def unit_values(unit: Organisation) -> Values:
    """Return the row of a unit. Its establishments have rows of their own."""
    return (
        unit.id.register,
        unit.id.number,
        unit.name,
        unit.legal_form,
        unit.status.value,
        unit.business_place.municipality,
        unit.industry_codes[0].code if unit.industry_codes else None,
        encode(replace(unit, establishments=()) if unit.establishments else unit),
    )


def establishment_values(register: str, parent: str, item: Establishment) -> Values:
    """Return the row of an establishment of the unit ``parent``."""
    return (register, item.number, parent, item.place.municipality, encode(item))


def stored(
    connection: Connection, table: Table, register: str, numbers: Sequence[str]
) -> dict[str, Values]:
    """Return those rows of a register table that exist, by number."""
    query = select(*_values(table)).where(table.c.register == register, table.c.number.in_(numbers))
    return {row.number: tuple(row) for row in connection.execute(query)}


def _values(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column is not table.c.record]


def _save_changed(
    connection: Connection, table: Table, register: str, rows: Mapping[str, Values]
) -> tuple[int, int]:
    """Write those rows (by number) that are not stored so; return (new, changed)."""
    known = stored(connection, table, register, list(rows))
    changed = {number: row for number, row in rows.items() if known.get(number) != row}
    names = [column.name for column in _values(table)]
    put(connection, table, [dict(zip(names, row, strict=True)) for row in changed.values()])
    # What a bulk file said is overwritten: the next one has its say again.
    connection.execute(
        update(table)
        .where(
            table.c.register == register,
            table.c.number.in_(list(changed)),
            table.c.record != UNLISTED,
        )
        .values(record=STALE)
    )
    new = sum(number not in known for number in changed)
    return new, len(changed) - new


def save_organisations(connection: Connection, units: Iterable[Organisation]) -> tuple[int, int]:
    """Write units that are new or changed; return how many of each.

    Establishments are stored apart, by :func:`save_establishments`.
    """
    by_register: dict[str, dict[str, Values]] = {}
    for unit in units:
        by_register.setdefault(unit.id.register, {})[unit.id.number] = unit_values(unit)
    new = changed = 0
    for register, rows in by_register.items():
        counts = _save_changed(connection, organisations, register, rows)
        new, changed = new + counts[0], changed + counts[1]
    return new, changed


def save_establishments(
    connection: Connection, register: str, items: Iterable[tuple[str, Establishment]]
) -> tuple[int, int]:
    """Write (parent number, establishment) pairs that are new or changed; return how many."""
    rows = {item.number: establishment_values(register, parent, item) for parent, item in items}
    return _save_changed(connection, establishments, register, rows)


def find(connection: Connection, org: OrgId) -> Organisation:
    """Return a unit with its establishments.

    Raises:
        NotFound: the store has no such unit.
    """
    text = connection.scalar(
        select(organisations.c.document).where(
            organisations.c.register == org.register, organisations.c.number == org.number
        )
    )
    if text is None:
        raise NotFound(f"no organisation {org} in the store")
    places = connection.scalars(
        select(establishments.c.document)
        .where(establishments.c.register == org.register, establishments.c.parent == org.number)
        .order_by(establishments.c.number)
    )
    unit = decode(text, Organisation)
    return replace(unit, establishments=tuple(decode(text, Establishment) for text in places))


def naming(connection: Connection, text: str) -> Iterator[Organisation]:
    """Yield the units whose record names a text anywhere, without establishments.

    All records are read for that, some seconds in a whole register.
    """
    which = organisations.c.document.icontains(text, autoescape=True)
    for document in connection.scalars(select(organisations.c.document).where(which)):
        yield decode(document, Organisation)


def iterate(connection: Connection) -> Iterator[Organisation]:
    """Yield all units with their establishments, by number."""
    places: dict[tuple[str, str], list[Establishment]] = {}
    for row in connection.execute(
        select(
            establishments.c.register, establishments.c.parent, establishments.c.document
        ).order_by(establishments.c.number)
    ):
        item = decode(row.document, Establishment)
        places.setdefault((row.register, row.parent), []).append(item)
    query = select(organisations).order_by(organisations.c.register, organisations.c.number)
    for row in connection.execute(query):
        unit = decode(row.document, Organisation)
        own = places.get((row.register, row.number), [])
        yield replace(unit, establishments=tuple(own)) if own else unit


def count(connection: Connection) -> int:
    """Return how many units the store holds."""
    return connection.scalar(select(func.count()).select_from(organisations)) or 0


def past_awards(
    connection: Connection, orgs: Collection[OrgId] | None = None
) -> Mapping[OrgId, tuple[str, ...]]:
    """Return for each certainly linked winner the source ids of the notices it won in.

    Args:
        connection: of the store.
        orgs: of these only, some hundred at the most; None means of all.
    """
    query = _awards(connection.dialect.name, of_some=orgs is not None)
    asked = {} if orgs is None else given(connection, {one.number for one in orgs})
    rows = connection.execute(query, asked)
    found: dict[OrgId, dict[str, None]] = {}
    for row in rows:
        found.setdefault(OrgId(row.register, row.org), {})[row.source_id] = None
    return {org: tuple(ids) for org, ids in found.items()}


@cache
def _awards(dialect: str, *, of_some: bool) -> Select[Any]:
    query = (
        select(parties.c.register, parties.c.org, notices.c.source_id)
        .join(notices, notices.c.id == parties.c.notice)
        .where(parties.c.role == "winner", parties.c.certain.is_(True), notices.c.kind == "result")
        .order_by(notices.c.source_id)
    )
    return query.where(among(dialect, parties.c.org)) if of_some else query


def save_codes(connection: Connection, entries: Iterable[CodeEntry]) -> tuple[int, int]:
    """Write code list entries; return (new, changed)."""
    rows = {
        (entry.list, entry.code): {
            "list": entry.list,
            "code": entry.code,
            "parent": entry.parent,
            "labels": encode(entry.labels),
            "extra": encode(entry.extra),
        }
        for entry in entries
    }
    lists = {key[0] for key in rows}
    known = {
        (row.list, row.code): row
        for row in connection.execute(select(codes).where(codes.c.list.in_(lists)))
    }
    changed = []
    for key, row in rows.items():
        old = known.get(key)
        if old is None or (old.parent, old.labels, old.extra) != (
            row["parent"],
            row["labels"],
            row["extra"],
        ):
            changed.append(row)
    put(connection, codes, changed)
    new = sum((row["list"], row["code"]) not in known for row in changed)
    return new, len(changed) - new


def code_entries(connection: Connection) -> Iterator[CodeEntry]:
    """Yield all code list entries, by list and code."""
    for row in connection.execute(select(codes).order_by(codes.c.list, codes.c.code)):
        yield CodeEntry(
            list=row.list,
            code=row.code,
            parent=row.parent,
            labels=decode(row.labels, dict[str, str]),
            extra=decode(row.extra, dict[str, str]),
        )


def trades_in(connection: Connection, place: str) -> list[str | None]:
    """Return the main trade of each active unit that works in a place; ``None`` for unknown.

    Where it works: its establishments, else its own address. Sole proprietors are left out.

    Args:
        connection: of the store.
        place: municipality (four digits) or county (two).
    """
    of_it = (establishments.c.register == organisations.c.register) & (
        establishments.c.parent == organisations.c.number
    )
    firms = (
        organisations.c.status == OrgStatus.ACTIVE.value,
        func.coalesce(organisations.c.legal_form, "") != "ENK",
    )
    works_here = (
        select(organisations.c.register, organisations.c.number, organisations.c.industry)
        .join(establishments, of_it)
        .where(*firms, _within(establishments.c.municipality, place))
        .distinct()
        .subquery()
    )
    anywhere = exists().where(of_it, establishments.c.municipality.is_not(None))
    stands_here = select(organisations.c.industry).where(
        *firms, _within(organisations.c.municipality, place), ~anywhere
    )
    return [
        *connection.scalars(select(works_here.c.industry)),
        *connection.scalars(stands_here),
    ]


def _within(column: Column[str], place: str) -> ColumnElement[bool]:
    """Whether a municipality lies in a place; a range, for an index answers that and no LIKE."""
    return column.between(place.ljust(_DIGITS, "0"), place.ljust(_DIGITS, "9"))
