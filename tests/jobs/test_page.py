"""Health and metrics of a scheduler, as a probe and as Prometheus read them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from procmatch.errors import SettingsError
from procmatch.settings import Jobs, Settings
from procmatch.store import Store, brake, leases, runs
from procmatch.store.leases import Result
from procmatch_jobs.metrics import Metrics
from procmatch_jobs.page import serve
from procmatch_jobs.schedule import Scheduler

NOW = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)


def now() -> datetime:
    return NOW


@contextmanager
def served(store: Store, settings: Settings) -> Iterator[tuple[str, Scheduler, Metrics]]:
    scheduler = Scheduler(store, settings, clock=now)
    metrics = Metrics(store, settings, now)
    # Any port that is free.
    with serve(scheduler, metrics, store, _free(settings)) as address:
        assert address is not None
        yield f"http://{address[0]}:{address[1]}", scheduler, metrics


def _free(settings: Settings) -> Settings:
    import socket  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return msgspec.structs.replace(
        settings, jobs=msgspec.structs.replace(settings.jobs, http_port=port)
    )


def ask(address: str) -> tuple[int, str]:
    try:
        with urlopen(address) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name, label values by name of label) -> value, read by the library's own parser."""
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_scheduler_is_well_once_it_has_looked_and_while_it_goes_on(store: Store) -> None:
    with served(store, Settings(jobs=Jobs(timetable=dict.fromkeys(_all_jobs(), "off")))) as (
        address, scheduler, _,
    ):  # fmt: skip
        status, said = ask(f"{address}/healthz")
        assert (status, json.loads(said)["status"]) == (503, "failing")
        scheduler.look()
        status, said = ask(f"{address}/healthz")
        assert (status, json.loads(said)["status"]) == (200, "ok")
        scheduler.looked_at = time.monotonic() - 3600
        status, said = ask(f"{address}/healthz")
        assert (status, json.loads(said)["scheduler"]) == (503, "does not look at the store")


def _all_jobs() -> list[str]:
    from procmatch_jobs.timetable import BUILT_IN  # noqa: PLC0415

    return [job for job, *_ in BUILT_IN]


def test_a_store_that_does_not_answer_is_not_well(store: Store) -> None:
    with served(store, Settings(jobs=Jobs(timetable=dict.fromkeys(_all_jobs(), "off")))) as (
        address, scheduler, _,
    ):  # fmt: skip
        scheduler.look()
        with store.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE job_leases RENAME TO away")
        status, said = ask(f"{address}/healthz")
        assert (status, json.loads(said)["store"]) == (503, "no answer")
        _, text = ask(f"{address}/metrics")
        assert samples(text)["procmatch_store_up", ()] == 0


def test_letters_that_are_held_are_told_and_the_scheduler_is_well(store: Store) -> None:
    with served(store, Settings(jobs=Jobs(timetable=dict.fromkeys(_all_jobs(), "off")))) as (
        address, scheduler, _,
    ):  # fmt: skip
        scheduler.look()
        assert json.loads(ask(f"{address}/healthz")[1])["letters"] == "ok"
        assert samples(ask(f"{address}/metrics")[1])["procmatch_letters_held", ()] == 0
        with store.begin() as connection:
            brake.pull(connection, "more than 5 letters in an hour", NOW)
        status, said = ask(f"{address}/healthz")
        assert status == 200
        assert json.loads(said)["letters"] == "held: more than 5 letters in an hour"
        assert samples(ask(f"{address}/metrics")[1])["procmatch_letters_held", ()] == 1


def test_prometheus_reads_runs_freshness_letters_and_who_holds_what(store: Store) -> None:
    with store.begin() as connection:
        run = runs.open_run(connection, "doffin", NOW - timedelta(hours=2))
        runs.close(connection, run, outcome="ok", message="", now=NOW, move_watermark_to=None)
        for job in ("alert", "match"):
            lease = leases.claim(
                connection,
                job,
                due=NOW,
                holder="machine:1",
                now=NOW,
                length=timedelta(minutes=5),
                retries=2,
            )
        assert lease is not None
        leases.finish(
            connection,
            lease,
            Result(outcome="failed", exit=1),
            now=NOW,
            retries=2,
            retry_after=timedelta(minutes=10),
        )
    with served(store, Settings()) as (address, _, metrics):
        metrics.ended("match", Result(outcome="failed"), 12.5)
        status, text = ask(f"{address}/metrics")
    assert status == 200
    found = samples(text)
    assert found["procmatch_job_runs_total", ("match", "failed")] == 1
    assert found["procmatch_job_duration_seconds_sum", ("match",)] == 12.5
    assert found["procmatch_source_last_good_timestamp_seconds", ("doffin",)] == NOW.timestamp()
    assert found["procmatch_source_failing", ("doffin",)] == 0
    assert found["procmatch_job_lease", ("machine:1", "alert")] == 1
    assert ("procmatch_job_lease", ("machine:1", "match")) not in found
    assert found["procmatch_job_failing", ("match",)] == 1
    assert found["procmatch_job_overdue_seconds", ("alert",)] == 0
    assert found["procmatch_job_overdue_seconds", ("expire",)] == 11.5 * 3600
    assert found["procmatch_letters", ("queued",)] == 0
    assert found["procmatch_store_up", ()] == 1


def test_other_addresses_are_not_there(store: Store) -> None:
    with served(store, Settings()) as (address, _, _metrics):
        assert ask(f"{address}/")[0] == 404


def test_a_port_that_is_taken_is_a_clear_error(store: Store) -> None:
    settings = _free(Settings())
    scheduler = Scheduler(store, settings, clock=now)
    metrics = Metrics(store, settings, now)
    with (
        serve(scheduler, metrics, store, settings),
        pytest.raises(SettingsError, match=r"jobs\.http_port"),
        serve(scheduler, metrics, store, settings),
    ):
        pass


def test_without_a_port_nothing_is_served(store: Store) -> None:
    settings = Settings(jobs=Jobs(http_port=0))
    scheduler = Scheduler(store, settings, clock=now)
    with serve(scheduler, Metrics(store, settings, now), store, settings) as address:
        assert address is None
