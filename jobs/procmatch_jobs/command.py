"""``procmatch run`` and ``procmatch jobs``: run the timetable, and see how it went."""

from __future__ import annotations

import logging
import os
import signal
import sys
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, show_rows
from procmatch.errors import ExtraMissing, ProcmatchError, SettingsError
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.store import Store
    from procmatch_jobs.schedule import Scheduler
    from procmatch_jobs.timetable import Row

__all__ = ["jobs", "run"]

_LIST = ("job", "when", "next", "minutes", "memory_mb", "after")
_JOBS = ("job", "due", "outcome", "started", "ended", "holder", "counts", "said")
_FAILED = 1
_BUSY_S = 2.0
#: After that long in stopping the rest is left to the leases.
_STOP_S = 9.5
_LOOK_FOR_SIGNALS_S = 0.25


def _now() -> datetime:
    return datetime.now(UTC)


def _check_extra() -> None:
    try:
        import apscheduler  # noqa: F401, PLC0415 - an extra
        import prometheus_client  # noqa: F401, PLC0415
    except ModuleNotFoundError as error:
        raise ExtraMissing(error.name or "apscheduler", "jobs") from None


def _rows(settings: Settings) -> tuple[Row, ...]:
    _check_extra()
    from procmatch_jobs.timetable import timetable  # noqa: PLC0415

    return timetable(settings)


@click.command()
@click.option("--once", metavar="JOB", help="Run this job now, and nothing else.")
@click.option("--list", "listing", is_flag=True, help="Show the timetable and when each is next.")
@format_option
@click.pass_obj
def run(settings: Settings, once: str | None, format_: str, *, listing: bool) -> None:
    """Run the timetable until stopped: crawl, link, match, alert and what else is due.

    Any number may run on any number of machines with one store: a job runs once at a time. Missed
    runs are caught up once. SIGTERM ends within ten seconds, with the letter in hand. Health and
    metrics are served on loopback; see docs/operating.md.
    """
    rows = _rows(settings)
    if listing:
        show_rows([_listed(row) for row in rows], _LIST, format_)
        return
    from procmatch.store import open_store  # noqa: PLC0415

    # A scheduler that is asked to stop must not wait for a job's long transaction.
    store = open_store(settings.database_url, busy_s=_BUSY_S)
    try:
        if once is None:
            _run_all(store, settings)
        else:
            _run_one(store, settings, rows, once)
    finally:
        store.close()


def _listed(row: Row) -> dict[str, object]:
    return {
        "job": row.job,
        "when": row.when.text if row.when else f"off: {row.off}",
        "next": row.next_due(_now()),
        "minutes": f"{row.limit.total_seconds() / 60:g}",
        "memory_mb": row.memory_mb,
        "after": row.after,
    }


def _stop_by_signal() -> Event:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    return stop


def _run_one(store: Store, settings: Settings, rows: tuple[Row, ...], name: str) -> None:
    from procmatch_jobs.schedule import run_once, utc_now  # noqa: PLC0415

    row = next((row for row in rows if row.job == name), None)
    if row is None:
        raise SettingsError(f"no job {name!r}; there are {', '.join(row.job for row in rows)}")
    stop = _stop_by_signal()
    result = run_once(store, row, settings=settings, clock=utc_now, stop=stop)
    if result is None:
        raise ProcmatchError(f"{name} runs already, here or elsewhere")
    counts = ", ".join(f"{number} {what}" for what, number in result.counts.items())
    click.echo(f"{name}: {result.outcome}" + (f"; {counts}" if counts else ""))
    if result.said:
        click.echo(result.said, err=True)
    if result.outcome != "ok":
        sys.exit(_FAILED)


def _run_all(store: Store, settings: Settings) -> None:
    from procmatch_jobs.metrics import Metrics  # noqa: PLC0415
    from procmatch_jobs.page import serve  # noqa: PLC0415
    from procmatch_jobs.schedule import Scheduler  # noqa: PLC0415

    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # It tells of every look.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stop = _stop_by_signal()
    metrics = Metrics(store, settings)
    scheduler = Scheduler(store, settings, tell=metrics.ended)
    with serve(scheduler, metrics, store, settings):
        scheduler.start()
        # A signal that the system gives to another thread does not wake this one.
        while not stop.wait(_LOOK_FOR_SIGNALS_S):
            continue
        _end(scheduler)


def _end(scheduler: Scheduler) -> None:
    """Stop in time, also where the database does not answer."""
    ending = Thread(target=scheduler.stop, daemon=True)
    ending.start()
    ending.join(_STOP_S)
    if ending.is_alive():
        logging.getLogger("procmatch.jobs").error("not all could be stopped in time")
        logging.shutdown()
        # Whatever still runs is killed with its parent, or stopped by its fence.
        os._exit(_FAILED)


@click.command()
@click.option("--job", metavar="JOB", help="Only this one, its newest runs.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@format_option
@click.pass_obj
def jobs(settings: Settings, job: str | None, limit: int, format_: str) -> None:
    """Show the newest run of each job, or the newest runs of one, and what they brought."""
    from procmatch.store import job_ledger, open_store  # noqa: PLC0415

    store = open_store(settings.database_url)
    with store.read() as connection:
        found = (
            job_ledger.newest(connection)
            if job is None
            else job_ledger.of_job(connection, job, limit)
        )
    store.close()
    show_rows(
        [
            {
                "job": one.job,
                "due": one.due_at,
                "outcome": one.outcome,
                "started": one.started_at,
                "ended": one.ended_at,
                "holder": one.holder,
                "counts": [f"{number} {what}" for what, number in one.counts.items()],
                "said": one.said.splitlines()[-1] if one.said else "",
            }
            for one in found
        ],
        _JOBS,
        format_,
    )
