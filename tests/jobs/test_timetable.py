"""The timetable: which jobs there are, what is due and in which order, on a clock that is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from procmatch.errors import SettingsError
from procmatch.settings import Jobs, Settings, TimetableRow, load
from procmatch.store.leases import Due
from procmatch_jobs.schedule import due_rows
from procmatch_jobs.times import OSLO
from procmatch_jobs.timetable import BUILT_IN, Row, timetable
from procmatch_jobs.work import work_of
from procmatch_spiders.crawl import SPIDERS

SETTINGS = Settings(doffin_key="a key")
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=OSLO).astimezone(UTC)


def rows(settings: Settings = SETTINGS) -> dict[str, Row]:
    return {row.job: row for row in timetable(settings)}


def changed(**when: str) -> Settings:
    table: dict[str, TimetableRow | str] = {
        job.replace("_", " "): line for job, line in when.items()
    }
    return Settings(doffin_key="a key", jobs=Jobs(timetable=table))


def state(job: str, due_at: datetime, **more: object) -> Due:
    known: dict[str, object] = {
        "holder": "", "expires_at": None, "settled": True, "failures": 0, "retry_at": None,
    }  # fmt: skip
    return Due(job=job, due_at=due_at, **{**known, **more})  # type: ignore[arg-type]


def all_done(now: datetime) -> dict[str, Due]:
    return {row.job: state(row.job, now) for row in timetable(SETTINGS)}


def due(states: dict[str, Due], now: datetime) -> list[str]:
    return [row.job for row, _ in due_rows(timetable(SETTINGS), states, now)]


def test_every_source_is_crawled_by_one_job() -> None:
    crawled = {job.removeprefix("crawl ") for job in rows() if job.startswith("crawl ")}
    assert crawled | {"enhetsregisteret"} == set(SPIDERS)


def test_every_job_does_something() -> None:
    assert all(callable(work_of(job)) for job in rows())


def test_nothing_begins_in_the_hour_that_a_night_lacks_or_has_twice() -> None:
    for job, when, *_ in BUILT_IN:
        if when != "off":
            assert "2" not in when.split()[1].replace("/2", "").replace("20", ""), job


def test_a_job_waits_only_for_jobs_that_stand_before_it() -> None:
    seen: set[str] = set()
    for row in timetable(SETTINGS):
        assert set(row.after) <= seen
        seen.add(row.job)


def test_settings_change_single_rows() -> None:
    table: dict[str, TimetableRow | str] = {
        "alert": TimetableRow(when="0 8 * * mon-fri", minutes=5, memory_mb=999)
    }
    row = rows(Settings(jobs=Jobs(timetable=table)))["alert"]
    assert row.next_due(NOON) == datetime(2026, 6, 11, 6, 0, tzinfo=UTC)
    assert (row.limit, row.memory_mb) == (timedelta(minutes=5), 999)


def test_a_job_is_off_when_told_so_or_when_it_lacks_its_key() -> None:
    assert rows(changed(alert="off"))["alert"].next_due(NOON) is None
    assert rows(Settings())["crawl doffin"].off == "PROCMATCH_DOFFIN_KEY is not set"


def test_an_unknown_job_is_a_clear_error() -> None:
    with pytest.raises(SettingsError, match="no job 'alarm'"):
        timetable(changed(alarm="0 7 * * *"))


def test_a_time_that_cannot_be_read_names_its_job() -> None:
    with pytest.raises(SettingsError, match=r"jobs\.timetable: alert: not a time"):
        timetable(changed(alert="at seven"))


def test_an_unknown_key_in_a_row_is_an_error() -> None:
    with pytest.raises(SettingsError):
        load(None, {"PROCMATCH_JOBS_TIMETABLE": "alert"})
    with pytest.raises(SettingsError, match="unknown setting"):
        load(None, {"PROCMATCH_JOBS_NONE": "1"})
    assert load(None, {"PROCMATCH_JOBS_LEASE_S": "60"}).jobs.lease_s == 60


def test_on_the_first_day_everything_is_due_in_order() -> None:
    first = due({}, NOON)
    assert first[0] == "crawl codes"
    assert not {"link", "match", "alert"} & set(first)  # these wait for what is before them


def test_what_was_missed_five_times_is_due_once() -> None:
    states = all_done(NOON)
    later = NOON + timedelta(days=5)
    found = [one for one in due_rows(timetable(SETTINGS), states, later) if one[0].job == "expire"]
    assert [moment for _, moment in found] == [datetime(2026, 6, 14, 22, 30, tzinfo=UTC)]
    states["expire"] = state("expire", found[0][1])
    assert "expire" not in due(states, later)


def test_after_downtime_each_job_waits_for_what_it_builds_on() -> None:
    later = NOON + timedelta(days=3)
    states = all_done(NOON)
    order: list[str] = []
    while ready := due(states, later):
        order.append(ready[0])
        states[ready[0]] = state(ready[0], later)
    chain = ["crawl doffin", "link", "match", "alert"]
    assert [job for job in order if job in chain] == chain
    assert sorted(order) == sorted(set(order))


def test_a_job_waits_while_the_one_before_runs_anywhere() -> None:
    states = all_done(NOON - timedelta(hours=3))
    runs = {"holder": "other:1", "expires_at": NOON + timedelta(minutes=5), "settled": False}
    for job, *_ in BUILT_IN:
        if job not in {"crawl doffin", "link", "match", "alert"}:
            states[job] = state(job, NOON)
    states["crawl doffin"] = state("crawl doffin", NOON, **runs)
    assert due(states, NOON) == []
    states["crawl doffin"] = state("crawl doffin", NOON)
    assert due(states, NOON) == ["link"]


def test_a_job_that_failed_holds_up_nobody_and_is_tried_again_when_its_time_comes() -> None:
    states = all_done(NOON)
    failed = {"settled": False, "failures": 1, "retry_at": NOON + timedelta(minutes=4)}
    states["crawl doffin"] = state("crawl doffin", NOON, **failed)
    states["link"] = state("link", NOON - timedelta(hours=3))
    assert due(states, NOON) == ["link"]
    assert due(states, NOON + timedelta(minutes=4)) == ["crawl doffin", "link"]
