"""Letters, and what else is pushed to subscribers, on their way.

A letter and the note of what it tells are written in one transaction; sending comes after, by
workers that claim letters for a while. A letter that was accepted but not noted is sent again with
the same Message-ID, when the claim of the worker that died has run out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Row, exists, func, or_, select, update

from procmatch.model.subscription import Letter
from procmatch.store.tables import outbox, stopped_addresses
from procmatch.store.told import Told, note
from procmatch.store.upsert import put

__all__ = [
    "Dead",
    "claim",
    "dead",
    "domain_of",
    "due",
    "give_back",
    "mark_failed",
    "mark_sent",
    "of_subscription",
    "queue",
    "retry",
    "states",
]

_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=8)
_GROWTH = 4
#: What failed together must not come back together.
_JITTER = 0.25
#: RFC 5321, 4.5.4.1: "the give-up time generally needs to be at least 4-5 days".
_GIVE_UP = timedelta(days=5)
_random = SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """A letter that is not tried any more.

    Attributes:
        to: the receiver. error: the last answer. queued_at: UTC.
    """

    id: str
    channel: str
    to: str
    tries: int
    error: str
    queued_at: datetime


def domain_of(recipient: str) -> str:
    """Return what is right of an address's @, or the host of a web address, in lower case."""
    if "://" in recipient:
        try:
            return urlsplit(recipient).hostname or ""
        except ValueError:
            return ""
    return recipient.rpartition("@")[2].lower()


def queue(
    connection: Connection, key: str, letter: Letter, news: Sequence[Told], now: datetime
) -> None:
    """Put a letter in the outbox and note what it tells, in the caller's one transaction."""
    row = {
        "letter": letter.id,
        "subscription": key,
        "channel": letter.channel,
        "recipient": letter.to,
        "domain": domain_of(letter.to)[:255],
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


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Queued, its wait over, in nobody's hand, to an address that may be written to."""
    stopped = exists().where(
        stopped_addresses.c.channel == outbox.c.channel,
        stopped_addresses.c.recipient == outbox.c.recipient,
    )
    return (
        outbox.c.state == "queued",
        outbox.c.next_try_at <= now,
        or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now),
        ~stopped,
    )


def due(connection: Connection, now: datetime) -> list[Letter]:
    """Return letters that could be sent now, oldest first; they are not claimed."""
    rows = connection.execute(
        select(outbox).where(*_is_due(now)).order_by(outbox.c.queued_at, outbox.c.letter)
    )
    return [_letter(row) for row in rows]


def claim(
    connection: Connection,
    worker: str,
    *,
    now: datetime,
    until: datetime,
    most: int,
    without: Collection[str] = (),
) -> list[Letter]:
    """Take letters into a worker's hand, oldest first; nobody else gets them before ``until``.

    PostgreSQL passes over rows that another worker is taking at this moment; SQLite has one
    writer at a time.

    Args:
        connection: in a transaction, which the caller ends before it sends.
        worker: a name that no other worker has.
        now: UTC.
        until: UTC.
        most: how many at most.
        without: domains that get no more letters for now.
    """
    rows = connection.execute(
        select(outbox)
        .where(*_is_due(now), outbox.c.domain.not_in(list(without)))
        .order_by(outbox.c.queued_at, outbox.c.letter)
        .limit(most)
        .with_for_update(skip_locked=True, of=outbox)
    ).all()
    if rows:
        connection.execute(
            update(outbox)
            .where(outbox.c.letter.in_([row.letter for row in rows]))
            .values(claimed_by=worker, claimed_until=until)
        )
    return [_letter(row) for row in rows]


def _letter(row: Row[tuple[object, ...]]) -> Letter:
    return Letter(
        id=row.letter,
        to=row.recipient,
        subject=row.subject,
        message=row.message,
        channel=row.channel,
    )


def give_back(connection: Connection, worker: str) -> None:
    """Let go of all that a worker has in hand and did not send."""
    connection.execute(
        update(outbox)
        .where(outbox.c.claimed_by == worker, outbox.c.state == "queued")
        .values(claimed_by=None, claimed_until=None)
    )


def of_subscription(connection: Connection, key: str) -> Sequence[Row[tuple[object, ...]]]:
    """Return all that is kept of what was pushed to a subscriber, oldest first."""
    query = select(outbox).where(outbox.c.subscription == key)
    return connection.execute(query.order_by(outbox.c.queued_at, outbox.c.letter)).all()


def mark_sent(connection: Connection, letter: str, now: datetime) -> None:
    """Note that a letter was accepted; true whoever has it in hand by now."""
    if connection.dialect.name == "postgresql":
        # A note that a crash of the server takes with it only sends the letter again.
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    connection.execute(
        update(outbox)
        .where(outbox.c.letter == letter)
        .values(state="sent", sent_at=now, error="", claimed_by=None, claimed_until=None)
    )


def mark_failed(
    connection: Connection,
    letter: str,
    error: str,
    now: datetime,
    *,
    for_good: bool,
    worker: str | None = None,
) -> None:
    """Note that a letter was not accepted.

    It is tried again after 1, 4, 16, ... minutes, at most 8 hours, give or take a quarter; it is
    dead when refused for good or five days old. Nothing happens when ``worker`` has it in hand no
    more: somebody else's word counts then.
    """
    mine = (
        outbox.c.letter == letter,
        outbox.c.state == "queued",
        outbox.c.claimed_by.is_not_distinct_from(worker),
    )
    row = connection.execute(select(outbox.c.tries, outbox.c.queued_at).where(*mine)).one_or_none()
    if row is None:
        return
    is_dead = for_good or now - row.queued_at >= _GIVE_UP
    connection.execute(
        update(outbox)
        .where(*mine)
        .values(
            tries=row.tries + 1,
            error=error,
            state="dead" if is_dead else "queued",
            next_try_at=now + _wait(row.tries),
            claimed_by=None,
            claimed_until=None,
        )
    )


def _wait(tries: int) -> timedelta:
    """Return how long to wait after so many earlier tries."""
    wait: timedelta = min(_FIRST_WAIT * _GROWTH ** min(tries, 9), _LONGEST_WAIT)
    return wait * _random.uniform(1 - _JITTER, 1 + _JITTER)


def dead(connection: Connection) -> list[Dead]:
    """Return letters that are not tried any more, oldest first."""
    rows = connection.execute(
        select(outbox).where(outbox.c.state == "dead").order_by(outbox.c.queued_at, outbox.c.letter)
    )
    return [
        Dead(
            id=row.letter,
            channel=row.channel,
            to=row.recipient,
            tries=row.tries,
            error=row.error,
            queued_at=row.queued_at,
        )
        for row in rows
    ]


def retry(
    connection: Connection,
    now: datetime,
    *,
    letters: Collection[str] | None = None,
    recipient: str | None = None,
) -> int:
    """Queue dead letters anew, as if written now; return how many.

    Args:
        connection: in a transaction.
        now: UTC.
        letters: only these.
        recipient: only those to this address.
    """
    change = update(outbox).where(outbox.c.state == "dead")
    if letters is not None:
        change = change.where(outbox.c.letter.in_(list(letters)))
    if recipient is not None:
        change = change.where(outbox.c.recipient == recipient)
    return connection.execute(
        change.values(state="queued", tries=0, queued_at=now, next_try_at=now)
    ).rowcount


def states(connection: Connection) -> dict[str, int]:
    """Return state -> number of letters."""
    rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {row[0]: row[1] for row in rows}
