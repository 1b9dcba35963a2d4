"""The Doffin spider with the real store: what is fetched, what waits, and what never gets in."""

from __future__ import annotations

import dataclasses
import json
import os
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from procmatch.demo.standins.content import Override, sample_world
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.settings import Mail, Settings
from procmatch.store import Store, open_store
from procmatch.store.tables import downloads, listings
from tests.spiders.conftest import KEY
from tests.spiders.fake_doffin import FakeDoffin, ago, notice, searches
from tests.spiders.site import Asked, Reply, Site

DAYS = ("--from", ago(120).isoformat(), "--to", ago(100).isoformat())


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'crawl.db'}"
    open_store(url, create=True).close()
    return url


def command(url: str, database: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "PROCMATCH_SOURCES_DOFFIN_URL": f"{url}/public",
        "PROCMATCH_DOFFIN_KEY": KEY,
        "PROCMATCH_REQUESTS_PER_SECOND": "500",
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "procmatch.cli", "--database", database, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def crawl(url: str, database: str, *arguments: str) -> str:
    running = command(url, database, "crawl", "doffin", *arguments)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, "")
    return out


def looked_at(database: str, look: Callable[[Store], object]) -> object:
    store = open_store(database)
    try:
        return look(store)
    finally:
        store.close()


def waiting(database: str) -> dict[str, tuple[int, str]]:
    def look(store: Store) -> dict[str, tuple[int, str]]:
        with store.read() as connection:
            return {
                row.key: (row.tries, row.error) for row in connection.execute(select(downloads))
            }

    found = looked_at(database, look)
    assert isinstance(found, dict)
    return found


def statuses(database: str) -> dict[str, str | None]:
    def look(store: Store) -> dict[str, str | None]:
        with store.read() as connection:
            return {row.source_id: row.status for row in connection.execute(select(listings))}

    found = looked_at(database, look)
    assert isinstance(found, dict)
    return found


def let_time_pass(database: str) -> None:
    """Let the time of every waiting download come."""

    def look(store: Store) -> None:
        with store.begin() as connection:
            past = datetime.now(UTC) - timedelta(days=1)
            connection.execute(update(downloads).values(next_try_at=past))

    looked_at(database, look)


def shown_status(database: str) -> list[dict[str, object]]:
    running = command("http://127.0.0.1:9", database, "status", "--format", "json")
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, "")
    rows: list[dict[str, object]] = json.loads(out)
    return rows


def test_a_backfill_killed_half_way_goes_on_and_the_next_one_finds_nothing_new(
    database: str,
) -> None:
    fake = FakeDoffin([notice(n, n) for n in range(130)])
    stuck = Reply(status=429, headers={"Retry-After": "60"})
    fake.odd = lambda asked: (
        stuck if asked.query.get("issueDateFrom") == [ago(106).isoformat()] else None
    )
    with Site(fake) as site:
        running = command(site.url, database, "crawl", "doffin", *DAYS)
        while not any(one.get("issueDateFrom") == ago(106).isoformat() for one in searches(site)):
            assert running.poll() is None
        running.kill()
        running.communicate()
    fake.odd = lambda _asked: None
    with Site(fake) as site:
        resumed = crawl(site.url, database, *DAYS)
    first_days = [one.get("issueDateFrom") for one in searches(site)]
    assert first_days == [None, ago(106).isoformat()]
    assert f"went on after {ago(107)}" in resumed
    assert {f"2026-{n}" for n in range(100, 121)} <= set(statuses(database))
    with Site(fake) as site:
        again = crawl(site.url, database, *DAYS)
    assert [one.get("issueDateFrom") for one in searches(site)][1:] == [
        ago(days).isoformat() for days in (120, 113, 106)
    ]
    assert "4 fetched, 0 new, 0 changed" in again


def test_slips_in_a_search_page_are_read(database: str) -> None:
    fake = FakeDoffin([notice(1, 1, heading="a loaf"), notice(2, 110), notice(3, 108)])
    fake.lone = True

    def with_control_characters(asked: Asked) -> Reply | None:
        if not asked.path.endswith("search"):
            return None
        reply = fake.search({name: values[0] for name, values in asked.query.items()})
        return Reply(reply.body.replace(b"a loaf", b"a\nl\x01\toaf"))

    fake.odd = with_control_characters
    fake.hits = [*fake.hits, fake.hits[0]]  # one id twice on a page
    with Site(fake) as site:
        crawl(site.url, database, *DAYS)
    assert set(statuses(database)) == {"2026-1", "2026-2", "2026-3"}


