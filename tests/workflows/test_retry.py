"""What was set aside is read again from the raw store, without asking any source."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from procmatch.demo import world
from procmatch.errors import SourceChanged
from procmatch.model.answer import Answer
from procmatch.model.notice import Notice
from procmatch.settings import Settings
from procmatch.sources import eforms, enhetsregisteret
from procmatch.store import Store, notices, organisations, tables
from procmatch.workflows import ingest
from procmatch.workflows.retry import RetryReport, retry

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = "2026-200101"


def clock() -> datetime:
    return NOW


def again(store: Store, *, source: str | None = None, everything: bool = False) -> RetryReport:
    return retry(store, settings=Settings(), clock=clock, source=source, everything=everything)


def take(store: Store, source: str, kind: str, key: str, body: bytes | Path) -> None:
    run = ingest.begin(store, source, settings=Settings(), clock=clock)
    answer = Answer(source=source, kind=kind, key=key, url="http://x", body=body, fetched_at=NOW)
    ingest.ingest(store, run, answer)
    ingest.finish(store, run, complete=True)


def forget_the_version(store: Store) -> None:
    """Pretend that an earlier version of the readers refused."""
    with store.begin() as connection:
        connection.execute(update(tables.set_aside).values(parser="earlier"))


def aside(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(select(tables.set_aside.c.key)))


@pytest.fixture
def refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A good notice that the readers of that day did not understand."""

    def refuse(*_: object, **__: object) -> Notice:
        raise SourceChanged("a new element", source="doffin", where="efac:New")

    with monkeypatch.context() as patch:
        patch.setattr(eforms, "read", refuse)
        take(store, "doffin", "notice", KEY, world.notices()[KEY])
    assert aside(store) == [KEY]
    return store


def test_after_an_update_of_the_readers_it_is_read(refused: Store) -> None:
    forget_the_version(refused)
    assert again(refused) == RetryReport(tried=1, read=1)
    assert aside(refused) == []
    with refused.read() as connection:
        assert notices.find(connection, KEY).notice.source_id == KEY
    assert again(refused) == RetryReport()


def test_what_these_readers_refused_is_tried_on_demand_only(refused: Store) -> None:
    assert again(refused) == RetryReport(skipped=1)
    assert again(refused, everything=True) == RetryReport(tried=1, read=1)


def test_one_source_can_be_tried_alone(refused: Store) -> None:
    forget_the_version(refused)
    assert again(refused, source="ted") == RetryReport()
    assert aside(refused) == [KEY]


def test_what_still_cannot_be_read_stays_aside(store: Store) -> None:
    take(store, "doffin", "notice", KEY, b"<no>notice</no>")
    forget_the_version(store)
    assert again(store) == RetryReport(tried=1, still=1)
    assert aside(store) == [KEY]
    assert again(store) == RetryReport(skipped=1)


@pytest.mark.parametrize("kind", ["units", "establishments"])
def test_one_record_of_a_bulk_file_is_read_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    record = {
        "organisasjonsnummer": "310000019",
        "navn": "BAKERI AS",
        "organisasjonsform": {"kode": "AS" if kind == "units" else "BEDR"},
        **({} if kind == "units" else {"overordnetEnhet": "310000027"}),
    }
    file = tmp_path / "bulk.json.gz"
    file.write_bytes(gzip.compress(json.dumps([record]).encode()))
    name = "read_unit" if kind == "units" else "read_establishment"

    def refuse(*_: object, **__: object) -> object:
        raise SourceChanged("a new field", source="enhetsregisteret", where="nytt")

    with monkeypatch.context() as patch:
        patch.setattr(enhetsregisteret, name, refuse)
        take(store, "enhetsregisteret", kind, "", file)
    assert aside(store) == ["310000019"]
    assert again(store, everything=True) == RetryReport(tried=1, read=1)
    assert aside(store) == []
    if kind == "units":
        with store.read() as connection:
            assert organisations.count(connection) == 1
