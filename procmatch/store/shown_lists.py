"""The log of lists that were shown; who asked is not kept."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from procmatch.model.organisation import OrgId
from procmatch.model.shown import Shown, ShownBefore
from procmatch.store.insight_tables import shown, shown_firms

__all__ = ["forget_before", "listed", "log"]

_LONGEST = 500


def log(connection: Connection, one: Shown, now: datetime) -> None:
    """Note that a list was shown; the same list on the same day is counted, not kept twice."""
    digest = _digest(one, now)
    again = (
        shown.update().where(shown.c.digest == digest).values(times=shown.c.times + 1, last_at=now)
    )
    if connection.execute(again).rowcount:
        return
    made = connection.execute(
        insert(shown).values(
            digest=digest,
            kind=one.kind,
            asked=one.asked[:_LONGEST],
            ordered_by=one.ordered_by[:_LONGEST],
            firms=one.whole,
            times=1,
            first_at=now,
            last_at=now,
        )
    ).inserted_primary_key
    assert made is not None
    rows = [
        {"shown": made[0], "position": at, "register": org.register, "org": org.number}
        for at, org in enumerate(one.firms, start=1)
    ]
    if rows:
        connection.execute(insert(shown_firms), rows)


def _digest(one: Shown, now: datetime) -> str:
    facts = (now.date().isoformat(), one.kind, one.asked, one.ordered_by, one.whole, one.firms)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def listed(
    connection: Connection, *, org: OrgId | None = None, limit: int = 100
) -> list[ShownBefore]:
    """Return what was shown, newest first.

    Args:
        connection: of the store.
        org: only lists that this firm stood on.
        limit: how many at the most.
    """
    query = select(shown).order_by(shown.c.last_at.desc(), shown.c.id.desc()).limit(limit)
    if org is not None:
        own = select(shown_firms.c.shown).where(
            shown_firms.c.register == org.register, shown_firms.c.org == org.number
        )
        query = query.where(shown.c.id.in_(own))
    return [
        ShownBefore(
            list=Shown(
                kind=row.kind,
                asked=row.asked,
                ordered_by=row.ordered_by,
                firms=_firms(connection, row.id),
                whole=row.firms,
            ),
            times=row.times,
            first_at=row.first_at,
            last_at=row.last_at,
        )
        for row in connection.execute(query).all()
    ]


def _firms(connection: Connection, key: int) -> tuple[OrgId, ...]:
    rows = connection.execute(
        select(shown_firms).where(shown_firms.c.shown == key).order_by(shown_firms.c.position)
    )
    return tuple(OrgId(row.register, row.org) for row in rows)


def forget_before(connection: Connection, moment: datetime) -> int:
    """Delete lists last shown before ``moment``; return how many."""
    old = select(shown.c.id).where(shown.c.last_at < moment)
    connection.execute(delete(shown_firms).where(shown_firms.c.shown.in_(old)))
    return connection.execute(delete(shown).where(shown.c.last_at < moment)).rowcount
