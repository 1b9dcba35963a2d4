"""What pages say of open tenders beside their rankings, as the last run of matching found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, or_, select

from procmatch.store.insight_tables import tender_figures
from procmatch.store.upsert import put

__all__ = ["drop_naming", "find", "keep_only", "save", "signs"]


def save(
    connection: Connection, notice: int, sign: str, firms: Iterable[str], document: str
) -> None:
    """Keep the figures of a tender in place of its old ones.

    Args:
        connection: in a transaction.
        notice: its row.
        sign: of all that they were worked out from.
        firms: numbers of the firms that were looked at.
        document: the figures.
    """
    row = {
        "notice": notice,
        "sign": sign,
        "firms": f" {' '.join(sorted(firms))} ",
        "document": document,
    }
    put(connection, tender_figures, [row])


def find(connection: Connection, notice: int) -> tuple[frozenset[str], str] | None:
    """Return the numbers of the firms that were looked at and the document, or None."""
    which = tender_figures.c.notice == notice
    row = connection.execute(select(tender_figures).where(which)).one_or_none()
    return None if row is None else (frozenset(row.firms.split()), row.document)


def signs(connection: Connection) -> dict[int, str]:
    """Return row of a notice -> sign, for all figures that are kept."""
    rows = connection.execute(select(tender_figures.c.notice, tender_figures.c.sign))
    return {row.notice: row.sign for row in rows}


def keep_only(connection: Connection, notices: Collection[int]) -> None:
    """Delete the figures of all but some notices."""
    gone = signs(connection).keys() - set(notices)
    for notice in sorted(gone):
        connection.execute(delete(tender_figures).where(tender_figures.c.notice == notice))


def drop_naming(connection: Connection, numbers: Iterable[str]) -> None:
    """Delete the figures that look at some firms: they may name them."""
    named = [tender_figures.c.firms.contains(f" {number} ", autoescape=True) for number in numbers]
    connection.execute(delete(tender_figures).where(or_(*named)))
