"""Run one job as a process: keep its lease, its time and what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import IO

import msgspec

from procmatch.errors import StoreError
from procmatch.settings import Settings
from procmatch.store import Store, leases
from procmatch.store.leases import Lease, Result
from procmatch_jobs.child import LOST, NO_MEMORY, STOPPED, Order
from procmatch_jobs.said import plain
from procmatch_jobs.timetable import Row

__all__ = ["supervise"]

_TICK_S = 0.1
#: Of what a run says, the end is kept.
_SAID_BYTES = 16_000
#: The lease is renewed that often while it holds.
_RENEWALS = 5
#: The share of a lease after which one that could not be renewed is given up.
_GIVE_UP = 0.9


@dataclass(slots=True)
class _Watch:
    """The lease of a running job, seen from its holder: from ``lost_at`` on it gives it up.

    That is a little before the lease ends, so that the job has ended by then.
    """

    store: Store
    lease: Lease
    length_s: float
    clock: Callable[[], datetime]
    renew_at: float
    lost_at: float

    def is_held(self) -> bool:
        """Renew the lease when it is time; False when it is another's, or may be by now."""
        # The monotonic clock stands still while a machine sleeps: then the fence holds.
        now = time.monotonic()
        if now >= self.lost_at:
            return False
        if now < self.renew_at:
            return True
        try:
            with self.store.begin() as connection:
                until = self.clock() + timedelta(seconds=self.length_s)
                held = leases.renew(connection, self.lease, until)
        except StoreError:
            # Busy, or cut off: as long as the lease lasts there is time to try again.
            self.renew_at = now + self.length_s / _RENEWALS / 2
            return True
        self.renew_at = now + self.length_s / _RENEWALS
        self.lost_at = now + self.length_s * _GIVE_UP
        return held


def supervise(
    store: Store,
    row: Row,
    lease: Lease,
    *,
    settings: Settings,
    clock: Callable[[], datetime],
    stop: Event,
) -> Result:
    """Run a job whose lease is ours, to its end; then write the ledger and give the lease back.

    Args:
        store: where lease and ledger are.
        row: the job, with its limits.
        lease: as it was claimed a moment ago.
        settings: procmatch's.
        clock: aware UTC now.
        stop: set when the job shall end; what it does not end by itself is killed.

    Returns:
        How it ended; ``lost`` when the lease was, and then nothing was written.

    Raises:
        StoreError: the end could not be written; the lease runs out and the run counts as lost.
    """
    began = time.monotonic()
    watch = _Watch(
        store=store,
        lease=lease,
        length_s=settings.jobs.lease_s,
        clock=clock,
        renew_at=began + settings.jobs.lease_s / _RENEWALS,
        lost_at=began + settings.jobs.lease_s * _GIVE_UP,
    )
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as said:
        process = _start(row, lease, settings, answer, said)
        try:
            cause = _wait(process, row.limit.total_seconds(), watch, stop)
            if cause:
                _end(process, settings.jobs.grace_s)
        except BaseException:
            _kill(process)
            raise
        result = _result(process.returncode, cause, row, answer, plain(_tail(said), settings))
    if result.outcome == "lost":
        return result
    with store.begin() as connection:
        kept = leases.finish(
            connection,
            lease,
            result,
            now=clock(),
            retries=settings.jobs.retries,
            retry_after=timedelta(minutes=settings.jobs.retry_minutes),
        )
    return result if kept else Result(outcome="lost", said=result.said)


def _start(
    row: Row, lease: Lease, settings: Settings, answer: IO[bytes], said: IO[bytes]
) -> subprocess.Popen[bytes]:
    order = Order(
        job=row.job,
        fence=lease.fence,
        parent=os.getpid(),
        memory_mb=row.memory_mb,
        settings=settings,
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "procmatch_jobs.child"],
        stdin=subprocess.PIPE,
        stdout=answer,
        stderr=said,
        start_new_session=True,
    )
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin:
        process.stdin.write(msgspec.json.encode(order))
    return process


def _wait(process: subprocess.Popen[bytes], limit_s: float, watch: _Watch, stop: Event) -> str:
    """Wait for the end, or for a reason to make one: ``timed-out``, ``stopped`` or ``lost``."""
    until = time.monotonic() + limit_s
    while process.poll() is None:
        if not watch.is_held():
            return "lost"
        if time.monotonic() >= until:
            return "timed-out"
        if stop.is_set():
            return "stopped"
        with suppress(subprocess.TimeoutExpired):
            process.wait(_TICK_S)
    return ""


def _end(process: subprocess.Popen[bytes], grace_s: float) -> None:
    """Ask it to end, and make it end."""
    _signal(process, signal.SIGTERM)
    try:
        process.wait(grace_s)
    except subprocess.TimeoutExpired:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    _signal(process, signal.SIGKILL)
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the process and those that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _result(exit_: int, cause: str, row: Row, answer: IO[bytes], said: str) -> Result:
    if exit_ == 0:
        # It was done before it could be stopped.
        return Result(outcome="ok", exit=0, counts=_counts(answer), said=said)
    if exit_ == LOST or cause == "lost":
        return Result(outcome="lost", exit=exit_, said=said)
    if cause == "timed-out":
        limit = f"stopped after its {row.limit.total_seconds() / 60:g} minutes"
        return Result(outcome=cause, exit=exit_, said=f"{said}\n{limit}".strip())
    if cause == "stopped" or exit_ == STOPPED:
        return Result(outcome="stopped", exit=exit_, said=said)
    if exit_ < 0:
        said = f"{said}\nended by {signal.Signals(-exit_).name}".strip()
    if exit_ == NO_MEMORY:
        said = f"{said}\nits limit is memory_mb = {row.memory_mb}".strip()
    return Result(outcome="failed", exit=exit_, said=said)


def _counts(answer: IO[bytes]) -> Mapping[str, int]:
    answer.seek(0)
    lines = answer.read().splitlines()
    return msgspec.json.decode(lines[-1], type=dict[str, int]) if lines else {}


def _tail(file: IO[bytes]) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _SAID_BYTES))
    return file.read().decode("utf-8", "replace")
