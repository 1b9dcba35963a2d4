"""The ledger: runs, the watermark of each source, downloads that wait, what was set aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from procmatch.errors import SourceError
from procmatch.store.tables import downloads, runs, set_aside, watermarks
from procmatch.store.upsert import put

__all__ = [
    "Counts",
    "add_counts",
    "aside",
    "aside_keys",
    "clear_aside",
    "close",
    "counts",
    "done_downloading",
    "latest",
    "open_run",
    "pending",
    "postpone",
    "put_aside",
    "queue",
    "watermark",
]

#: Waits after the 1st, 2nd, ... failed download: a publication can answer 404 for minutes and
#: 500 for days (seen at Doffin), so the last wait goes on for ever.
_WAITS = tuple(timedelta(minutes=m) for m in (5, 15, 60, 180, 720, 1440))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one answer, or one run, brought."""

    fetched: int = 0
    new: int = 0
    changed: int = 0
    set_aside: int = 0
    postponed: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add two counts field by field."""
        return Counts(
            fetched=self.fetched + other.fetched,
            new=self.new + other.new,
            changed=self.changed + other.changed,
            set_aside=self.set_aside + other.set_aside,
            postponed=self.postponed + other.postponed,
        )


def open_run(connection: Connection, source: str, now: datetime) -> int:
    """Begin a run and return its id. A run of the same source that never ended is closed.

    A process that was killed cannot close its own row; its successor does.
    """
    connection.execute(
        update(runs)
        .where(runs.c.source == source, runs.c.outcome == "running")
        .values(outcome="killed", ended_at=now, message="ended without a word; next run took over")
    )
    inserted = connection.execute(
        runs.insert().values(source=source, started_at=now, outcome="running")
    )
    key = inserted.inserted_primary_key
    assert key is not None
    return int(key[0])


def add_counts(connection: Connection, run: int, counts: Counts) -> None:
    """Add ``counts`` to the run's row."""
    added = {name: getattr(counts, name) for name in Counts.__slots__}
    if any(added.values()):
        connection.execute(_ADD, {"run": run, **{f"{name}_more": n for name, n in added.items()}})


_ADD = (
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values({name: runs.c[name] + bindparam(f"{name}_more") for name in Counts.__slots__})
)


def close(
    connection: Connection,
    run: int,
    *,
    outcome: str,
    message: str,
    now: datetime,
    move_watermark_to: date | None,
) -> None:
    """End the run; move its source's watermark forward, never back."""
    row = connection.execute(select(runs.c.source).where(runs.c.id == run)).one()
    if move_watermark_to is not None:
        old = watermark(connection, row.source)
        if old is None or move_watermark_to > old:
            value = {"source": row.source, "value": move_watermark_to, "moved_at": now}
            put(connection, watermarks, [value])
    connection.execute(
        update(runs)
        .where(runs.c.id == run)
        .values(outcome=outcome, message=message, ended_at=now, watermark=move_watermark_to)
    )


def counts(connection: Connection, run: int) -> Counts:
    """Return what a run has brought so far."""
    row = connection.execute(select(runs).where(runs.c.id == run)).one()
    return Counts(
        fetched=row.fetched,
        new=row.new,
        changed=row.changed,
        set_aside=row.set_aside,
        postponed=row.postponed,
    )


def watermark(connection: Connection, source: str) -> date | None:
    """Return how far the source is known to be complete, or None before the first full run."""
    return connection.scalar(select(watermarks.c.value).where(watermarks.c.source == source))


def latest(connection: Connection) -> Sequence[Row[tuple[object, ...]]]:
    """Return the newest run of each source, by source name."""
    newest = select(func.max(runs.c.id)).group_by(runs.c.source)
    return connection.execute(
        select(runs).where(runs.c.id.in_(newest)).order_by(runs.c.source)
    ).all()


def queue(connection: Connection, source: str, keys: Iterable[str], now: datetime) -> None:
    """Remember that ``keys`` must be downloaded; those already waiting keep their place."""
    rows = [
        {
            "source": source,
            "key": key,
            "tries": 0,
            "error": "",
            "next_try_at": now,
            "queued_at": now,
        }
        for key in keys
    ]
    put(connection, downloads, rows, update=False)


def pending(connection: Connection, source: str, now: datetime) -> tuple[str, ...]:
    """Return the keys whose time has come, oldest first."""
    return tuple(
        connection.scalars(
            select(downloads.c.key)
            .where(downloads.c.source == source, downloads.c.next_try_at <= now)
            .order_by(downloads.c.queued_at, downloads.c.key)
        )
    )


def postpone(connection: Connection, source: str, key: str, error: str, now: datetime) -> None:
    """Note that a download failed; it is tried again later, and never given up."""
    queue(connection, source, [key], now)
    which = (downloads.c.source == source) & (downloads.c.key == key)
    tries = connection.scalar(select(downloads.c.tries).where(which)) or 0
    wait = _WAITS[min(tries, len(_WAITS) - 1)]
    connection.execute(
        update(downloads).where(which).values(tries=tries + 1, error=error, next_try_at=now + wait)
    )


def done_downloading(connection: Connection, source: str, key: str) -> None:
    """Take ``key`` off the queue."""
    connection.execute(
        delete(downloads).where(downloads.c.source == source, downloads.c.key == key)
    )


def put_aside(
    connection: Connection,
    *,
    source: str,
    kind: str,
    key: str,
    sha256: str,
    error: SourceError,
    parser: str,
    now: datetime,
) -> None:
    """Keep aside an answer that could not be read, with the field and the reason."""
    which = (set_aside.c.source == source) & (set_aside.c.kind == kind) & (set_aside.c.key == key)
    before = connection.execute(select(set_aside).where(which)).one_or_none()
    row = {
        "source": source,
        "kind": kind,
        "key": key,
        "sha256": sha256,
        "error": type(error).__name__,
        "field": error.where,
        "reason": error.reason,
        "parser": parser,
        "first_at": before.first_at if before else now,
        "last_at": now,
        "tries": before.tries + 1 if before else 1,
    }
    put(connection, set_aside, [row])


def aside_keys(connection: Connection, source: str, kind: str) -> Sequence[str]:
    """Return the keys of what is set aside."""
    return connection.scalars(
        select(set_aside.c.key).where(set_aside.c.source == source, set_aside.c.kind == kind)
    ).all()


def clear_aside(connection: Connection, source: str, kind: str, key: str) -> None:
    """Forget that an answer was set aside: it has been read."""
    connection.execute(
        delete(set_aside).where(
            set_aside.c.source == source, set_aside.c.kind == kind, set_aside.c.key == key
        )
    )


def aside(connection: Connection, source: str | None = None) -> Sequence[Row[tuple[object, ...]]]:
    """Return what is set aside (of one source), in a stable order."""
    query = select(set_aside).order_by(set_aside.c.source, set_aside.c.kind, set_aside.c.key)
    if source is not None:
        query = query.where(set_aside.c.source == source)
    return connection.execute(query).all()
