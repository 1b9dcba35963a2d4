"""Register units, their establishments, accounts of them, and code lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Table, func, select, tuple_

from procmatch.codes.entry import CodeEntry
from procmatch.errors import NotFound
from procmatch.model.organisation import Establishment, Organisation, OrgId
from procmatch.store.documents import decode, digest, encode
from procmatch.store.removal import purge
from procmatch.store.tables import codes, establishments, notices, organisations, parties
from procmatch.store.upsert import put

__all__ = [
    "code_entries",
    "count",
    "find",
    "iterate",
    "past_awards",
    "purge",
    "save_codes",
    "save_establishments",
    "save_organisations",
]


def _save_changed(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]]
) -> tuple[int, int]:
    """Write those rows whose digest is not the stored one; return (new, changed)."""
    keys = [(row["register"], row["number"]) for row in rows]
    known = {
        (row.register, row.number): row.digest
        for row in connection.execute(
            select(table.c.register, table.c.number, table.c.digest).where(
                tuple_(table.c.register, table.c.number).in_(keys)
            )
        )
    }
    changed = {
        (row["register"], row["number"]): row
        for row in rows
        if known.get((row["register"], row["number"])) != row["digest"]
    }
    put(connection, table, list(changed.values()))
    new = sum(key not in known for key in changed)
    return new, len(changed) - new


def save_organisations(connection: Connection, units: Iterable[Organisation]) -> tuple[int, int]:
    """Write units that are new or changed; return how many of each.

    Establishments are stored apart, by :func:`save_establishments`.
    """
    rows = []
    for unit in units:
        document = encode(replace(unit, establishments=()))
        rows.append(
            {
                "register": unit.id.register,
                "number": unit.id.number,
                "name": unit.name,
                "legal_form": unit.legal_form,
                "status": unit.status.value,
                "municipality": unit.business_place.municipality,
                "industry": unit.industry_codes[0].code if unit.industry_codes else None,
                "digest": digest(document.encode()),
                "document": document,
            }
        )
    return _save_changed(connection, organisations, rows) if rows else (0, 0)


def save_establishments(
    connection: Connection, register: str, items: Iterable[tuple[str, Establishment]]
) -> tuple[int, int]:
    """Write (parent number, establishment) pairs that are new or changed; return how many."""
    rows = []
    for parent, item in items:
        document = encode(item)
        rows.append(
            {
                "register": register,
                "number": item.number,
                "parent": parent,
                "municipality": item.place.municipality,
                "digest": digest(f"{parent}{document}".encode()),
                "document": document,
            }
        )
    return _save_changed(connection, establishments, rows) if rows else (0, 0)


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


def past_awards(connection: Connection) -> Mapping[OrgId, tuple[str, ...]]:
    """Return for each certainly linked winner the source ids of the notices it won in."""
    rows = connection.execute(
        select(parties.c.register, parties.c.org, notices.c.source_id)
        .join(notices, notices.c.id == parties.c.notice)
        .where(parties.c.role == "winner", parties.c.certain.is_(True), notices.c.kind == "result")
        .order_by(notices.c.source_id)
    )
    found: dict[OrgId, dict[str, None]] = {}
    for row in rows:
        found.setdefault(OrgId(row.register, row.org), {})[row.source_id] = None
    return {org: tuple(ids) for org, ids in found.items()}


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
