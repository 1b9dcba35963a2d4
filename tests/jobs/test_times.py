"""When jobs are due: crontab lines on Oslo's wall clock, the nights of the clock change too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from hypothesis import given
from hypothesis import strategies as st

from procmatch.errors import SettingsError
from procmatch_jobs.times import OSLO, Times


def at(text: str) -> datetime:
    """A time in Oslo."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def between(line: str, start: datetime, end: datetime) -> list[str]:
    times, found = Times(line), []
    moment = times.next(start)
    while moment is not None and moment < end:
        found.append(f"{moment.astimezone(OSLO):%d %H:%M}")
        moment = times.next(moment)
    return found


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-03-28 12:00", "2026-03-31 12:00", ["29 03:30", "30 02:30", "31 02:30"]),
        ("2026-10-24 12:00", "2026-10-27 12:00", ["25 02:30", "26 02:30", "27 02:30"]),
    ],
)
def test_half_past_two_comes_once_in_every_night(
    first: str, last: str, expected: list[str]
) -> None:
    assert between("30 2 * * *", at(first), at(last)) == expected


def test_in_october_it_is_the_first_half_past_two() -> None:
    moment = Times("30 2 * * *").next(at("2026-10-24 12:00"))
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    again = Times("30 2 * * *").next(datetime(2026, 10, 25, 1, 29, tzinfo=UTC))
    assert again == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_what_comes_every_hour_goes_on_every_hour(day: str) -> None:
    times, moment = Times("5 * * * *"), at(f"{day} 00:00").astimezone(UTC)
    for _ in range(30):
        after = times.next(moment)
        assert after is not None
        assert after - moment in {timedelta(hours=1), timedelta(minutes=5)}
        moment = after


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_seven_in_the_morning_is_seven_on_the_wall(day: str) -> None:
    assert between("0 7 * * *", at(f"{day} 00:00"), at(f"{day} 23:59")) == [f"{day[-2:]} 07:00"]


def test_the_last_time_is_found_however_long_ago() -> None:
    now = at("2026-06-10 12:00")
    assert Times("*/10 * * * *").last(now) == now.astimezone(UTC)
    assert Times("0 7 * * *").last(now) == at("2026-06-10 07:00").astimezone(UTC)
    assert Times("0 7 * * mon").last(now) == at("2026-06-08 07:00").astimezone(UTC)
    assert Times("0 7 1 1 *").last(now) == at("2026-01-01 07:00").astimezone(UTC)


@given(
    st.sampled_from(["30 2 * * *", "15 2-3 * * *", "0 */3 * * mon-fri", "*/20 * * * *"]),
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_the_last_time_and_the_next_leave_no_gap(line: str, naive: datetime) -> None:
    times, now = Times(line), naive.replace(tzinfo=UTC)
    last, following = times.last(now), times.next(now)
    assert last is not None
    assert following is not None
    assert last <= now < following
    assert times.next(last) == following


@pytest.mark.parametrize(
    "line", ["", "daily", "30 25 * * *", "30 6 * *", "x 6 * * *", "0 7 * * 1", "0 7 * * 0-4"]
)
def test_a_line_that_cannot_be_read_is_a_clear_error(line: str) -> None:
    with pytest.raises(SettingsError, match="not a time"):
        Times(line)


def test_apscheduler_takes_it_as_a_trigger() -> None:
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.start(paused=True)
    try:
        job = scheduler.add_job(print, Times("30 2 * * *"))
        assert job.next_run_time == Times("30 2 * * *").next(datetime.now(UTC))
    finally:
        scheduler.shutdown()
