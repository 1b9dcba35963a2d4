"""The unofficial source: off by default; it finds publications for the official one to fetch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from procmatch.demo.standins.content import Content, sample_world
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.store import open_store
from procmatch.store.tables import downloads, notices, raw_answers, watermarks
from tests.spiders.conftest import KEY, Crawl
from tests.spiders.fake_doffin import ago
from tests.spiders.site import Asked, Reply, Site
from tests.spiders.test_doffin_keeps import command, crawl, statuses

SOURCE = "doffin-webclient"


@pytest.fixture(scope="module")
def world() -> Content:
    return sample_world(datetime.now(UTC).date())


@pytest.fixture
def server(world: Content) -> Iterator[StandIn]:
    with StandIn(world, faults=Faults.none(), key=KEY) as running:
        yield running


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'crawl.db'}"
    open_store(url, create=True).close()
    return url


def webclient(url: str, database: str, *arguments: str) -> tuple[int, str, str]:
    variables = {"PROCMATCH_DOFFIN_KEY": ""}
    if url:
        variables["PROCMATCH_SOURCES_DOFFIN_WEBCLIENT_URL"] = f"{url}/webclient/api"
    running = command(url, database, "crawl", SOURCE, *arguments, **variables)
    out, err = running.communicate(timeout=60)
    return running.returncode, out, err


def rows(database: str, query: Any) -> list[Any]:  # noqa: ANN401 - any statement
    store = open_store(database)
    with store.read() as connection:
        found = list(connection.execute(query))
    store.close()
    return found


def test_it_is_off_until_somebody_sets_its_address(database: str) -> None:
    code, out, err = webclient("", database)
    assert (code, out) == (1, "")
    assert "not an official API and is off" in err
    assert "PROCMATCH_SOURCES_DOFFIN_WEBCLIENT_URL" in err


def test_what_it_finds_is_fetched_by_the_official_source(
    world: Content, server: StandIn, database: str
) -> None:
    oldest = ago(400).isoformat()
    code, _, err = webclient(server.url, database, "--from", oldest)
    assert (code, err) == (0, "")
    assert not any("/public/" in logged.path for logged in server.log)
    queued = rows(database, select(downloads.c.source, downloads.c.key))
    assert {(row.source, row.key) for row in queued} == {("doffin", key) for key in world.notices}
    details = rows(database, select(raw_answers.c.key).where(raw_answers.c.kind == "detail"))
    assert len(details) >= 3
    crawl(server.url, database)
    assert rows(database, select(downloads)) == []
    published = {row.source_id for row in rows(database, select(notices.c.source_id))}
    assert published == set(world.notices)
    assert published - set(statuses(database)), "a replaced notice is found by its page alone"
    code, again, err = webclient(server.url, database)
    assert (code, err) == (0, "")
    assert " 0 new, 0 changed" in again
    assert rows(database, select(downloads)) == []


def test_a_run_with_an_end_leaves_the_watermark(server: StandIn, database: str) -> None:
    days = ("--from", ago(30).isoformat(), "--to", ago(20).isoformat())
    assert webclient(server.url, database, *days)[0] == 0
    assert rows(database, select(watermarks)) == []
    assert webclient(server.url, database)[0] == 0
    assert len(rows(database, select(watermarks))) == 1


def test_a_page_that_cannot_be_had_waits(database: str) -> None:
    def only_search(asked: Asked) -> Reply:
        if "notices-api" in asked.path:
            return Reply(status=404)
        hit = {"id": "2026-1", "type": "NEW", "publicationDate": ago(0).isoformat()}
        page = {"numHitsTotal": 1, "numHitsAccessible": 1, "hits": [hit], "facets": {}}
        return Reply(json.dumps(page).encode())

    with Site(only_search) as site:
        code, out, err = webclient(site.url, database, "--from", ago(0).isoformat())
    assert (code, err) == (0, "")
    assert "1 postponed" in out
    waiting = rows(database, select(downloads.c.source).where(downloads.c.key == "2026-1"))
    assert sorted(row.source for row in waiting) == ["doffin", SOURCE]


@pytest.mark.parametrize("habit", ["deaf", "huge"])
def test_dates_that_are_not_heard_fail_the_run(crawl_once: Crawl, habit: str) -> None:
    published = ago(0 if habit == "deaf" else 30)

    def answer(_asked: Asked) -> Reply:
        hit = {"id": "2026-1", "publicationDate": published.isoformat(), "issueDate": "2026-01-01"}
        total = 160_000 if habit == "huge" else 1
        page = {"numHitsTotal": total, "numHitsAccessible": 1000, "hits": [hit]}
        return Reply(json.dumps(page).encode())

    with Site(answer) as site:
        address = {"sources": {"doffin_webclient_url": site.url}}
        days = {"since": ago(33).isoformat(), "until": ago(27).isoformat()}
        notes = crawl_once(SOURCE, site.url, settings=address, arguments=days)
    assert "was ignored" in notes["error"]["text"]
    assert len(site.asked) == 1


def test_a_week_beyond_the_cap_is_read_by_days(crawl_once: Crawl) -> None:
    hits = [
        {
            "id": f"2026-{n}",
            "publicationDate": (ago(33) + timedelta(days=n % 7)).isoformat(),
            "issueDate": "2026-01-01",
        }
        for n in range(350)
    ]

    def answer(asked: Asked) -> Reply:
        if "notices-api" in asked.path:
            return Reply(b"{}")
        question = json.loads(asked.body)
        days, page = question["facets"]["publicationDate"], question["page"]
        found = [hit for hit in hits if days["from"] <= hit["publicationDate"] <= days["to"]]
        shown = found[(page - 1) * 100 : page * 100]
        reply = {"numHitsTotal": len(found), "numHitsAccessible": min(len(found), 200)}
        return Reply(json.dumps(reply | {"hits": shown}).encode())

    with Site(answer) as site:
        address = {"sources": {"doffin_webclient_url": site.url}}
        days = {"since": ago(33).isoformat(), "until": ago(27).isoformat()}
        notes = crawl_once(SOURCE, site.url, settings=address, arguments=days)
    assert notes["error"] is None
    details = {answer["key"] for answer in notes["answers"] if answer["kind"] == "detail"}
    assert len(details) == 350
