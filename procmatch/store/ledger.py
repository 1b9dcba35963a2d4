"""What the ledger and the tables say about the health of the store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, func, select

from procmatch.store import runs as ledger
from procmatch.store.tables import (
    codes,
    downloads,
    evidence,
    lots,
    matches,
    notices,
    organisations,
    outbox,
    procedures,
    runs,
    set_aside,
    subscriptions,
)

__all__ = ["holdings", "newest_set_aside", "since", "sources"]

_SHOWN = 20


def holdings(connection: Connection) -> dict[str, int]:
    """Return how many rows of each kind the store holds."""
    tables: dict[str, Table] = {
        "notices": notices,
        "procedures": procedures,
        "lots": lots,
        "organisations": organisations,
        "evidence": evidence,
        "codes": codes,
        "matches": matches,
        "subscriptions": subscriptions,
        "letters": outbox,
        "set aside": set_aside,
    }
    return {
        name: connection.scalar(select(func.count()).select_from(table)) or 0
        for name, table in tables.items()
    }


def sources(connection: Connection) -> list[dict[str, object]]:
    """Return the newest run of each source, its last good one, and what waits for download."""
    waiting = {
        row.source: row
        for row in connection.execute(
            select(
                downloads.c.source,
                func.count().label("number"),
                func.min(downloads.c.queued_at, type_=downloads.c.queued_at.type).label("oldest"),
            ).group_by(downloads.c.source)
        )
    }
    good = {
        row.source: row.ended_at
        for row in connection.execute(
            select(
                runs.c.source,
                func.max(runs.c.ended_at, type_=runs.c.ended_at.type).label("ended_at"),
            )
            .where(runs.c.outcome == "ok")
            .group_by(runs.c.source)
        )
    }
    found = []
    for run in ledger.latest(connection):
        queue = waiting.get(run.source)
        found.append(
            {
                **{name: getattr(run, name) for name in _RUN_COLUMNS},
                "last_good": good.get(run.source),
                "waiting": queue.number if queue else 0,
                "waiting_since": queue.oldest if queue else None,
                "complete_to": ledger.watermark(connection, run.source),
            }
        )
    return found


_RUN_COLUMNS = (
    "source",
    "outcome",
    "started_at",
    "ended_at",
    "fetched",
    "new",
    "changed",
    "set_aside",
    "postponed",
    "message",
)


def since(connection: Connection, moment: datetime) -> list[dict[str, object]]:
    """Return the runs of all sources begun since ``moment``, oldest first."""
    rows = connection.execute(select(runs).where(runs.c.started_at >= moment).order_by(runs.c.id))
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def newest_set_aside(connection: Connection) -> list[dict[str, object]]:
    """Return the newest answers that could not be read, with field and reason."""
    rows = connection.execute(
        select(set_aside).order_by(set_aside.c.last_at.desc(), set_aside.c.key).limit(_SHOWN)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
