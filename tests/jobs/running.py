"""Schedulers as real processes, on a clock that a test sets, and what they leave in the ledger."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from procmatch.store import Store, job_ledger
from procmatch.store.job_ledger import JobRun
from procmatch_jobs.timetable import BUILT_IN

CLOCK = Path(__file__).with_name("clock")
#: Far more than anything here takes; who waits so long has found a fault.
PATIENCE_S = 120.0
T = TypeVar("T")


@dataclass
class Clock:
    """The clock of all processes started with its environment."""

    file: Path
    offset: float = 0.0

    def set(self, moment: datetime) -> None:
        self.offset = moment.timestamp() - time.time()
        part = self.file.with_suffix(".part")
        part.write_text(repr(self.offset), encoding="ascii")
        part.replace(self.file)

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.offset, UTC)

    @property
    def environment(self) -> dict[str, str]:
        return {"FAKE_CLOCK": str(self.file), "PYTHONPATH": str(CLOCK)}


@dataclass
class Site:
    """A folder to work in, a store, and settings of the jobs."""

    folder: Path
    database_url: str
    #: Job -> crontab line; all others are off.
    when: Mapping[str, str]
    jobs: Mapping[str, object] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def write(self) -> Path:
        jobs = {"look_s": 0.2, "http_port": 0, **self.jobs}
        lines = ["[jobs]", *(f"{name} = {json.dumps(value)}" for name, value in jobs.items())]
        lines.append("[jobs.timetable]")
        for job, *_ in BUILT_IN:
            row = {"when": self.when.get(job, "off"), **self.limits.get(job, {})}
            inner = ", ".join(f"{name} = {json.dumps(value)}" for name, value in row.items())
            lines.append(f"{json.dumps(job)} = {{ {inner} }}")
        file = self.folder / "procmatch.toml"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "procmatch.cli", "--config", str(self.write())]
        log = (self.folder / "schedulers.log").open("ab")
        with log:
            return subprocess.Popen(
                [*command, "run", *arguments],
                env={**os.environ, **self.environment, "PROCMATCH_DATABASE_URL": self.database_url},
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    @contextmanager
    def running(self, number: int = 1) -> Iterator[list[subprocess.Popen[bytes]]]:
        processes = [self.start() for _ in range(number)]
        try:
            yield processes
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGCONT)
                    process.terminate()
            for process in processes:
                process.wait(PATIENCE_S)

    def log(self) -> str:
        return (self.folder / "schedulers.log").read_text(encoding="utf-8", errors="replace")


def until(found: Callable[[], T], why: Callable[[], str]) -> T:
    """Wait until ``found`` finds something, and return it; else fail with what ``why`` tells."""
    begun = time.monotonic()
    while not (value := found()):
        assert time.monotonic() - begun < PATIENCE_S, f"waited in vain: {why()}"
        time.sleep(0.05)
    return value


def ledger(store: Store, job: str | None = None) -> list[JobRun]:
    with store.read() as connection:
        runs = job_ledger.since(connection, datetime(2000, 1, 1, tzinfo=UTC))
    return [run for run in runs if job in {None, run.job}]


def outcomes(store: Store, job: str) -> list[str]:
    return [run.outcome for run in ledger(store, job)]


def assert_never_at_once(runs: list[JobRun]) -> None:
    """Of one job, each run begins after the one before has ended."""
    by_job: dict[str, list[JobRun]] = {}
    for run in sorted(runs, key=lambda run: run.fence):
        by_job.setdefault(run.job, []).append(run)
    for own in by_job.values():
        for before, after in pairwise(own):
            assert before.ended_at is not None, before
            assert before.ended_at <= after.started_at, (before, after)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