def test_a_download_that_fails_waits_and_is_had_later_and_the_watermark_moves(
    database: str,
) -> None:
    faults = dataclasses.replace(Faults.none(), late_download="first", broken_download="second")
    content = sample_world(datetime.now(UTC).date())
    late, broken = sorted(content.notices)[:2]
    with StandIn(content, faults=faults, key=KEY) as server:
        assert "1 postponed" in crawl(server.url, database)
        # The 500 was asked for again at once, twice, and came.
        assert waiting(database) == {late: (1, "HTTP 404")}
        (row,) = shown_status(database)
        assert (row["outcome"], row["waiting"]) == ("ok", 1)
        assert row["waiting_since"], "how long the oldest has waited is shown"
        assert row["complete_to"], "one late document does not hold back the rest"
        assert ": 1 fetched, 0 new" in crawl(server.url, database), "not before its time"
        let_time_pass(database)
        assert " 1 new" in crawl(server.url, database)
        assert waiting(database) == {}
    assert broken


def test_a_download_that_never_works_waits_for_ever_and_holds_up_nobody(database: str) -> None:
    fake = FakeDoffin([notice(n, n) for n in range(3)])
    fake.odd = lambda asked: Reply(status=410) if asked.path.endswith("/2026-1") else None
    with Site(fake) as site:
        for tries in range(1, 4):
            crawl(site.url, database)
            assert waiting(database) == {"2026-1": (tries, "HTTP 410")}
            let_time_pass(database)
        fake.odd = lambda _asked: None
        crawl(site.url, database)
    assert waiting(database) == {}


def test_what_ends_is_awarded_or_disappears_gets_its_new_status_within_a_week(
    database: str,
) -> None:
    today = datetime.now(UTC).date()
    world = sample_world(today)
    with StandIn(world, faults=Faults.none(), key=KEY) as server:
        crawl(server.url, database)
    active = sorted(key for key, status in statuses(database).items() if status == "ACTIVE")
    ended, awarded, gone, *others = active
    later = dataclasses.replace(
        world,
        notices={key: xml for key, xml in world.notices.items() if key != gone},
        overrides={ended: Override(status="EXPIRED"), awarded: Override(status="AWARDED")},
    )
    with StandIn(later, faults=Faults.none(), key=KEY) as server:
        crawl(server.url, database, "--active")
        paths = [logged.path for logged in server.log]
    found = statuses(database)
    assert (found[ended], found[awarded], found[gone]) == ("EXPIRED", "AWARDED", "UNLISTED")
    assert {found[key] for key in others} == {"ACTIVE"}
    assert {path.rpartition("/")[2] for path in paths if "download" in path} == {ended, awarded}
    with StandIn(world, faults=Faults.none(), key=KEY) as server:
        crawl(server.url, database, "--active")
    assert statuses(database)[gone] == "ACTIVE", "shown again, it is listed again"


def everything_in(database: str) -> bytes:
    """All bytes of the database, and the bodies in it as they were fetched."""
    path = database.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        dump = "\n".join(connection.iterdump()).encode()
        bodies = connection.execute("select data from raw_chunks").fetchall()
    return dump + b"".join(zlib.decompress(data) for (data,) in bodies)


def test_the_key_is_in_no_log_no_row_and_no_error(database: str) -> None:
    fake = FakeDoffin([notice(n, n) for n in range(5)])

    def echo(asked: Asked) -> Reply | None:
        if asked.path.endswith("/2026-1"):
            return Reply(f"no access with {KEY}".encode(), status=500)
        if asked.path.endswith("/2026-2"):
            return Reply(f"not XML: {KEY}".encode())
        if asked.query.get("status") == ["ACTIVE"]:
            return Reply(f"odd question from {KEY}".encode(), status=418)
        return None

    fake.odd = echo
    with Site(fake) as site:
        environment = {"PROCMATCH_REQUESTS_PER_SECOND": "500"}
        running = command(site.url, database, "crawl", "doffin", **environment)
        out, err = running.communicate(timeout=60)
        log = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "doffin", "-s", "LOG_LEVEL=DEBUG"],
            cwd=Path(__file__).resolve().parents[2] / "spiders",
            env=os.environ
            | {
                "PROCMATCH_SOURCES_DOFFIN_URL": f"{site.url}/public",
                "PROCMATCH_DOFFIN_KEY": KEY,
                "PROCMATCH_DATABASE_URL": database,
                "PROCMATCH_REQUESTS_PER_SECOND": "500",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert any(KEY in asked.headers.values() for asked in site.asked)
    assert running.returncode == 1
    assert "odd question from ***" in err
    assert "Crawled (200)" in log.stderr
    for text in (out, err, log.stdout, log.stderr, str(waiting(database))):
        assert KEY not in text
    assert KEY.encode() not in everything_in(database)


def test_settings_do_not_show_their_secrets() -> None:
    settings = Settings(doffin_key=KEY, secret_key=KEY, mail=Mail(smtp_password=KEY))
    assert KEY not in f"{settings} {settings!r} {settings.mail!r}"
