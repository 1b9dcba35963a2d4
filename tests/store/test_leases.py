"""Leases of jobs: one holder at a time, and who lost it can write no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from time import sleep

import pytest

from procmatch.errors import LeaseLost, StoreError
from procmatch.store import Store, job_ledger, leases, marks, open_store
from procmatch.store.leases import Lease, Result

NOW = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
LENGTH = timedelta(minutes=5)
LATER = NOW + LENGTH + timedelta(seconds=1)
RETRIES = 2


def claim(
    store: Store, holder: str = "one", *, due: datetime = NOW, now: datetime = NOW
) -> Lease | None:
    with store.begin() as connection:
        return leases.claim(
            connection,
            "alert",
            due=due,
            holder=holder,
            now=now,
            length=LENGTH,
            retries=RETRIES,
        )


def finish(store: Store, lease: Lease | None, outcome: str = "ok", *, now: datetime = NOW) -> bool:
    assert lease is not None
    with store.begin() as connection:
        return leases.finish(
            connection,
            lease,
            Result(outcome=outcome, counts={"sent": 3}, said="well"),
            now=now,
            retries=RETRIES,
            retry_after=timedelta(minutes=10),
        )


def outcomes(store: Store) -> list[str]:
    with store.read() as connection:
        return [
            run.outcome for run in job_ledger.since(connection, datetime(2000, 1, 1, tzinfo=UTC))
        ]


def write(store: Store, text: str) -> None:
    with store.begin() as connection:
        marks.remember(connection, "test", "text", text, NOW)


def test_only_one_may_run_a_job(store: Store) -> None:
    assert claim(store) is not None
    assert claim(store, "two") is None
    assert outcomes(store) == ["running"]


def test_of_many_who_ask_at_once_one_gets_it(database_url: str) -> None:
    many = 6
    open_store(database_url, create=True).close()
    together = Barrier(many)

    def ask(name: int) -> Lease | None:
        own = open_store(database_url)
        together.wait()
        try:
            return claim(own, str(name))
        finally:
            own.close()

    with ThreadPoolExecutor(many) as pool:
        found = [lease for lease in pool.map(ask, range(many)) if lease]
    assert len(found) == 1


def test_what_ran_well_is_not_run_again_for_the_same_time(store: Store) -> None:
    assert finish(store, claim(store))
    assert claim(store, "two") is None
    assert claim(store, "two", due=NOW + timedelta(days=1), now=NOW + timedelta(days=1))
    assert outcomes(store) == ["ok", "running"]


def test_a_failed_run_is_tried_again_a_few_times_and_then_left(store: Store) -> None:
    now = NOW
    for _ in range(RETRIES + 1):
        assert finish(store, claim(store, now=now), "failed", now=now)
        assert claim(store, now=now) is None
        now += timedelta(minutes=10)
    assert claim(store, now=now) is None
    assert outcomes(store) == ["failed"] * (RETRIES + 1)
    assert claim(store, due=now, now=now) is not None


def test_a_run_that_was_stopped_is_taken_up_at_once(store: Store) -> None:
    assert finish(store, claim(store), "stopped")
    assert claim(store, "two") is not None


def test_a_holder_that_is_not_heard_of_loses_it(store: Store) -> None:
    old = claim(store)
    new = claim(store, "two", now=LATER)
    assert old is not None
    assert new is not None
    assert new.fence > old.fence
    assert outcomes(store) == ["lost", "running"]
    assert not finish(store, old, now=LATER)
    assert finish(store, new, now=LATER)
    assert outcomes(store) == ["lost", "ok"]


def test_a_job_that_kills_its_machine_is_not_tried_for_ever(store: Store) -> None:
    now, tries = NOW, 0
    while claim(store, str(tries), now=now):
        tries += 1
        now += LENGTH + timedelta(seconds=1)
    assert tries == RETRIES + 1


def test_who_is_heard_of_keeps_it(store: Store) -> None:
    lease = claim(store)
    assert lease is not None
    with store.begin() as connection:
        assert leases.renew(connection, lease, LATER + LENGTH)
    assert claim(store, "two", now=LATER) is None


def test_a_lost_lease_cannot_be_renewed(store: Store) -> None:
    lease = claim(store)
    assert lease is not None
    assert claim(store, "two", now=LATER)
    with store.begin() as connection:
        assert not leases.renew(connection, lease, LATER + LENGTH)


def test_who_slept_through_the_loss_of_the_lease_writes_nothing(store: Store) -> None:
    old = claim(store)
    assert old is not None
    sleeper = store.under(old)
    write(sleeper, "mine")
    new = claim(store, "two", now=LATER)
    assert new is not None
    with pytest.raises(LeaseLost, match="taken over"):
        write(sleeper, "still mine")
    write(store.under(new), "the other's")
    assert finish(store, new, now=LATER)
    with pytest.raises(LeaseLost):
        write(store.under(new), "after the end")
    with store.read() as connection:
        assert marks.get(connection, "test", "text") == "the other's"


def test_nobody_takes_over_while_the_holder_is_writing(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("there is one writer at a time: a claim waits")
    old = claim(store)
    assert old is not None
    with store.under(old).begin() as connection:
        marks.remember(connection, "test", "text", "mine", NOW)
        assert claim(store, "two", now=LATER) is None
        with store.begin() as other:
            assert leases.renew(other, old, LATER)
    assert claim(store, "two", now=LATER + LENGTH) is not None


def test_a_holder_that_falls_silent_in_a_transaction_keeps_others_away_for_a_while_only(
    store: Store,
) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("a SQLite store is on one machine: its locks go with the process")
    old = claim(store)
    assert old is not None
    silent = store.under(replace(old, silence_s=0.05))
    with pytest.raises(StoreError), silent.begin() as connection:  # noqa: PT012 - one story
        marks.remember(connection, "test", "text", "mine", NOW)
        assert claim(store, "two", now=LATER) is None
        sleep(0.5)
        assert claim(store, "two", now=LATER) is not None
        marks.remember(connection, "test", "text", "still mine", NOW)
    with store.read() as connection:
        assert marks.get(connection, "test", "text") is None


def test_the_ledger_keeps_what_was_counted_and_said(store: Store) -> None:
    assert finish(store, claim(store), now=LATER)
    with store.read() as connection:
        (run,) = job_ledger.newest(connection)
        assert job_ledger.last_ok(connection) == {"alert": LATER}
    assert (run.job, run.due_at, run.holder) == ("alert", NOW, "one")
    assert (run.started_at, run.ended_at) == (NOW, LATER)
    assert (dict(run.counts), run.said) == ({"sent": 3}, "well")


def test_old_rows_go_and_the_newest_of_a_job_stays(store: Store) -> None:
    for day in range(3):
        moment = NOW + timedelta(days=day)
        assert finish(store, claim(store, due=moment, now=moment), now=moment)
    with store.begin() as connection:
        assert job_ledger.forget_before(connection, NOW + timedelta(days=30)) == 2
        assert [run.due_at for run in job_ledger.of_job(connection, "alert", 9)] == [
            NOW + timedelta(days=2)
        ]
