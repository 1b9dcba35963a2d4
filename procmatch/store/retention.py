"""What is thrown away after a while, and what is never."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, select

from procmatch.model.procedure import ProcedureState
from procmatch.store.tables import (
    lots,
    matches,
    notices,
    procedures,
    raw_answers,
    raw_chunks,
    run_measures,
    runs,
    set_aside,
)

__all__ = ["forget_closed", "forget_raw_before", "forget_runs_before"]

#: Answers deleted in one transaction, so that no other writer waits long.
_BATCH = 500


def forget_closed(connection: Connection, now: datetime) -> int:
    """Delete the rankings of lots that nobody can bid on any more; return how many lots.

    Closed is what has a deadline that is over, or whose procedure is no competition today. What
    ``matching`` answers for such a lot is worked out again when somebody asks.
    """
    open_ = (
        select(procedures.c.current)
        .join(notices, notices.c.id == procedures.c.current)
        .where(procedures.c.state == ProcedureState.COMPETITION.value, notices.c.deadline > now)
    )
    lapsed = (
        select(lots.c.lot)
        .where(
            lots.c.notice == matches.c.notice, lots.c.lot == matches.c.lot, lots.c.deadline <= now
        )
        .exists()
    )
    closed = matches.c.notice.not_in(open_) | lapsed
    which = select(matches.c.notice, matches.c.lot).where(closed).distinct().subquery()
    found = connection.scalar(select(func.count()).select_from(which)) or 0
    if found:
        connection.execute(delete(matches).where(closed))
    return found


def forget_raw_before(connection: Connection, moment: datetime) -> int:
    """Delete some raw answers fetched before ``moment``; return how many, 0 when all are gone.

    Kept are those that a notice was read from, those that are set aside, and the newest of each
    key: by them a better parser can read everything again that holds today.
    """
    newer = raw_answers.alias()
    replaced = (
        select(newer.c.id)
        .where(
            newer.c.source == raw_answers.c.source,
            newer.c.kind == raw_answers.c.kind,
            newer.c.key == raw_answers.c.key,
            newer.c.id > raw_answers.c.id,
        )
        .exists()
    )
    read = exists().where(notices.c.sha256 == raw_answers.c.sha256)
    aside = exists().where(set_aside.c.sha256 == raw_answers.c.sha256)
    old = connection.execute(
        select(raw_answers.c.id, raw_answers.c.sha256)
        .where(raw_answers.c.fetched_at < moment, replaced, ~read, ~aside)
        .order_by(raw_answers.c.id)
        .limit(_BATCH)
    ).all()
    if not old:
        return 0
    connection.execute(delete(raw_answers).where(raw_answers.c.id.in_([row.id for row in old])))
    used = exists().where(raw_answers.c.sha256 == raw_chunks.c.sha256)
    bodies = sorted({row.sha256 for row in old})
    connection.execute(delete(raw_chunks).where(raw_chunks.c.sha256.in_(bodies), ~used))
    return len(old)


def forget_runs_before(connection: Connection, moment: datetime) -> int:
    """Delete the crawls begun before ``moment``; return how many.

    Kept are each source's newest run and newest good run, and of each measure the newest good run
    that counted it: the next is compared with that.
    """
    newest = select(func.max(runs.c.id)).group_by(runs.c.source)
    good = newest.where(runs.c.outcome == "ok")
    measured = (
        select(func.max(runs.c.id))
        .join(run_measures, run_measures.c.run == runs.c.id)
        .where(runs.c.outcome == "ok")
        .group_by(runs.c.source, run_measures.c.name)
    )
    kept = [runs.c.id.not_in(which) for which in (newest, good, measured)]
    return connection.execute(delete(runs).where(runs.c.started_at < moment, *kept)).rowcount
