"""Three years of notices, all traps at once, killed again and again: everything is there once.

``PROCMATCH_TEST_MARKET`` says how many notices (2,500); ``make market`` takes 12,000.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from procmatch.demo.standins.server import StandIn
from procmatch.store import Store, open_store
from procmatch.store.tables import downloads, listings, lots, notices, parties, runs, set_aside
from tests.generated.chains import assert_every_chain_is_right, stored
from tests.generated.listing import content, faults
from tests.generated.market import Market, generate

KEY = "stand-in-key"
COUNT = int(os.environ.get("PROCMATCH_TEST_MARKET", "2500"))
SEED = 20251231
KILLS = 8
RUNS = 20
SCRIPT = Path(__file__).with_name("crawl_market.py")
FIRST_DAY, LAST_DAY = "2022-12-25", "2026-01-04"
KINDS = {
    "planning": "planning",
    "competition": "competition",
    "result": "result",
    "dir-awa-pre": "direct-award",
    "cont-modif": "modification",
}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def start(url: str, server: StandIn, *days: str, source: str = "doffin") -> subprocess.Popen[str]:
    period = days or (FIRST_DAY, LAST_DAY)
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), source, url, server.url, KEY, *period],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def crawl(url: str, server: StandIn, *days: str, source: str = "doffin") -> str:
    """Crawl to the end; return what it says of itself."""
    process = start(url, server, *days, source=source)
    said, wrong = process.communicate()
    assert (process.returncode, wrong) == (0, "")
    return said


def kill_after(url: str, server: StandIn, requests: int) -> bool:
    """Start a crawl and kill it after so many requests; return whether it was still running."""
    until = len(server.log) + requests
    process = start(url, server)
    while process.poll() is None and len(server.log) < until:
        time.sleep(0.005)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    _, wrong = process.communicate()
    assert process.returncode in {0, -signal.SIGKILL}, wrong
    return alive


def a_day_passes(store: Store) -> int:
    """Let the time of all waiting downloads come; return how many there are."""
    with store.begin() as connection:
        connection.execute(update(downloads).values(next_try_at=LONG_AGO))
        return connection.scalar(select(func.count()).select_from(downloads)) or 0


def ids(store: Store, table: str) -> list[str]:
    columns = {
        "notices": notices.c.source_id,
        "listings": listings.c.source_id,
        "set aside": set_aside.c.key,
        "waiting": downloads.c.key,
    }
    with store.read() as connection:
        return sorted(connection.scalars(select(columns[table])))


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All that was kept, with the row numbers: a crawl that changes nothing leaves them."""
    queries = {
        "notices": select(notices).order_by(notices.c.id),
        "listings": select(listings).order_by(listings.c.source_id),
        "lots": select(lots).order_by(lots.c.notice, lots.c.position),
        "parties": select(parties).order_by(parties.c.notice, parties.c.role, parties.c.position),
        "set aside": select(set_aside).order_by(set_aside.c.key),
    }
    with store.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(query)]
            for name, query in queries.items()
        }


def kinds(store: Store) -> Counter[str]:
    with store.read() as connection:
        return Counter(connection.scalars(select(notices.c.kind)))


def expected_kinds(market: Market) -> Counter[str]:
    found: Counter[str] = Counter()
    for key in market.found_by_search - {market.unreadable}:
        notice = market.doffin[key].notice
        found["change" if notice.subtype == "99" else KINDS[notice.form]] += 1
    return found


def at_ted(market: Market) -> set[tuple[str, str]]:
    """What TED published in the period, versions that were replaced too."""
    return {
        ("ted", key)
        for key, one in market.ted.items()
        if FIRST_DAY <= one.published_on.isoformat() <= LAST_DAY
    }


def ended_ill(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.scalars(select(runs.c.outcome))) - {"ok", "killed"}


def crawl_killing(url: str, store: Store, server: StandIn) -> tuple[int, int]:
    """Crawl, killed at moments that the seed chooses, until no download waits.

    Returns:
        how many crawls were killed, and how many more it took after the first whole one.
    """
    chance = random.Random(SEED)
    shares = [chance.uniform(0.02, 0.3) for _ in range(KILLS)]
    killed = [kill_after(url, server, int(share * COUNT)) for share in shares]
    assert any(killed), "no crawl was still running when it was killed"
    crawl(url, server)
    again = 0
    while a_day_passes(store):
        again += 1
        assert again < RUNS, "downloads still wait"
        crawl(url, server)
    assert again > 1, "a download that fails for long needs several runs"
    return sum(killed), again


@pytest.mark.slow
def test_three_years_come_whole_through_every_trap(database_url: str) -> None:
    market = generate(COUNT)
    served = content(market)
    with closing(open_store(database_url, create=True)) as store:
        with StandIn(served, faults=faults(market), key=KEY) as server:
            killed, again = crawl_killing(database_url, store, server)
            statuses = Counter(logged.status for logged in server.log)
        assert statuses.keys() >= {0, 200, 404, 429, 500}

        assert ids(store, "listings") == sorted(market.found_by_search)
        assert ids(store, "notices") == sorted(market.found_by_search - {market.unreadable})
        assert kinds(store) == expected_kinds(market)
        assert ids(store, "set aside") == [market.unreadable]
        assert ended_ill(store) == set()

        before = everything(store)
        # The other of the two ways in which Doffin was seen to end at its cap.
        more = faults(market, refuse_past_cap=False)
        with StandIn(served, faults=more, key=KEY) as server:
            backfill = crawl(database_url, server)
            newest = crawl(database_url, server, FIRST_DAY)
        print(
            f"\n{COUNT} notices, {len(market.found_by_search)} of them found by a search: {killed} "
            f"crawls killed, {again + 1} whole ones, answers by status {dict(statuses)}\n"
            f"again: {backfill}newest first: {newest}"
        )
        for said in (backfill, newest):
            assert " 0 new, 0 changed, 0 set aside, 0 postponed" in said
        assert everything(store) == before
        assert_every_chain_is_right(store, market)

        # TED adds what it has alone, and copies; twice is once.
        with StandIn(served, faults=more, key=KEY) as server:
            crawl(database_url, server, source="ted")
            after = everything(store)
            assert " 0 new, 0 changed, 0 set aside" in crawl(database_url, server, source="ted")
        assert everything(store) == after
        assert {key for key in stored(store) if key[0] == "ted"} == at_ted(market)
        purchases = assert_every_chain_is_right(store, market)
        print(f"{len(stored(store))} publications of both sources, {purchases} purchases")
