"""Leases of scheduled jobs: of any number of schedulers, one runs a job at a time.

A lease is a row with a holder and an end. Its holder renews it while the job runs; when it ends
unrenewed (the machine was killed, or cut off), the next who asks takes over, with a higher number,
the *fence*. A holder that was only asleep cannot write any more: each of its transactions first
looks whether the fence is still its own, and keeps others from taking over until it is committed.

Times are those of the machines, which must agree within a fraction of a lease.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from procmatch.errors import LeaseLost
from procmatch.store.job_tables import job_leases, job_runs
from procmatch.store.upsert import put

__all__ = ["Due", "Lease", "Result", "check", "claim", "finish", "renew", "states"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A job that is one's own to run.

    Attributes:
        fence: tells this run from all others.
        silence_s: how long one of its transactions may do nothing (PostgreSQL): a machine that
            died or fell asleep in the middle of one keeps others away no longer than that.
    """

    job: str
    fence: int
    silence_s: float = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What stands in the store about a job: see ``job_leases``."""

    job: str
    holder: str
    expires_at: datetime | None
    due_at: datetime | None
    settled: bool
    failures: int
    retry_at: datetime | None

    def is_running(self, now: datetime) -> bool:
        """Whether somebody holds it."""
        return bool(self.holder) and self.expires_at is not None and self.expires_at > now

    def is_begun(self, due: datetime) -> bool:
        """Whether the run that was due at ``due`` has been begun, whatever came of it."""
        return self.due_at is not None and self.due_at >= due

    def wants(self, due: datetime, now: datetime) -> bool:
        """Whether a run that was due at ``due`` is to be begun, or tried again, at ``now``."""
        if self.is_running(now):
            return False
        if not self.is_begun(due):
            return True
        return not self.settled and (self.retry_at is None or self.retry_at <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended; the fields are those of ``job_runs``."""

    outcome: str
    exit: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    said: str = ""


def states(connection: Connection) -> dict[str, Due]:
    """Return job -> what stands about it; a job that was never begun is absent."""
    return {row.job: _due(row) for row in connection.execute(select(job_leases))}


def _due(row: Row[Any]) -> Due:
    return Due(**{name: getattr(row, name) for name in Due.__slots__})


def check(connection: Connection, lease: Lease) -> None:
    """Make sure that ``lease`` is held, and stays so until the transaction ends.

    Raises:
        LeaseLost: it has passed to another holder, or was given back.
    """
    if connection.dialect.name == "postgresql":
        limit = f"{round(lease.silence_s * 1000)}ms"
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{limit}'")
    # KEY SHARE stops a claim (FOR UPDATE), and lets renewals pass.
    row = connection.execute(
        select(job_leases.c.fence, job_leases.c.holder)
        .where(job_leases.c.job == lease.job)
        .with_for_update(read=True, key_share=True)
    ).one_or_none()
    if row is None or row.fence != lease.fence or not row.holder:
        raise LeaseLost(f"another process has taken over the job {lease.job}")


def claim(
    connection: Connection,
    job: str,
    *,
    due: datetime,
    holder: str,
    now: datetime,
    length: timedelta,
    retries: int,
) -> Lease | None:
    """Take the lease of a job whose run was due at ``due``, and open its row in the ledger.

    Args:
        connection: in a transaction of its own.
        job: its name.
        due: when it should have begun.
        holder: who asks: machine and process.
        now: aware UTC.
        length: how long the lease holds unless it is renewed.
        retries: how often a run that was lost with its machine is tried again.

    Returns:
        The lease; None when somebody else runs the job, or has run it.
    """
    unknown = {"job": job, "fence": 0, "holder": "", "settled": True, "failures": 0}
    put(connection, job_leases, [unknown], update=False)
    row = connection.execute(
        select(job_leases).where(job_leases.c.job == job).with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None or _due(row).is_running(now):
        return None
    if row.holder:
        row = _lost(connection, row, now, retries)
    if not _due(row).wants(due, now):
        return None
    again = _due(row).is_begun(due)
    fence = row.fence + 1
    values = {
        "fence": fence,
        "holder": holder,
        "expires_at": now + length,
        "settled": False,
        "due_at": row.due_at if again else due,
        "failures": row.failures if again else 0,
        "retry_at": None,
    }
    connection.execute(update(job_leases).where(job_leases.c.job == job).values(values))
    begun = {
        "job": job,
        "fence": fence,
        "due_at": values["due_at"],
        "holder": holder,
        "started_at": now,
        "outcome": "running",
        "counts": "{}",
        "said": "",
    }
    connection.execute(job_runs.insert().values(begun))
    return Lease(job=job, fence=fence)


def _lost(connection: Connection, row: Row[Any], now: datetime, retries: int) -> Row[Any]:
    """Close the run of a holder that has not been heard of; return the row as it is then."""
    connection.execute(
        update(job_runs)
        .where(job_runs.c.job == row.job, job_runs.c.fence == row.fence)
        .values(
            outcome="lost",
            ended_at=now,
            said=f"{row.holder} was not heard of after {row.expires_at:%Y-%m-%d %H:%M:%S} UTC",
        )
    )
    failures = row.failures + 1
    connection.execute(
        update(job_leases)
        .where(job_leases.c.job == row.job)
        .values(
            holder="", expires_at=None, failures=failures, settled=failures > retries, retry_at=None
        )
    )
    return connection.execute(select(job_leases).where(job_leases.c.job == row.job)).one()


def renew(connection: Connection, lease: Lease, until: datetime) -> bool:
    """Hold on to ``lease`` until then; return False when it is another's."""
    changed = connection.execute(
        update(job_leases).where(*_held(lease)).values(expires_at=until)
    ).rowcount
    return bool(changed)


def finish(
    connection: Connection,
    lease: Lease,
    result: Result,
    *,
    now: datetime,
    retries: int,
    retry_after: timedelta,
) -> bool:
    """Write how the run ended and give the lease back.

    A failed run is tried again after ``retry_after``, ``retries`` times at the most; one that was
    stopped from outside is taken up by the next scheduler that looks.

    Returns:
        False when the lease is another's: then nothing is written, the run counts as lost.
    """
    row = connection.execute(select(job_leases).where(*_held(lease))).one_or_none()
    if row is None:
        return False
    failed = result.outcome not in {"ok", "stopped"}
    failures = row.failures + failed
    settled = result.outcome == "ok" or failures > retries
    given_back = connection.execute(
        update(job_leases)
        .where(*_held(lease))
        .values(
            holder="",
            expires_at=None,
            failures=failures,
            settled=settled,
            retry_at=now + retry_after if failed and not settled else None,
        )
    ).rowcount
    if not given_back:
        return False
    connection.execute(
        update(job_runs)
        .where(job_runs.c.job == lease.job, job_runs.c.fence == lease.fence)
        .values(
            ended_at=now,
            outcome=result.outcome,
            exit=result.exit,
            counts=msgspec.json.encode(dict(result.counts)).decode(),
            said=result.said,
        )
    )
    return True


def _held(lease: Lease) -> tuple[Any, ...]:
    return (
        job_leases.c.job == lease.job,
        job_leases.c.fence == lease.fence,
        job_leases.c.holder != "",
    )
