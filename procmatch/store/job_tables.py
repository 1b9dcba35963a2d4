"""Tables of scheduled jobs: who runs what, and the ledger of what was run."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from procmatch.store.tables import metadata
from procmatch.store.types import UtcDateTime

__all__ = ["job_leases", "job_runs"]

#: One row a job: for which due time it was last begun, and who holds it now.
job_leases = Table(
    "job_leases",
    metadata,
    Column("job", String(60), primary_key=True),
    #: Goes up by one with every run; who shows an older one has lost the lease.
    Column("fence", Integer, nullable=False),
    #: Empty while nobody runs the job.
    Column("holder", String(200), nullable=False),
    Column("expires_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    #: Whether the run that was due is over and done with, well or ill.
    Column("settled", Boolean, nullable=False),
    #: Of the run that is due.
    Column("failures", Integer, nullable=False),
    Column("retry_at", UtcDateTime),
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("job", String(60), primary_key=True),
    Column("fence", Integer, primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("holder", String(200), nullable=False),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("ended_at", UtcDateTime),
    #: ``running``, ``ok``, ``failed``, ``timed-out``, ``stopped`` or ``lost``.
    Column("outcome", String(10), nullable=False),
    Column("exit", Integer),
    #: JSON object: what was counted.
    Column("counts", Text, nullable=False),
    #: The end of what the run said; without secrets and addresses.
    Column("said", Text, nullable=False),
)
