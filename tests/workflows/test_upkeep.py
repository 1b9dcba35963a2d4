"""What is over is let go of, what was kept long enough is deleted, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from procmatch.model.answer import Answer
from procmatch.model.subscription import Subscription
from procmatch.settings import Jobs, Settings
from procmatch.store import Store, measures, raw, runs
from procmatch.store.tables import matches, raw_answers, raw_chunks, subscriptions
from procmatch.store.tables import runs as run_table
from procmatch.workflows import match, subscribe, upkeep
from tests.workflows.conftest import NOW, clock

KEEP = Jobs(keep_raw_days=30, keep_runs_days=30, keep_unconfirmed_days=14)


def count(store: Store, table: object) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def later(days: float) -> datetime:
    return NOW + timedelta(days=days)


def test_rankings_go_when_nobody_can_bid_any_more(world_store: Store) -> None:
    match.match(world_store, settings=Settings(), clock=clock)
    kept = count(world_store, matches)
    assert kept
    assert upkeep.expire(world_store, clock=clock) == {"lots": 0}
    assert count(world_store, matches) == kept
    some = upkeep.expire(world_store, clock=lambda: later(30))["lots"]
    assert some
    assert 0 < count(world_store, matches) < kept
    rest = upkeep.expire(world_store, clock=lambda: later(365))["lots"]
    assert rest
    assert count(world_store, matches) == 0


def keep(store: Store, key: str, body: bytes, at: datetime) -> None:
    with store.begin() as connection:
        raw.keep(
            connection,
            Answer(source="codes", kind="list", key=key, url="x", body=body, fetched_at=at),
        )


def test_raw_answers_go_once_there_are_newer_ones(store: Store) -> None:
    keep(store, "a", b"old", NOW)
    keep(store, "a", b"new", NOW)
    keep(store, "b", b"only", NOW)
    keep(store, "c", b"shared", NOW)
    keep(store, "d", b"shared", NOW)
    keep(store, "d", b"fresh", NOW)
    soon = upkeep.clean_up(store, settings=KEEP, clock=lambda: later(29))
    assert soon["raw_answers"] == 0
    gone = upkeep.clean_up(store, settings=KEEP, clock=lambda: later(31))
    assert gone["raw_answers"] == 2
    with store.read() as connection:
        left = set(connection.execute(select(raw_answers.c.key, raw_answers.c.sha256)))
        bodies = {raw.load(connection, sha256) for _, sha256 in left}
    assert {key for key, _ in left} == {"a", "b", "c", "d"}
    assert bodies == {b"new", b"only", b"shared", b"fresh"}
    assert count(store, raw_chunks) == 4


def test_what_a_notice_was_read_from_stays(world_store: Store) -> None:
    before = count(world_store, raw_answers)
    upkeep.clean_up(world_store, settings=KEEP, clock=lambda: later(3650))
    assert count(world_store, raw_answers) == before


def test_raw_answers_are_kept_for_ever_when_told_so(store: Store) -> None:
    keep(store, "a", b"old", NOW)
    keep(store, "a", b"new", NOW)
    forever = Jobs(keep_raw_days=0)
    assert upkeep.clean_up(store, settings=forever, clock=lambda: later(3650))["raw_answers"] == 0


def crawl(store: Store, at: datetime, outcome: str, **measured: int) -> None:
    with store.begin() as connection:
        run = runs.open_run(connection, "codes", at)
        measures.save(connection, run, measured)
        runs.close(connection, run, outcome=outcome, message="", now=at, move_watermark_to=None)


def test_old_runs_go_but_for_those_that_the_next_is_compared_with(store: Store) -> None:
    crawl(store, NOW, "ok", lists=9)
    crawl(store, later(1), "ok")
    crawl(store, later(2), "ok")
    crawl(store, later(3), "failed")
    assert upkeep.clean_up(store, settings=KEEP, clock=lambda: later(100))["runs"] == 1
    with store.read() as connection:
        assert measures.last_good(connection, "codes") == {"lists": 9}
        started = connection.scalars(select(run_table.c.started_at).order_by(run_table.c.id)).all()
    assert list(started) == [NOW, later(2), later(3)]


def test_who_never_said_yes_is_forgotten(store: Store) -> None:
    for email, confirmed in (("yes@firm.example", True), ("silent@firm.example", False)):
        wanted = Subscription(
            id=subscribe.new_id(), email=email, words=("brød",), created_at=NOW, consent="test"
        )
        subscribe.subscribe(store, wanted, confirmed=confirmed, clock=clock)
    assert upkeep.clean_up(store, settings=KEEP, clock=lambda: later(13))["unconfirmed"] == 0
    assert upkeep.clean_up(store, settings=KEEP, clock=lambda: later(15))["unconfirmed"] == 1
    with store.read() as connection:
        assert connection.scalars(select(subscriptions.c.email)).all() == ["yes@firm.example"]
