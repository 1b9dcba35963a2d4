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
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from procmatch.model.subscription import Letter
from procmatch.store.tables import letter_messages, outbox, stopped_addresses
from procmatch.store.told import Told, note
from procmatch.store.upsert import put

__all__ = [
    "Dead",
    "claim",
    "dead",
    "domain_of",
    "drop",
    "drop_done",
    "due",
    "give_back",
    "mark_failed",
    "mark_sent",
    "of_address",
    "of_subscription",
    "queue",
    "retry",
    "states",
    "without_waiting",
]

_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=8)
_GROWTH = 4
#: What failed together must not come back together.
_JITTER = 0.25
#: RFC 5321, 4.5.4.1: "the give-up time generally needs to be at least 4-5 days".
_GIVE_UP = timedelta(days=5)
_random = SystemRandom()

_LETTERS = select(
    outbox.c.letter,
    outbox.c.channel,
    outbox.c.recipient,
    outbox.c.subject,
    letter_messages.c.message,
).join_from(outbox, letter_messages)
_ONE_SENT = (
    update(outbox)
    .where(outbox.c.letter == bindparam("key"))
    .values(state="sent", sent_at=bindparam("at"), error="", claimed_by=None, claimed_until=None)
)
_MANY_SENT = """
    UPDATE outbox
    SET state = 'sent', sent_at = %s, error = '', claimed_by = NULL, claimed_until = NULL
    WHERE letter = ANY(%s)
"""
_WITHOUT_WAITING = "SET LOCAL synchronous_commit = off"


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
    connection: Connection, key: str | None, letter: Letter, news: Sequence[Told], now: datetime
) -> None:
    """Put a letter in the outbox and note what it tells, in the caller's one transaction.

    A letter without a subscription (``key`` None) tells no news; what it is about drops it, or
    :func:`drop_done` does.
    """
    row = {
        "letter": letter.id,
        "subscription": key,
        "channel": letter.channel,
        "recipient": letter.to,
        "domain": domain_of(letter.to)[:255],
        "subject": letter.subject,
        "state": "queued",
        "tries": 0,
        "error": "",
        "queued_at": now,
        "next_try_at": now,
    }
    put(connection, outbox, [row], update=False)
    message = {"letter": letter.id, "message": letter.message}
    put(connection, letter_messages, [message], update=False)
    if key is not None:
        note(connection, key, news, letter.id, now)


def drop(connection: Connection, letter: str) -> None:
    """Delete a letter, sent or not."""
    connection.execute(delete(outbox).where(outbox.c.letter == letter))


def drop_done(connection: Connection, *, but: Collection[str]) -> dict[str, str]:
    """Delete the letters of no subscription that are sent or dead; return letter -> receiver.

    Args:
        connection: in a transaction.
        but: letters that stay: what they are about drops them.
    """
    gone = delete(outbox).where(
        outbox.c.subscription.is_(None),
        outbox.c.state.in_(("sent", "dead")),
        outbox.c.letter.not_in(list(but)),
    )
    rows = connection.execute(gone.returning(outbox.c.letter, outbox.c.recipient))
    return {row.letter: row.recipient for row in rows}


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
        _LETTERS.where(*_is_due(now)).order_by(outbox.c.queued_at, outbox.c.letter)
    )
    return [_letter(row, row.message) for row in rows]


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
    due_now = (
        select(outbox.c.letter)
        .where(*_is_due(now), outbox.c.domain.not_in(list(without)))
        .order_by(outbox.c.queued_at, outbox.c.letter)
        .limit(most)
        .with_for_update(skip_locked=True, of=outbox)
        .cte("due_now")
    )
    rows = connection.execute(
        update(outbox)
        .where(outbox.c.letter.in_(select(due_now.c.letter)))
        .values(claimed_by=worker, claimed_until=until)
        .returning(
            outbox.c.letter,
            outbox.c.channel,
            outbox.c.recipient,
            outbox.c.subject,
            outbox.c.queued_at,
        )
    ).all()
    keys = [row.letter for row in rows]
    bytes_of = _messages(connection, keys)
    rows = sorted(rows, key=lambda row: (row.queued_at, row.letter))
    return [_letter(row, bytes_of[row.letter]) for row in rows]


def _messages(connection: Connection, letters: Sequence[str]) -> dict[str, bytes]:
    """Return letter -> its bytes."""
    if connection.dialect.name == "postgresql":
        own = connection.connection.driver_connection
        assert own is not None
        # As they are, not as hexadecimal digits, which take twice the room and time.
        with own.cursor(binary=True) as cursor:
            rows = cursor.execute(
                "SELECT letter, message FROM letter_messages WHERE letter = ANY(%s)",
                (list(letters),),
            )
            return dict(rows.fetchall())
    message = letter_messages.c.message
    query = select(letter_messages.c.letter, message).where(letter_messages.c.letter.in_(letters))
    return {row.letter: row.message for row in connection.execute(query)}


def _letter(row: Row[*tuple[Any, ...]], message: bytes) -> Letter:
    return Letter(
        id=row.letter,
        to=row.recipient,
        subject=row.subject,
        message=message,
        channel=row.channel,
    )


def without_waiting(connection: Connection) -> None:
    """Let this transaction end before the disk has it (PostgreSQL).

    What a crash of the server takes with it is a claim, or a note that only sends letters again.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_WITHOUT_WAITING)


def give_back(connection: Connection, worker: str) -> None:
    """Let go of all that a worker has in hand and did not send."""
    connection.execute(
        update(outbox)
        .where(outbox.c.claimed_by == worker, outbox.c.state == "queued")
        .values(claimed_by=None, claimed_until=None)
    )


def of_subscription(connection: Connection, key: str) -> Sequence[Row[tuple[object, ...]]]:
    """Return all that is kept of what was pushed to a subscriber, oldest first."""
    query = select(outbox, letter_messages.c.message).join(letter_messages)
    query = query.where(outbox.c.subscription == key)
    return connection.execute(query.order_by(outbox.c.queued_at, outbox.c.letter)).all()


def of_address(
    connection: Connection, recipients: Collection[str]
) -> Sequence[Row[tuple[object, ...]]]:
    """Return all that is kept of the letters of no subscription to an address, oldest first.

    Args:
        connection: for reading.
        recipients: the address in every form it may have, in any case.
    """
    query = select(outbox, letter_messages.c.message).join(letter_messages)
    query = query.where(
        outbox.c.subscription.is_(None),
        func.lower(outbox.c.recipient).in_([one.lower() for one in recipients]),
    )
    return connection.execute(query.order_by(outbox.c.queued_at, outbox.c.letter)).all()


def mark_sent(connection: Connection, letters: Collection[str], now: datetime) -> None:
    """Note that letters were accepted; true whoever has them in hand by now."""
    if connection.dialect.name == "postgresql":
        own = connection.connection.driver_connection
        assert own is not None
        # The whole transaction but its end in one exchange.
        with own.pipeline(), own.cursor() as cursor:
            cursor.execute(_WITHOUT_WAITING)
            cursor.execute(_MANY_SENT, (now, list(letters)))
    else:
        connection.execute(_ONE_SENT, [{"key": key, "at": now} for key in letters])


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
