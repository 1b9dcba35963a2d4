"""TED's answers in the store: beside Doffin's, never in place of them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from sqlalchemy import select

from procmatch.demo import world
from procmatch.demo.standins.ted_rows import ted_copy
from procmatch.model.answer import Answer
from procmatch.settings import Settings
from procmatch.store import Store, ledger
from procmatch.store.tables import listings, notices, raw_answers
from procmatch.workflows import ingest
from procmatch.workflows.ingest import Ingested, Run

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DOFFIN, TED = "2026-200101", "900001-2026"
XML = world.notices()[DOFFIN]
COPY = ted_copy(TED, XML, "2026-05-22+02:00")


def begin(store: Store, source: str = "ted") -> Run:
    return ingest.begin(store, source, settings=Settings(), clock=lambda: NOW)


def take(store: Store, run: Run, kind: str, key: str, body: bytes) -> Ingested:
    answer = Answer(
        source=run.source, kind=kind, key=key, url="http://x", body=body, fetched_at=NOW
    )
    return ingest.ingest(store, run, answer)


def page(*numbers: str, **more: object) -> bytes:
    rows = [
        {
            "publication-number": number,
            "publication-date": "2026-05-22+02:00",
            "notice-type": "cn-standard",
            "links": {"xml": {"MUL": f"https://ted.example/en/notice/{number}/xml"}},
        }
        for number in numbers
    ]
    envelope = {"totalNoticeCount": 9, "iterationNextToken": "t", "timedOut": False}
    return json.dumps({"notices": rows, **envelope, **more}).encode()


def test_a_page_is_listed_queued_and_dated(store: Store) -> None:
    run = begin(store)
    found = take(store, run, "search", "1", page(TED, "900002-2026", TED))
    assert found.wanted == (TED, "900002-2026")
    assert (found.hits, found.total, found.following) == (3, 9, "t")
    assert found.oldest == run.newest == date(2026, 5, 22)
    assert take(store, run, "search", "2", page(TED)).wanted == ()
    assert begin(store).pending == (TED, "900002-2026")
    with store.read() as connection:
        row = connection.execute(select(listings).where(listings.c.source_id == TED)).one()
    assert (row.source, row.kind, row.published_on) == ("ted", "cn-standard", date(2026, 5, 22))
    assert "links" not in row.document


def test_a_page_in_part_is_kept_and_not_read(store: Store) -> None:
    run = begin(store)
    found = take(store, run, "search", "1", page(TED, timedOut=True))
    assert (found.partial, found.wanted, found.following) == (True, (), None)
    assert run.newest is None
    assert begin(store).pending == ()
    with store.read() as connection:
        assert connection.execute(select(listings)).all() == []
        assert len(connection.execute(select(raw_answers)).all()) == 1


def test_the_same_notice_of_both_sources_is_two_rows_of_one_procedure(store: Store) -> None:
    take(store, begin(store), "notice", TED, COPY)
    take(store, begin(store, "doffin"), "notice", DOFFIN, XML)
    with store.read() as connection:
        first, second = connection.execute(select(notices).order_by(notices.c.id)).all()
    assert (first.source, first.source_id) == ("ted", TED)
    assert (second.source, second.source_id) == ("doffin", DOFFIN)
    assert first.notice_id == second.notice_id
    assert first.version == second.version
    assert first.procedure == second.procedure
    assert first.published_on == date(2026, 5, 22)


def test_an_unreadable_notice_is_set_aside_and_the_next_one_is_read(store: Store) -> None:
    run = begin(store)
    take(store, run, "search", "1", page(TED, "900002-2026"))
    old = b"<TED_EXPORT xmlns='http://publications.europa.eu/resource/schema/ted/R2.0.9/'/>"
    assert take(store, run, "notice", "900002-2026", old).set_aside == 1
    assert take(store, run, "notice", TED, COPY).new == 1
    assert begin(store).pending == ()
    with store.read() as connection:
        (row,) = ledger.newest_set_aside(connection)
    assert (row["source"], row["key"]) == ("ted", "900002-2026")


def test_the_two_sources_have_watermarks_of_their_own(store: Store) -> None:
    run = begin(store)
    take(store, run, "search", "1", page(TED))
    ingest.finish(store, run, complete=True)
    assert begin(store).watermark == date(2026, 5, 22)
    assert begin(store, "doffin").watermark is None
