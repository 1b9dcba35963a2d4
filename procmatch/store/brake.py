"""The brake: when too many letters leave in an hour, none leaves until the operator says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select, update

from procmatch.store.tables import brake, outbox

__all__ = ["Brake", "note_told", "pull", "release", "room", "state"]

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """Whether sending is held.

    Attributes:
        pulled_at: UTC; None when it is not held. reason: for the operator.
        released_at: letters are counted from here, UTC.
        told_at: when the operator was told of this hold, UTC.
    """

    pulled_at: datetime | None
    reason: str
    released_at: datetime | None
    told_at: datetime | None


def state(connection: Connection, *, hold: bool = False) -> Brake:
    """Read the brake.

    Args:
        connection: in a transaction when ``hold``.
        hold: let no other worker read it to hold before this transaction ends, so that two do
            not count the same room. SQLite's transactions exclude each other anyway.
    """
    query = select(brake)
    row = connection.execute(query.with_for_update() if hold else query).one()
    return Brake(
        pulled_at=row.pulled_at,
        reason=row.reason,
        released_at=row.released_at,
        told_at=row.told_at,
    )


def room(connection: Connection, held: Brake, now: datetime, most: int) -> int:
    """Return how many letters may still leave, of ``most`` in an hour.

    What other workers have in hand counts as sent: it may be before they say so.
    """
    since = max(now - HOUR, held.released_at) if held.released_at else now - HOUR
    leaving = connection.scalar(
        select(func.count())
        .select_from(outbox)
        .where(
            or_(
                outbox.c.sent_at > since,
                (outbox.c.state == "queued") & (outbox.c.claimed_until > now),
            )
        )
    )
    return max(most - (leaving or 0), 0)


def pull(connection: Connection, reason: str, now: datetime) -> None:
    """Hold all sending."""
    connection.execute(update(brake).values(pulled_at=now, reason=reason, told_at=None))


def note_told(connection: Connection, pulled_at: datetime, now: datetime) -> None:
    """Note that the operator knows of the hold that began at ``pulled_at``."""
    connection.execute(update(brake).where(brake.c.pulled_at == pulled_at).values(told_at=now))


def release(connection: Connection, now: datetime) -> bool:
    """Let letters leave again and count anew; return whether they were held."""
    held = state(connection, hold=True).pulled_at is not None
    if held:
        connection.execute(update(brake).values(pulled_at=None, reason="", released_at=now))
    return held
