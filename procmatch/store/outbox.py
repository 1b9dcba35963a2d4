"""Subscriptions, what each subscriber has been told, and letters on their way.

A letter and the note of what it tells are written in one transaction; sending comes after, and a
letter that was sent but not noted is sent again with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from procmatch.errors import NotFound
from procmatch.model.subscription import Letter, Subscription
from procmatch.store.documents import decode, encode
from procmatch.store.tables import outbox, subscriptions, told
from procmatch.store.upsert import put

__all__ = [
    "Told",
    "already_told",
    "confirm",
    "due",
    "leave",
    "mark_failed",
    "mark_sent",
    "queue",
    "save_subscription",
    "states",
    "subscribers",
]

_WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That a lot of a procedure was told of in a letter, and in which state (fingerprint)."""

    procedure: str
    lot: str
    fingerprint: str
    notice: str


def save_subscription(connection: Connection, subscription: Subscription) -> None:
    """Write a subscription, new or changed."""
    put(
        connection,
        subscriptions,
        [
            {
                "id": subscription.id,
                "email": subscription.email,
                "document": encode(subscription),
                "created_at": subscription.created_at,
                "confirmed_at": subscription.confirmed_at,
                "left_at": None,
            }
        ],
    )


def subscription(connection: Connection, key: str) -> Subscription:
    """Return one subscription. Raises NotFound."""
    text = connection.scalar(
        select(subscriptions.c.document).where(
            subscriptions.c.id == key, subscriptions.c.left_at.is_(None)
        )
    )
    if text is None:
        raise NotFound(f"no subscription {key}")
    return decode(text, Subscription)


def confirm(connection: Connection, key: str, now: datetime) -> Subscription:
    """Note that the address was confirmed. Raises NotFound."""
    confirmed = replace(subscription(connection, key), confirmed_at=now)
    save_subscription(connection, confirmed)
    return confirmed


def leave(connection: Connection, key: str) -> None:
    """Delete a subscription with all that belongs to it. Raises NotFound."""
    if not connection.execute(delete(subscriptions).where(subscriptions.c.id == key)).rowcount:
        raise NotFound(f"no subscription {key}")


def subscribers(connection: Connection) -> Iterator[Subscription]:
    """Yield confirmed subscriptions, by id."""
    documents = connection.scalars(
        select(subscriptions.c.document)
        .where(subscriptions.c.confirmed_at.is_not(None), subscriptions.c.left_at.is_(None))
        .order_by(subscriptions.c.id)
    )
    for document in documents:
        yield decode(document, Subscription)


def already_told(connection: Connection, key: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (procedure, lot) -> (fingerprint, notice) of what a subscriber has been told."""
    rows = connection.execute(select(told).where(told.c.subscription == key))
    return {(row.procedure, row.lot): (row.fingerprint, row.notice) for row in rows}


def last_letter_at(connection: Connection, key: str) -> datetime | None:
    """Return when the newest letter of a subscription was written, or None."""
    newest: datetime | None = connection.scalar(
        select(func.max(outbox.c.queued_at)).where(outbox.c.subscription == key)
    )
    return newest


def queue(
    connection: Connection, key: str, letter: Letter, news: Sequence[Told], now: datetime
) -> None:
    """Put a letter in the outbox and note what it tells, in the caller's one transaction."""
    row = {
        "letter": letter.id,
        "subscription": key,
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
    put(
        connection,
        told,
        [
            {
                "subscription": key,
                "procedure": item.procedure,
                "lot": item.lot,
                "fingerprint": item.fingerprint,
                "notice": item.notice,
                "letter": letter.id,
                "at": now,
            }
            for item in news
        ],
    )


def due(connection: Connection, now: datetime) -> list[Letter]:
    """Return letters to be sent now, oldest first."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.state == "queued", outbox.c.next_try_at <= now)
        .order_by(outbox.c.queued_at, outbox.c.letter)
    )
    return [
        Letter(id=row.letter, to=row.recipient, subject=row.subject, message=row.message)
        for row in rows
    ]


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


def count(connection: Connection) -> int:
    """Return how many subscriptions there are."""
    return connection.scalar(select(func.count()).select_from(subscriptions)) or 0
