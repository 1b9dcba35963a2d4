"""Real schedulers: two at once, killed, stopped, asleep, out of time and out of memory."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from procmatch.demo.standins.content import sample_world
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.model.subscription import Letter, Subscription
from procmatch.store import Store, outbox, subscriptions
from tests.alerts.mail_server import Desk, serving
from tests.jobs.running import (
    Clock,
    Site,
    assert_never_at_once,
    ledger,
    minutes,
    outcomes,
    until,
)

pytestmark = pytest.mark.skipif(
    not os.environ.get("PROCMATCH_TEST_SCHEDULERS"),
    reason="schedulers as real processes take minutes: make schedulers",
)

KEY = "test-key"
START = datetime(2026, 6, 1, 6, 0, 30, tzinfo=UTC)
DOFFIN = "crawl doffin"


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    made = Clock(tmp_path / "clock")
    made.set(START)
    return made


@pytest.fixture
def slow() -> Iterator[StandIn]:
    """Sources that answer after so long that a crawl takes many seconds."""
    world = sample_world(START.date())
    with StandIn(world, faults=Faults.none(), key=KEY, delay_s=0.5) as server:
        yield server


def environment(server: StandIn, clock: Clock) -> dict[str, str]:
    return {
        **clock.environment,
        "PROCMATCH_DOFFIN_KEY": KEY,
        "PROCMATCH_REQUESTS_PER_SECOND": "50",
        "PROCMATCH_SOURCES_DOFFIN_URL": f"{server.url}/public",
    }


def child_of(scheduler: int) -> int | None:
    """The process id of a job that a scheduler runs (Linux)."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if fields[1] == str(scheduler) and b"procmatch_jobs.child" in command:
            return int(folder.name)
    return None


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def have_ended(store: Store, many: int) -> bool:
    return len([run for run in ledger(store) if run.ended_at]) >= many


@pytest.mark.slow
def test_two_schedulers_run_each_job_once_and_never_at_once(
    store: Store, database_url: str, tmp_path: Path, clock: Clock
) -> None:
    when = {"expire": "* * * * *", "clean-up": "* * * * *"}
    site = Site(tmp_path, database_url, when, environment=clock.environment)
    rounds = 4
    with site.running(2):
        for number in range(rounds):
            clock.set(START + minutes(number))
            until(partial(have_ended, store, 2 * (number + 1)), site.log)
    runs = ledger(store)
    assert {run.outcome for run in runs} == {"ok"}, site.log()
    for job in when:
        dues = [run.due_at for run in runs if run.job == job]
        assert dues == [START.replace(second=0) + minutes(number) for number in range(rounds)]
    assert_never_at_once(runs)


@pytest.mark.slow
def test_what_was_missed_is_caught_up_once(
    store: Store, database_url: str, tmp_path: Path, clock: Clock
) -> None:
    site = Site(tmp_path, database_url, {"expire": "0 6 * * *"}, environment=clock.environment)
    with site.running():
        until(lambda: outcomes(store, "expire") == ["ok"], site.log)
    clock.set(START + minutes(5 * 24 * 60))
    with site.running(2):
        until(lambda: outcomes(store, "expire") == ["ok", "ok"], site.log)
        time.sleep(1.5)  # several looks of both
    assert [run.due_at.day for run in ledger(store, "expire")] == [1, 6]


@pytest.mark.slow
def test_a_killed_scheduler_takes_its_job_with_it_and_the_other_takes_over(
    store: Store, database_url: str, tmp_path: Path, clock: Clock, slow: StandIn
) -> None:
    site = Site(
        tmp_path,
        database_url,
        {DOFFIN: "0 6 * * *"},
        jobs={"lease_s": 3},
        environment=environment(slow, clock),
    )
    with site.running(2) as both:
        until(lambda: len(slow.log) > 2, site.log)
        (run,) = ledger(store, DOFFIN)
        first = next(one for one in both if run.holder.endswith(f":{one.pid}"))
        child = child_of(first.pid)
        assert child is not None
        first.kill()
        first.wait()
        until(lambda: not is_alive(child), site.log)
        slow.delay_s = 0
        until(lambda: outcomes(store, DOFFIN) == ["lost", "ok"], site.log)
    lost, taken = ledger(store, DOFFIN)
    assert lost.due_at == taken.due_at
    assert taken.holder != lost.holder
    assert_never_at_once([lost, taken])


@pytest.mark.slow
def test_a_scheduler_that_slept_through_its_lease_does_no_harm(
    store: Store, database_url: str, tmp_path: Path, clock: Clock, slow: StandIn
) -> None:
    site = Site(
        tmp_path,
        database_url,
        {DOFFIN: "0 6 * * *"},
        jobs={"lease_s": 3},
        environment=environment(slow, clock),
    )
    with site.running(2) as both:
        until(lambda: len(slow.log) > 2, site.log)
        (run,) = ledger(store, DOFFIN)
        first = next(one for one in both if run.holder.endswith(f":{one.pid}"))
        child = child_of(first.pid)
        assert child is not None
        for process in (first.pid, child):
            os.kill(process, signal.SIGSTOP)
        slow.delay_s = 0
        until(lambda: outcomes(store, DOFFIN) == ["lost", "ok"], site.log)
        ended = ledger(store, DOFFIN)
        # The child first: nobody but the fence stops it.
        os.kill(child, signal.SIGCONT)
        until(lambda: not is_alive(child), site.log)
        os.kill(first.pid, signal.SIGCONT)
        until(lambda: "lost after" in site.log(), site.log)
    assert ledger(store, DOFFIN) == ended


