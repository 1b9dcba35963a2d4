"""A source that shrinks is noticed, and what it listed before is not taken for gone."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from procmatch.model.answer import Answer
from procmatch.settings import Settings
from procmatch.store import Store, runs
from procmatch.workflows import health, ingest
from procmatch.workflows.health import Range
from procmatch.workflows.ingest import Run, RunReport
from procmatch.workflows.status import status

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def crawl(store: Store, total: int, day: str = "2026-05-30", *, accept: bool = False) -> RunReport:
    run: Run = ingest.begin(store, "doffin", settings=Settings(), clock=clock)
    run.accept_size = accept
    hit: dict[str, object] = {
        "id": f"2026-{total}", "buyer": [], "heading": "Brød", "description": "", "locationId": [],
        "estimatedValue": None, "type": "ANNOUNCEMENT_OF_COMPETITION", "allTypes": [],
        "status": "ACTIVE", "issueDate": f"{day}T10:00:00Z", "deadline": None,
        "publicationDate": day, "receivedTenders": None, "allReceivedTenders": None,
        "cpvCodes": [], "limitedDataFlag": None, "doffinClassicUrl": None, "lots": [],
    }  # fmt: skip
    page = {"numHitsTotal": total, "numHitsAccessible": 1000, "hits": [hit]}
    ingest.ingest(
        store,
        run,
        Answer(
            source="doffin",
            kind="search",
            key="newest page 1",
            url="http://x",
            body=json.dumps(page).encode(),
            fetched_at=NOW,
        ),
    )
    return ingest.finish(store, run, complete=True)


def watermark(store: Store) -> date | None:
    with store.read() as connection:
        return runs.watermark(connection, "doffin")


def test_a_first_run_has_nothing_to_be_compared_with(store: Store) -> None:
    assert crawl(store, 160_000).outcome == "ok"


def test_a_source_that_shrinks_beyond_its_range_fails_the_run(store: Store) -> None:
    crawl(store, 160_000)
    assert crawl(store, 159_000, "2026-05-31").outcome == "ok"
    failed = crawl(store, 120_000, "2026-06-01")
    assert failed.outcome == "failed"
    assert failed.message == (
        "doffin has shrunk: notices 120,000 (last good run 159,000, expected at least 157,410)"
    )
    assert watermark(store) == date(2026, 5, 31)


def test_a_failed_run_is_no_measure_and_an_accepted_one_is(store: Store) -> None:
    crawl(store, 160_000)
    crawl(store, 120_000)
    assert crawl(store, 120_000).outcome == "failed"
    assert crawl(store, 120_000, accept=True).outcome == "ok"
    assert crawl(store, 119_500).outcome == "ok"


def test_status_tells_what_is_expected(store: Store) -> None:
    crawl(store, 160_000)
    crawl(store, 100)
    report = status(store)
    (size,) = report.sizes
    assert (size.measure, size.value, size.least, size.most) == (
        "notices",
        160_000,
        158_400,
        200_000,
    )
    (row,) = report.sources
    assert (row["outcome"], row["last_good"], row["waiting"]) == ("failed", NOW, 2)


@pytest.mark.parametrize(
    ("value", "around"),
    [(0, (0, 0)), (20, (10, 30)), (100, (90, 150)), (10**6, (900_000, 1_500_000))],
)
def test_a_range_is_around_the_last_value(value: int, around: tuple[int, int]) -> None:
    assert Range(0.1, 0.5).around(value) == around


def test_every_source_has_a_range() -> None:
    assert health.expected("a new source", "rows").shrink < 1
