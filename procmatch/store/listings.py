"""Publications by what a source's list says of their status."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, select, update

from procmatch.store.notices import Listing
from procmatch.store.tables import listings, notices

__all__ = ["UNLISTED", "unknown", "unlist", "with_status"]

#: Our own word, beside the sources': the list that showed it shows it no more.
UNLISTED = "UNLISTED"


def with_status(connection: Connection, source: str, status: str) -> Sequence[Listing]:
    """Return the publications of ``source`` that are listed with ``status``, by source id."""
    rows = connection.execute(
        select(listings)
        .where(listings.c.source == source, listings.c.status == status)
        .order_by(listings.c.source_id)
    )
    return [Listing(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def unlist(connection: Connection, source: str, keys: Collection[str]) -> None:
    """Give ``keys`` the status UNLISTED, and no digest: shown again, they count as changed."""
    if not keys:
        return
    connection.execute(
        update(listings)
        .where(listings.c.source == source, listings.c.source_id == bindparam("key"))
        .values(status=UNLISTED, digest=""),
        [{"key": key} for key in sorted(keys)],
    )


def unknown(connection: Connection, source: str, keys: Collection[str]) -> list[str]:
    """Return those of ``keys`` that ``source`` has neither listed nor published, in order."""
    known: set[str] = set()
    for table in (listings, notices):
        known.update(
            connection.scalars(
                select(table.c.source_id).where(
                    table.c.source == source, table.c.source_id.in_(keys)
                )
            )
        )
    return sorted(set(keys) - known)
