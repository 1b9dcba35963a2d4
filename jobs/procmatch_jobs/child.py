"""One run of one job, in a process of its own: ``python -m procmatch_jobs.child``.

Started by :mod:`procmatch_jobs.supervise`, which writes an :class:`Order` on standard input. The
result goes to standard output as one line of JSON, everything else to standard error.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO, Any

import msgspec

from procmatch.errors import LeaseLost, ProcmatchError
from procmatch.settings import Settings
from procmatch.store.leases import Lease

__all__ = ["FAILED", "LOST", "NO_MEMORY", "STOPPED", "Order", "main"]

FAILED, LOST, NO_MEMORY, STOPPED = 1, 73, 74, 75
_PR_SET_PDEATHSIG = 1
#: So many leases one transaction of a job may do nothing.
_SILENT_LEASES = 12


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the child shall do.

    Attributes:
        job: name in the timetable. fence: of its lease. parent: process that waits for it.
        memory_mb: memory of its own that it may take.
        settings: procmatch's; by this way no secret stands on a command line.
    """

    job: str
    fence: int
    parent: int
    memory_mb: int
    settings: Settings


def _limit_memory(memory_mb: int) -> None:
    """Refuse more memory than that to this process; files that are mapped do not count."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ModuleNotFoundError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = memory_mb << 20
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _die_with(parent: int) -> None:
    """End when the scheduler is killed: nobody would renew the lease (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(LOST)


def _work(order: Order) -> Mapping[str, int]:
    from procmatch.store import open_store  # noqa: PLC0415 - only under the limits
    from procmatch_jobs.work import Stop, Work, work_of  # noqa: PLC0415

    stop = Stop()
    signal.signal(signal.SIGTERM, stop)
    store = open_store(order.settings.database_url)
    silence_s = order.settings.jobs.lease_s * _SILENT_LEASES
    work = Work(
        store=store.under(Lease(job=order.job, fence=order.fence, silence_s=silence_s)),
        settings=order.settings,
        clock=lambda: datetime.now(UTC),
        stop=stop,
    )
    try:
        return work_of(order.job)(work)
    finally:
        store.close()


def _run(order: Order, answer: IO[Any]) -> int:
    from procmatch_jobs.work import Stopped  # noqa: PLC0415

    try:
        counts = _work(order)
    except Stopped as error:
        print(error, file=sys.stderr)
        return STOPPED
    except LeaseLost as error:
        print(error, file=sys.stderr)
        return LOST
    except ProcmatchError as error:
        print(error, file=sys.stderr)
        return FAILED
    answer.write(msgspec.json.encode(dict(counts)).decode() + "\n")
    answer.flush()
    return 0


def main() -> int:
    """Do as ordered; return the exit code."""
    # Started by the scheduler's terminal, Ctrl-C is the scheduler's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    _die_with(order.parent)
    _limit_memory(order.memory_mb)
    answer, sys.stdout = sys.stdout, sys.stderr
    try:
        return _run(order, answer)
    except MemoryError:
        print(f"more than {order.memory_mb} MiB of memory were needed", file=sys.stderr)
        return NO_MEMORY


if __name__ == "__main__":
    sys.exit(main())
