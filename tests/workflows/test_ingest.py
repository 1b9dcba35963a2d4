"""Ingest keeps the raw answer, reads it once, sets aside what it cannot read, and goes on."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime

import pytest

from procmatch.demo import world
from procmatch.errors import SourceError
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.settings import Settings
from procmatch.store import Store, ledger, notices, organisations
from procmatch.workflows import ingest
from procmatch.workflows.ingest import Run

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def begin(store: Store, source: str) -> Run:
    return ingest.begin(store, source, settings=Settings(), clock=clock)


def answer(kind: str, key: str, body: bytes, source: str = "doffin") -> Answer:
    return Answer(source=source, kind=kind, key=key, url="http://x", body=body, fetched_at=NOW)


def hit(key: str, published: str, **changes: object) -> dict[str, object]:
    return {
        "id": key, "buyer": [], "heading": "Brød", "description": "", "locationId": [],
        "estimatedValue": None, "type": "ANNOUNCEMENT_OF_COMPETITION", "allTypes": [],
        "status": "ACTIVE", "issueDate": f"{published}T10:00:00Z", "deadline": None,
        "publicationDate": published, "receivedTenders": None, "allReceivedTenders": None,
        "cpvCodes": [], "limitedDataFlag": None, "doffinClassicUrl": None, "lots": [], **changes,
    }  # fmt: skip


def page(*hits: dict[str, object]) -> bytes:
    found = {"numHitsTotal": len(hits), "numHitsAccessible": len(hits), "hits": list(hits)}
    return json.dumps(found).encode()


def test_new_and_changed_hits_are_wanted_known_ones_are_not(store: Store) -> None:
    run = begin(store, "doffin")
    first = ingest.ingest(store, run, answer("search", "1", page(hit("2026-1", "2026-05-30"))))
    assert (first.wanted, first.oldest) == (("2026-1",), date(2026, 5, 30))
    again = ingest.ingest(store, run, answer("search", "2", page(hit("2026-1", "2026-05-30"))))
    assert again.wanted == ()
    other = page(hit("2026-1", "2026-05-30", status="EXPIRED"))
    assert ingest.ingest(store, run, answer("search", "3", other)).wanted == ("2026-1",)


def test_what_is_wanted_waits_for_download_until_it_came(store: Store) -> None:
    run = begin(store, "doffin")
    ingest.ingest(store, run, answer("search", "1", page(hit("2026-200101", "2026-05-30"))))
    assert begin(store, "doffin").pending == ("2026-200101",)
    xml = world.notices()["2026-200101"]
    done = ingest.ingest(store, run, answer("notice", "2026-200101", xml))
    assert done.new == 1
    assert begin(store, "doffin").pending == ()


def test_an_unreadable_notice_is_set_aside_and_read_when_it_comes_right(store: Store) -> None:
    run = begin(store, "doffin")
    xml = world.notices()["2026-200101"]
    bad = xml.replace(b"10:00:00Z</cbc:EndTime>", b"noon</cbc:EndTime>")
    assert ingest.ingest(store, run, answer("notice", "2026-200101", bad)).set_aside == 1
    with store.read() as connection:
        (row,) = ledger.newest_set_aside(connection)
        assert "BT-131" in str(row["field"])
    ingest.ingest(store, run, answer("notice", "2026-200101", xml))
    with store.read() as connection:
        assert ledger.newest_set_aside(connection) == []
        assert notices.find(connection, "2026-200101").notice.lots


def test_the_watermark_moves_only_when_the_whole_run_was_kept(store: Store) -> None:
    run = begin(store, "doffin")
    ingest.ingest(store, run, answer("search", "1", page(hit("2026-1", "2026-05-30"))))
    assert ingest.finish(store, run, complete=False).outcome == "incomplete"
    assert begin(store, "doffin").watermark is None
    assert ingest.finish(store, run, complete=True, error="401").outcome == "failed"
    assert begin(store, "doffin").watermark is None
    ingest.finish(store, run, complete=True)
    assert begin(store, "doffin").watermark == date(2026, 5, 30)


def test_a_broken_search_page_fails_the_run_but_is_kept(store: Store) -> None:
    run = begin(store, "doffin")
    with pytest.raises(SourceError):
        ingest.ingest(store, run, answer("search", "1", b'{"numHitsTotal": '))
    (row,) = ledger_rows(store)
    assert row["fetched"] == 1


def ledger_rows(store: Store) -> list[dict[str, object]]:
    with store.read() as connection:
        return ledger.sources(connection)


def bulk(units: list[dict[str, object]]) -> bytes:
    return gzip.compress(json.dumps(units).encode())


def test_one_bad_record_of_a_bulk_file_is_set_aside_alone(store: Store) -> None:
    run = begin(store, "enhetsregisteret")
    units = [u for u in world.units() if "slettedato" not in u][:5]
    units[2] = {**units[2], "organisasjonsnummer": "123456789"}
    done = ingest.ingest(store, run, answer("units", "all", bulk(units), "enhetsregisteret"))
    assert (done.new, done.set_aside) == (4, 1)
    with store.read() as connection:
        assert organisations.count(connection) == 4
        (row,) = ledger.newest_set_aside(connection)
    assert row["key"] == "123456789"


def test_a_bulk_file_cut_short_keeps_what_came_and_fails(store: Store) -> None:
    run = begin(store, "enhetsregisteret")
    units = [u for u in world.units() if "slettedato" not in u]
    body = json.dumps(units).encode()
    with pytest.raises(SourceError):
        ingest.ingest(
            store, run, answer("units", "all", body[: len(body) // 2], "enhetsregisteret")
        )
    with store.read() as connection:
        assert organisations.count(connection) > 50


def test_a_unit_removed_by_law_is_deleted(store: Store) -> None:
    run = begin(store, "enhetsregisteret")
    unit = next(u for u in world.units() if "slettedato" not in u)
    number = unit["organisasjonsnummer"]
    body = json.dumps(unit).encode()
    ingest.ingest(store, run, answer("unit", number, body, "enhetsregisteret"))
    gone = {"organisasjonsnummer": number, "slettedato": "2026-05-24"}
    ingest.ingest(store, run, answer("unit", number, json.dumps(gone).encode(), "enhetsregisteret"))
    with store.read() as connection, pytest.raises(LookupError):
        organisations.find(connection, OrgId(NORWAY, number))


def test_an_answer_that_nobody_reads_is_an_error(store: Store) -> None:
    run = begin(store, "doffin")
    with pytest.raises(SourceError, match="no reader"):
        ingest.ingest(store, run, answer("horoscope", "1", b"{}"))
