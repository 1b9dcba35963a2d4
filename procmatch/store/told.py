"""What each subscriber has heard of each lot, so that nothing is told twice unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from procmatch.store.tables import told
from procmatch.store.upsert import put

__all__ = ["Told", "already_told", "last_told_at", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That a lot of a procedure was told of, and in which state.

    Attributes:
        fingerprint: of the lot as it was told. notice: source id of the publication.
        reminded: the deadline that the subscriber was reminded of, UTC.
        result: source id of the notice with the lot's result, once it was told.
    """

    procedure: str
    lot: str
    fingerprint: str
    notice: str
    reminded: datetime | None = None
    result: str | None = None


def already_told(connection: Connection, subscription: str) -> dict[tuple[str, str], Told]:
    """Return (procedure, lot) -> what a subscriber has been told."""
    rows = connection.execute(select(told).where(told.c.subscription == subscription))
    return {
        (row.procedure, row.lot): Told(
            procedure=row.procedure,
            lot=row.lot,
            fingerprint=row.fingerprint,
            notice=row.notice,
            reminded=row.reminded,
            result=row.result,
        )
        for row in rows
    }


def last_told_at(connection: Connection, subscription: str) -> datetime | None:
    """Return when a subscriber was last told anything, UTC, or None."""
    newest: datetime | None = connection.scalar(
        select(func.max(told.c.at, type_=told.c.at.type)).where(told.c.subscription == subscription)
    )
    return newest


def note(
    connection: Connection, subscription: str, news: Sequence[Told], letter: str, now: datetime
) -> None:
    """Note what a letter tells; the newest word about a lot counts."""
    put(
        connection,
        told,
        [
            {
                "subscription": subscription,
                "procedure": item.procedure,
                "lot": item.lot,
                "fingerprint": item.fingerprint,
                "notice": item.notice,
                "letter": letter,
                "at": now,
                "reminded": item.reminded,
                "result": item.result,
            }
            for item in news
        ],
    )
