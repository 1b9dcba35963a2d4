"""What was written to a subscriber tender by tender, and what the subscriber judged of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, select

from procmatch.errors import NotFound
from procmatch.model.organisation import OrgId
from procmatch.model.subscription import Feedback, Subscription
from procmatch.store.documents import decode, encode
from procmatch.store.tables import feedback, news, subscriptions
from procmatch.store.upsert import put

__all__ = [
    "News",
    "drop_before",
    "every",
    "find",
    "judged",
    "labels",
    "latest",
    "of_letter",
    "save",
    "save_feedback",
    "withdraw_feedback",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One tender as it was written to a subscriber.

    Attributes:
        item: the same for the same news about the same tender. letter: which letter.
        position: 0 for the first of the letter. told: it stands in it; else it was beyond its cap.
        kind: as ``DigestItem.news``. procedure: id in the store.
        document: the letter's words, as the writer of letters encoded them.
        facts: what a judgement of it would rest on; ``fits`` means nothing yet.
        at: UTC.
    """

    item: str
    letter: str
    position: int
    told: bool
    kind: str
    procedure: str
    document: str
    facts: Feedback
    at: datetime


def save(connection: Connection, subscription: str, rows: Sequence[News]) -> None:
    """Keep what a letter says; news that waited beyond an earlier letter's cap moves to this."""
    put(
        connection,
        news,
        [
            {
                "subscription": subscription,
                "item": row.item,
                "letter": row.letter,
                "position": row.position,
                "told": row.told,
                "kind": row.kind,
                "procedure": row.procedure,
                "document": row.document,
                "facts": encode(row.facts),
                "at": row.at,
            }
            for row in rows
        ],
    )


def _news(row: Row[tuple[object, ...]]) -> News:
    return News(
        item=row.item,
        letter=row.letter,
        position=row.position,
        told=row.told,
        kind=row.kind,
        procedure=row.procedure,
        document=row.document,
        facts=decode(row.facts, Feedback),
        at=row.at,
    )


def find(connection: Connection, subscription: str, item: str) -> News:
    """Return one tender as it was written. Raises NotFound."""
    row = connection.execute(
        select(news).where(news.c.subscription == subscription, news.c.item == item)
    ).one_or_none()
    if row is None:
        raise NotFound("this tender is not among the news of the subscription")
    return _news(row)


def latest(connection: Connection, subscription: str, limit: int) -> list[News]:
    """Return what stood in letters, newest first."""
    return _some(connection, subscription, news.c.told.is_(True), limit)


def every(connection: Connection, subscription: str) -> list[News]:
    """Return all that was written to a subscriber, newest first."""
    return _some(connection, subscription, news.c.told.in_((True, False)), None)


def of_letter(connection: Connection, subscription: str, letter: str) -> list[News]:
    """Return what a letter tells and what was beyond its cap, in order."""
    rows = _some(connection, subscription, news.c.letter == letter, None)
    return sorted(rows, key=lambda row: row.position)


def _some(
    connection: Connection, subscription: str, which: ColumnElement[bool], limit: int | None
) -> list[News]:
    query = (
        select(news)
        .where(news.c.subscription == subscription, which)
        .order_by(news.c.at.desc(), news.c.position, news.c.item)
        .limit(limit)
    )
    return [_news(row) for row in connection.execute(query)]


def drop_before(connection: Connection, moment: datetime) -> int:
    """Delete what was written earlier; judgements stay. Returns how many rows."""
    return connection.execute(delete(news).where(news.c.at < moment)).rowcount


def save_feedback(connection: Connection, subscription: str, given: Feedback) -> None:
    """Keep a judgement; a newer one of the same tender takes the place of an older one."""
    put(
        connection,
        feedback,
        [
            {
                "subscription": subscription,
                "procedure": given.procedure,
                "fits": given.fits,
                "why": given.why.value if given.why else None,
                "document": encode(given),
                "at": given.at,
            }
        ],
    )


def withdraw_feedback(connection: Connection, subscription: str, procedure: str) -> None:
    """Take a judgement back; nothing happens where there is none."""
    connection.execute(
        delete(feedback).where(
            feedback.c.subscription == subscription, feedback.c.procedure == procedure
        )
    )


def judged(connection: Connection, subscription: str) -> dict[str, Feedback]:
    """Return procedure -> judgement of a subscriber, oldest first."""
    rows = connection.execute(
        select(feedback.c.procedure, feedback.c.document)
        .where(feedback.c.subscription == subscription)
        .order_by(feedback.c.at, feedback.c.procedure)
    )
    return {row.procedure: decode(row.document, Feedback) for row in rows}


def labels(connection: Connection) -> Iterator[tuple[OrgId, Feedback]]:
    """Yield the judgements that subscribers made for an organisation, by number and procedure."""
    query = select(subscriptions.c.document.label("subscription"), feedback.c.document).join(
        subscriptions, subscriptions.c.id == feedback.c.subscription
    )
    found = [
        (org, decode(row.document, Feedback))
        for row in connection.execute(query)
        if (org := decode(row.subscription, Subscription).org)
    ]
    yield from sorted(found, key=lambda pair: (pair[0], pair[1].procedure, pair[1].at))
