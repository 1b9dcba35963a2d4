"""Letters, and what else is pushed to subscribers, on their way.

A letter and the note of what it tells are written in one transaction; sending comes after, and a
letter that was sent but not noted is sent again with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, func, select, update

from procmatch.model.subscription import Letter
from procmatch.store.tables import outbox
from procmatch.store.told import Told, note
from procmatch.store.upsert import put

__all__ = ["due", "mark_failed", "mark_sent", "of_subscription", "queue", "states"]

_WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))


def queue(
    connection: Connection, key: str, letter: Letter, news: Sequence[Told], now: datetime
) -> None:
    """Put a letter in the outbox and note what it tells, in the caller's one transaction."""
    row = {
        "letter": letter.id,
        "subscription": key,
        "channel": letter.channel,
        "recipient": letter.to,
        "subject": letter.subject,
        "message": letter.message,
        "state": "queued",
        "tries": 0,
        "error": "",
        "queued_at": now,
        "next_try_at": now,
    }
    put(connection, outbox, [row], update=False)
    note(connection, key, news, letter.id, now)


def due(connection: Connection, now: datetime) -> list[Letter]:
    """Return letters to be sent now, oldest first."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.state == "queued", outbox.c.next_try_at <= now)
        .order_by(outbox.c.queued_at, outbox.c.letter)
    )
    return [
        Letter(
            id=row.letter,
            to=row.recipient,
            subject=row.subject,
            message=row.message,
            channel=row.channel,
        )
        for row in rows
    ]


def of_subscription(connection: Connection, key: str) -> Sequence[Row[tuple[object, ...]]]:
    """Return all that is kept of what was pushed to a subscriber, oldest first."""
    query = select(outbox).where(outbox.c.subscription == key)
    return connection.execute(query.order_by(outbox.c.queued_at, outbox.c.letter)).all()


def mark_sent(connection: Connection, letter: str, now: datetime) -> None:
    """Note that a letter was accepted."""
    connection.execute(
        update(outbox).where(outbox.c.letter == letter).values(state="sent", sent_at=now, error="")
    )


def mark_failed(
    connection: Connection, letter: str, error: str, now: datetime, *, for_good: bool
) -> None:
    """Note that a letter was not accepted; it is tried again unless refused for good."""
    tries = connection.scalar(select(outbox.c.tries).where(outbox.c.letter == letter)) or 0
    values: dict[str, object] = {"tries": tries + 1, "error": error}
    if for_good:
        values["state"] = "refused"
    else:
        values["next_try_at"] = now + _WAITS[min(tries, len(_WAITS) - 1)]
    connection.execute(update(outbox).where(outbox.c.letter == letter).values(values))


def states(connection: Connection) -> dict[str, int]:
    """Return state -> number of letters."""
    rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {row[0]: row[1] for row in rows}
