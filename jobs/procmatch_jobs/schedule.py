"""The scheduler: looks what is due, takes its lease, runs it. Any number may run on any machines.

APScheduler wakes it: at the times of the timetable, and every few seconds, since a job can also
become due because another ended, failed, or lost its machine. What is to be run follows from the
store alone: a run that was missed, be it once or five times, is due once.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from threading import Event, Lock

from apscheduler.executors.pool import ThreadPoolExecutor as Waker
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from procmatch.errors import StoreError
from procmatch.settings import Settings
from procmatch.store import Store, leases
from procmatch.store.leases import Due, Lease, Result
from procmatch_jobs.supervise import supervise
from procmatch_jobs.timetable import Row, timetable

__all__ = ["Scheduler", "due_rows", "holder", "run_once", "utc_now"]

_log = logging.getLogger("procmatch.jobs")


def utc_now() -> datetime:
    """Return the time, aware, UTC."""
    return datetime.now(UTC)


def holder() -> str:
    """Return how this process calls itself in leases."""
    return f"{socket.gethostname()}:{os.getpid()}"


def due_rows(
    rows: Sequence[Row], states: Mapping[str, Due], now: datetime
) -> list[tuple[Row, datetime]]:
    """Return the jobs to be begun at ``now``, each with the time when it was due, in order.

    A job waits for those that it comes after: while one of them runs or has yet to begin.
    """
    dues = {row.job: due for row in rows if (due := row.last_due(now)) is not None}
    return [
        (row, dues[row.job])
        for row in rows
        if row.job in dues
        and _wants(states.get(row.job), dues[row.job], now)
        and not any(_is_ahead(states.get(job), dues[job], now) for job in row.after if job in dues)
    ]


def _wants(state: Due | None, due: datetime, now: datetime) -> bool:
    return state is None or state.wants(due, now)


def _is_ahead(state: Due | None, due: datetime, now: datetime) -> bool:
    """Whether a job runs or has yet to; one that failed and waits for another try is not ahead."""
    return state is None or state.is_running(now) or not state.is_begun(due)


class Scheduler:
    """Runs what is due until it is stopped.

    Args:
        store: holds leases and ledger.
        settings: procmatch's; the timetable among them.
        clock: aware UTC now.
        tell: called with a job and how a run of it ended, and how many seconds it took.

    Raises:
        SettingsError: the timetable cannot be read.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = utc_now,
        tell: Callable[[str, Result, float], None] = lambda _job, _result, _seconds: None,
    ) -> None:
        self.rows = timetable(settings)
        self.looked_at = 0.0
        self._store = store
        self._settings = settings
        self._clock = clock
        self._tell = tell
        self._holder = holder()
        self._stop = Event()
        self._running: dict[str, Future[None]] = {}
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(settings.jobs.parallel, thread_name_prefix="job")
        self._waker = BackgroundScheduler(
            executors={"default": Waker(1)},
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to look; returns at once."""
        for row in self.rows:
            if row.when is not None:
                self._waker.add_job(self.look, row.when, id=row.job)
        every = IntervalTrigger(seconds=self._settings.jobs.look_s, timezone=UTC)
        self._waker.add_job(self.look, every, id="look", next_run_time=datetime.now(UTC))
        self._waker.start()

    def stop(self) -> None:
        """Stop all that runs, and wait until it has ended."""
        self._stop.set()
        self._waker.shutdown(wait=True)
        with self._lock:
            running = list(self._running.values())
        wait(running)
        self._pool.shutdown(wait=True)

    def look(self) -> None:
        """Begin what is due, as far as there is room."""
        with self._lock:
            self._running = {job: one for job, one in self._running.items() if not one.done()}
            try:
                self._begin_due()
            except StoreError as error:
                _log.warning("%s", error)
                return
            self.looked_at = time.monotonic()

    @property
    def running(self) -> tuple[str, ...]:
        """The jobs that run here now."""
        with self._lock:
            return tuple(job for job, one in self._running.items() if not one.done())

    def _begin_due(self) -> None:
        now = self._clock()
        with self._store.read() as connection:
            states = leases.states(connection)
        for row, due in due_rows(self.rows, states, now):
            if len(self._running) >= self._settings.jobs.parallel or self._stop.is_set():
                return
            # A run that lost its lease may take a moment to end.
            if row.job in self._running:
                continue
            if lease := self._claim(row, due, now):
                _log.info("%s begins, due at %s", row.job, due.isoformat())
                self._running[row.job] = self._pool.submit(self._run, row, lease)

    def _claim(self, row: Row, due: datetime, now: datetime) -> Lease | None:
        jobs = self._settings.jobs
        with self._store.begin() as connection:
            return leases.claim(
                connection,
                row.job,
                due=due,
                holder=self._holder,
                now=now,
                length=timedelta(seconds=jobs.lease_s),
                retries=jobs.retries,
            )

    def _run(self, row: Row, lease: Lease) -> None:
        began = time.monotonic()
        try:
            result = supervise(
                self._store,
                row,
                lease,
                settings=self._settings,
                clock=self._clock,
                stop=self._stop,
            )
        except StoreError as error:
            _log.exception("%s: its end could not be written", row.job)
            result = Result(outcome="lost", said=str(error))
        seconds = time.monotonic() - began
        level = logging.INFO if result.outcome in {"ok", "stopped"} else logging.ERROR
        _log.log(level, "%s: %s after %.1f s", row.job, result.outcome, seconds)
        self._tell(row.job, result, seconds)
        # What waits for this one need not wait for the next look.
        if not self._stop.is_set():
            self._waker.modify_job("look", next_run_time=datetime.now(UTC))


def run_once(
    store: Store, row: Row, *, settings: Settings, clock: Callable[[], datetime], stop: Event
) -> Result | None:
    """Run one job now, whatever the timetable says; None when it runs elsewhere."""
    now = clock()
    with store.begin() as connection:
        lease = leases.claim(
            connection,
            row.job,
            due=now,
            holder=holder(),
            now=now,
            length=timedelta(seconds=settings.jobs.lease_s),
            retries=settings.jobs.retries,
        )
    if lease is None:
        return None
    return supervise(store, row, lease, settings=settings, clock=clock, stop=stop)
