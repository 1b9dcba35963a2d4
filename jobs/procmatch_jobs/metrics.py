"""What Prometheus is told: what this scheduler did, and what stands in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from procmatch.errors import StoreError
from procmatch.settings import Settings
from procmatch.store import Store, brake, job_ledger, leases, ledger, outbox
from procmatch.store.leases import Result
from procmatch_jobs.schedule import utc_now
from procmatch_jobs.timetable import Row, timetable

__all__ = ["Metrics"]

_SECONDS = (1, 5, 15, 60, 300, 900, 3600, 10800)


class Metrics:
    """A registry of its own, read anew from the store with every scrape."""

    def __init__(
        self, store: Store, settings: Settings, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.registry = CollectorRegistry()
        self._runs = Counter(
            "procmatch_job_runs",
            "Runs that ended in this scheduler, by outcome.",
            ["job", "outcome"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "procmatch_job_duration_seconds",
            "How long runs took in this scheduler.",
            ["job"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.registry.register(_Stored(store, timetable(settings), clock))

    def ended(self, job: str, result: Result, seconds: float) -> None:
        """Count a run that ended."""
        self._runs.labels(job=job, outcome=result.outcome).inc()
        self._seconds.labels(job=job).observe(seconds)


class _Stored(Collector):
    """What stands in the store at the moment of a scrape."""

    def __init__(self, store: Store, rows: Iterable[Row], clock: Callable[[], datetime]) -> None:
        self._store = store
        self._rows = tuple(rows)
        self._clock = clock

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Name nothing beforehand: the registry would scrape to find out."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the store; when it does not answer, only say so."""
        try:
            found = [*self._jobs(), *self._sources(), *self._letters()]
        except StoreError:
            found = []
        up = GaugeMetricFamily("procmatch_store_up", "Whether the store answered this scrape.")
        up.add_metric([], bool(found))
        yield from (up, *found)

    def _jobs(self) -> Iterator[GaugeMetricFamily]:
        now = self._clock()
        with self._store.read() as connection:
            states = leases.states(connection)
            good = job_ledger.last_ok(connection)
            newest = job_ledger.newest(connection)
        last = GaugeMetricFamily(
            "procmatch_job_last_success_timestamp_seconds",
            "When the newest good run of a job ended, on any machine.",
            labels=["job"],
        )
        for job, moment in good.items():
            last.add_metric([job], moment.timestamp())
        failing = GaugeMetricFamily(
            "procmatch_job_failing",
            "1 when the newest ended run of a job failed, ran out of time or was lost.",
            labels=["job"],
        )
        for run in newest:
            if run.outcome != "running":
                failing.add_metric([run.job], run.outcome not in {"ok", "stopped"})
        due = GaugeMetricFamily(
            "procmatch_job_next_due_timestamp_seconds",
            "When a job is due next.",
            labels=["job"],
        )
        for row in self._rows:
            if (next_due := row.next_due(now)) is not None:
                due.add_metric([row.job], next_due.timestamp())
        overdue = GaugeMetricFamily(
            "procmatch_job_overdue_seconds",
            "For how long a job has been due and has not begun; 0 when it has.",
            labels=["job"],
        )
        for row in self._rows:
            was_due = row.last_due(now)
            if was_due is not None:
                state = states.get(row.job)
                begun = state is not None and state.is_begun(was_due)
                overdue.add_metric([row.job], 0 if begun else (now - was_due).total_seconds())
        held = GaugeMetricFamily(
            "procmatch_job_lease",
            "1 for who runs a job now.",
            labels=["job", "holder"],
        )
        for state in states.values():
            if state.is_running(now):
                held.add_metric([state.job, state.holder], 1)
        yield from (last, failing, due, overdue, held)

    def _sources(self) -> Iterator[GaugeMetricFamily]:
        with self._store.read() as connection:
            rows = ledger.sources(connection)
        fresh = GaugeMetricFamily(
            "procmatch_source_last_good_timestamp_seconds",
            "When a source was last read to the end.",
            labels=["source"],
        )
        waiting = GaugeMetricFamily(
            "procmatch_source_downloads_waiting",
            "Publications of a source that are known and not yet downloaded.",
            labels=["source"],
        )
        failing = GaugeMetricFamily(
            "procmatch_source_failing",
            "1 when the newest ended run of a source did not end well.",
            labels=["source"],
        )
        for row in rows:
            source = str(row["source"])
            if isinstance(good := row["last_good"], datetime):
                fresh.add_metric([source], good.timestamp())
            waiting.add_metric([source], float(str(row["waiting"])))
            if row["outcome"] != "running":
                failing.add_metric([source], row["outcome"] != "ok")
        yield from (fresh, waiting, failing)

    def _letters(self) -> Iterator[GaugeMetricFamily]:
        with self._store.read() as connection:
            states = outbox.states(connection)
            is_held = brake.state(connection).pulled_at is not None
        letters = GaugeMetricFamily(
            "procmatch_letters",
            "Letters in the outbox by state: queued, sent, dead.",
            labels=["state"],
        )
        for state in sorted({"queued", "sent", "dead"} | set(states)):
            letters.add_metric([state], states.get(state, 0))
        held = GaugeMetricFamily(
            "procmatch_letters_held", "1 when the brake holds all letters to subscribers."
        )
        held.add_metric([], is_held)
        yield from (letters, held)
