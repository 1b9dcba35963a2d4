"""Subscriptions, what was agreed to, and their deletion without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from procmatch.errors import NotFound
from procmatch.model.subscription import Consent, Subscription
from procmatch.store import stopped
from procmatch.store.documents import decode, encode
from procmatch.store.engine import Store
from procmatch.store.tables import consents, subscriptions, tallies
from procmatch.store.upsert import put

__all__ = [
    "FORGOTTEN",
    "by_email",
    "by_feed_key",
    "confirm",
    "consents_of",
    "count",
    "delete_subscription",
    "find",
    "hold",
    "note_consent",
    "save",
    "scrub",
    "subscribers",
    "tally",
    "tally_up",
    "unconfirmed",
]

#: Name of the count of subscriptions that were deleted.
FORGOTTEN = "subscriptions deleted"


def save(connection: Connection, subscription: Subscription) -> None:
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
                "feed_key": subscription.feed_key or None,
            }
        ],
    )


def find(connection: Connection, key: str) -> Subscription:
    """Return one subscription. Raises NotFound."""
    text = connection.scalar(select(subscriptions.c.document).where(subscriptions.c.id == key))
    if text is None:
        raise NotFound(f"no subscription {key}")
    return decode(text, Subscription)


def by_feed_key(connection: Connection, key: str) -> Subscription:
    """Return the confirmed subscription whose feeds have that secret. Raises NotFound."""
    text = connection.scalar(
        select(subscriptions.c.document).where(
            subscriptions.c.feed_key == key, subscriptions.c.confirmed_at.is_not(None)
        )
    )
    if text is None:
        raise NotFound("no feed at this address")
    return decode(text, Subscription)


def by_email(connection: Connection, email: str) -> list[Subscription]:
    """Return all subscriptions of an address, confirmed or not, oldest first."""
    query = select(subscriptions.c.document).where(
        func.lower(subscriptions.c.email) == email.strip().lower()
    )
    rows = connection.scalars(query.order_by(subscriptions.c.created_at, subscriptions.c.id))
    return [decode(text, Subscription) for text in rows]


def confirm(connection: Connection, key: str, now: datetime) -> Subscription:
    """Note that the address was confirmed, once. Raises NotFound."""
    known = find(connection, key)
    if known.confirmed_at is not None:
        return known
    confirmed = replace(known, confirmed_at=now)
    save(connection, confirmed)
    return confirmed


def hold(connection: Connection, key: str) -> bool:
    """Return whether a subscription is there, and keep it so until the transaction ends."""
    query = select(subscriptions.c.id).where(subscriptions.c.id == key)
    found = connection.scalar(query.with_for_update(read=True, key_share=True))
    return found is not None


def delete_subscription(connection: Connection, key: str) -> None:
    """Delete a subscription with all that belongs to it, and count that. Raises NotFound."""
    gone = find(connection, key)
    connection.execute(delete(subscriptions).where(subscriptions.c.id == key))
    tally_up(connection, FORGOTTEN)
    others = by_email(connection, gone.email)
    used = {gone.email, *(one.webhook_url for one in others)} if others else set()
    stopped.clear(connection, {gone.email, gone.webhook_url} - used)


def scrub(store: Store) -> None:
    """Let nothing of deleted rows linger in a SQLite file or its journal.

    With ``secure_delete`` (set on every connection) freed pages are zeroed; the write-ahead log
    still holds them as they were until it is written back and cut. On PostgreSQL the server's own
    vacuum does this.
    """
    if store.engine.dialect.name != "sqlite":
        return
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def subscribers(connection: Connection) -> Iterator[Subscription]:
    """Yield confirmed subscriptions, by id."""
    documents = connection.scalars(
        select(subscriptions.c.document)
        .where(subscriptions.c.confirmed_at.is_not(None))
        .order_by(subscriptions.c.id)
    )
    for document in documents:
        yield decode(document, Subscription)


def unconfirmed(connection: Connection, before: datetime) -> list[str]:
    """Return the ids of subscriptions that were made earlier and never confirmed."""
    query = select(subscriptions.c.id).where(
        subscriptions.c.confirmed_at.is_(None), subscriptions.c.created_at < before
    )
    return list(connection.scalars(query.order_by(subscriptions.c.id)))


def note_consent(connection: Connection, key: str, consent: Consent) -> None:
    """Add a step to what a subscriber agreed to."""
    connection.execute(
        consents.insert().values(
            subscription=key,
            action=consent.action,
            text=consent.text,
            way=consent.way,
            at=consent.at,
        )
    )


def consents_of(connection: Connection, key: str) -> list[Consent]:
    """Return what a subscriber agreed to, oldest first."""
    rows = connection.execute(
        select(consents).where(consents.c.subscription == key).order_by(consents.c.id)
    )
    return [Consent(action=row.action, text=row.text, way=row.way, at=row.at) for row in rows]


def count(connection: Connection) -> int:
    """Return how many subscriptions there are."""
    return connection.scalar(select(func.count()).select_from(subscriptions)) or 0


def tally(connection: Connection, name: str) -> int:
    """Return an anonymous count."""
    return connection.scalar(select(tallies.c.value).where(tallies.c.name == name)) or 0


def tally_up(connection: Connection, name: str) -> None:
    """Add one to an anonymous count."""
    put(connection, tallies, [{"name": name, "value": 0}], update=False)
    connection.execute(
        update(tallies).where(tallies.c.name == name).values(value=tallies.c.value + 1)
    )
