"""What a crawl remembers between runs, and what it asks of the listings."""

from __future__ import annotations

from datetime import UTC, date, datetime

from procmatch.settings import Settings
from procmatch.store import Store, notices
from procmatch.store.notices import Listing
from procmatch.workflows import ingest, rounds
from procmatch.workflows.ingest import Run


def begin(store: Store, source: str = "doffin") -> Run:
    return ingest.begin(
        store, source, settings=Settings(), clock=lambda: datetime(2026, 10, 5, 12, tzinfo=UTC)
    )


def listing(key: str, issued: str | None, *, published_on: date | None = None) -> Listing:
    document = "{}" if issued is None else f'{{"issueDate": "{issued}"}}'
    return Listing(
        source="doffin",
        source_id=key,
        digest="",
        kind="ANNOUNCEMENT_OF_COMPETITION",
        status="ACTIVE",
        published_on=published_on,
        document=document,
    )


def test_what_is_remembered_is_there_for_later_runs_of_the_same_source(store: Store) -> None:
    rounds.remember(store, begin(store), "backfill", "2026-01-04")
    assert rounds.remembered(store, begin(store), "backfill") == "2026-01-04"
    assert rounds.remembered(store, begin(store, "ted"), "backfill") is None
    rounds.remember(store, begin(store), "backfill", None)
    assert rounds.remembered(store, begin(store), "backfill") is None


def test_what_is_no_longer_active_comes_with_its_days_of_issue(store: Store) -> None:
    with store.begin() as connection:
        rows = [
            listing("1", "2026-09-01T10:00:00Z"),
            listing("2", "2026-09-01T22:30:00Z"),  # after midnight in Oslo
            listing("3", None, published_on=date(2026, 9, 20)),
            listing("4", None),
            listing("5", "2026-09-01T10:00:00Z"),
        ]
        notices.save_listings(connection, rows)
    gone = rounds.no_longer_active(store, begin(store), {"5"})
    assert gone["1"] == (date(2026, 9, 1),)
    assert gone["2"] == (date(2026, 9, 1), date(2026, 9, 2))
    assert (max(gone["3"]), min(gone["3"])) == (date(2026, 9, 20), date(2026, 9, 10))
    assert gone["4"] == ()
    assert set(gone) == {"1", "2", "3", "4"}
