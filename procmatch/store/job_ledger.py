"""The ledger of scheduled jobs: what was run, for which due time, by whom, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Row, delete, func, select

from procmatch.store.job_tables import job_leases, job_runs

__all__ = ["JobRun", "forget_before", "last_ok", "newest", "of_job", "since"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run; see ``job_runs``."""

    job: str
    fence: int
    due_at: datetime
    holder: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    exit: int | None
    counts: Mapping[str, int]
    said: str


def _run(row: Row[tuple[object, ...]]) -> JobRun:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    counts = msgspec.json.decode(values.pop("counts"), type=dict[str, int])
    return JobRun(counts=counts, **values)


def newest(connection: Connection) -> list[JobRun]:
    """Return the newest run of each job, by name."""
    query = (
        select(job_runs)
        .join(
            job_leases,
            (job_leases.c.job == job_runs.c.job) & (job_leases.c.fence == job_runs.c.fence),
        )
        .order_by(job_runs.c.job)
    )
    return [_run(row) for row in connection.execute(query)]


def of_job(connection: Connection, job: str, limit: int) -> list[JobRun]:
    """Return the newest runs of one job, newest first."""
    query = (
        select(job_runs).where(job_runs.c.job == job).order_by(job_runs.c.fence.desc()).limit(limit)
    )
    return [_run(row) for row in connection.execute(query)]


def since(connection: Connection, moment: datetime) -> list[JobRun]:
    """Return what was begun since ``moment``, oldest first."""
    query = (
        select(job_runs)
        .where(job_runs.c.started_at >= moment)
        .order_by(job_runs.c.started_at, job_runs.c.job, job_runs.c.fence)
    )
    return [_run(row) for row in connection.execute(query)]


def last_ok(connection: Connection) -> dict[str, datetime]:
    """Return job -> when its newest good run ended."""
    ended = func.max(job_runs.c.ended_at, type_=job_runs.c.ended_at.type)
    rows = connection.execute(
        select(job_runs.c.job, ended.label("ended_at"))
        .where(job_runs.c.outcome == "ok")
        .group_by(job_runs.c.job)
    )
    return {row.job: row.ended_at for row in rows}


def forget_before(connection: Connection, moment: datetime) -> int:
    """Delete the runs begun before ``moment``, but for each job's newest; return how many."""
    current = (
        select(job_leases.c.job)
        .where(job_leases.c.job == job_runs.c.job, job_leases.c.fence == job_runs.c.fence)
        .exists()
    )
    return connection.execute(
        delete(job_runs).where(job_runs.c.started_at < moment, ~current)
    ).rowcount