@pytest.mark.slow
def test_sigterm_stops_a_job_and_the_next_scheduler_takes_it_up(
    store: Store, database_url: str, tmp_path: Path, clock: Clock, slow: StandIn
) -> None:
    site = Site(tmp_path, database_url, {DOFFIN: "0 6 * * *"}, environment=environment(slow, clock))
    with site.running() as (one,):
        until(lambda: len(slow.log) > 2, site.log)
        one.terminate()
        assert one.wait(10) == 0
    assert outcomes(store, DOFFIN) == ["stopped"]
    slow.delay_s = 0
    with site.running():
        until(lambda: outcomes(store, DOFFIN) == ["stopped", "ok"], site.log)


@pytest.mark.slow
def test_sigterm_finishes_the_letter_in_hand_and_the_others_leave_later(
    store: Store, database_url: str, tmp_path: Path, clock: Clock
) -> None:
    wanted = Subscription(id="s1", email="a@firm.example", words=("x",), created_at=START)
    with store.begin() as connection:
        subscriptions.save(connection, wanted)
        for key in ("one", "two", "three"):
            message = f"Message-ID: <{key}@post.example>\r\n\r\nx\r\n".encode()
            letter = Letter(id=key, to=wanted.email, subject=key, message=message)
            outbox.queue(connection, wanted.id, letter, (), START)

    def states() -> dict[str, int]:
        with store.read() as connection:
            return outbox.states(connection)

    desk = Desk(pipelining=True, delay_s=2)
    with serving(desk) as port:
        mail = {
            "PROCMATCH_SMTP_HOST": "127.0.0.1",
            "PROCMATCH_SMTP_PORT": str(port),
            "PROCMATCH_SMTP_SECURITY": "none",
        }
        site = Site(
            tmp_path,
            database_url,
            {"send": "0 6 * * *"},
            environment={**clock.environment, **mail},
        )
        with site.running() as (one,):
            until(lambda: desk.heard, site.log)
            one.terminate()
            assert one.wait(10) == 0
        assert (desk.heard, states()) == (1, {"sent": 1, "queued": 2})
        desk.delay_s = 0
        with site.running():
            until(lambda: outcomes(store, "send") == ["stopped", "ok"], site.log)
    assert (desk.heard, states()) == (3, {"sent": 3})
    assert len({bytes(one.original_content or b"") for one in desk.letters}) == 3


@pytest.mark.slow
def test_what_does_not_stop_by_itself_is_killed(
    store: Store, database_url: str, tmp_path: Path, clock: Clock, slow: StandIn
) -> None:
    slow.delay_s = 60
    site = Site(
        tmp_path,
        database_url,
        {DOFFIN: "0 6 * * *"},
        jobs={"grace_s": 1},
        environment=environment(slow, clock),
    )
    with site.running() as (one,):
        child = until(lambda: child_of(one.pid), site.log)
        assert child is not None
        until(lambda: outcomes(store, DOFFIN) == ["running"], site.log)
        os.kill(child, signal.SIGSTOP)
        one.terminate()
        assert one.wait(10) == 0
    assert not is_alive(child)
    assert outcomes(store, DOFFIN) == ["stopped"]


@pytest.mark.slow
def test_a_job_that_takes_too_long_is_ended(
    store: Store, database_url: str, tmp_path: Path, clock: Clock, slow: StandIn
) -> None:
    site = Site(
        tmp_path,
        database_url,
        {DOFFIN: "0 6 * * *"},
        limits={DOFFIN: {"minutes": 0.05}},
        jobs={"retries": 0},
        environment=environment(slow, clock),
    )
    with site.running():
        until(lambda: outcomes(store, DOFFIN) == ["timed-out"], site.log)
    (run,) = ledger(store, DOFFIN)
    assert "stopped after its 0.05 minutes" in run.said


@pytest.mark.slow
def test_a_job_that_grows_too_large_fails_alone(
    store: Store, database_url: str, tmp_path: Path, clock: Clock
) -> None:
    site = Site(
        tmp_path,
        database_url,
        {"match": "0 6 * * *", "expire": "1 6 * * *"},
        limits={"match": {"memory_mb": 64}},
        jobs={"retries": 0},
        environment=clock.environment,
    )
    with site.running():
        until(lambda: outcomes(store, "match") == ["failed"], site.log)
        clock.set(START + minutes(1))
        until(lambda: outcomes(store, "expire") == ["ok"], site.log)
    (run,) = ledger(store, "match")
    assert run.exit not in {0, None}
    assert run.said
    print(run.said)
