"""A store that holds the sample world, taken in through ingest without any network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procmatch.codes.entry import CodeEntry
from procmatch.demo import world
from procmatch.model.answer import Answer
from procmatch.settings import Mail, Settings
from procmatch.store import Store, open_store, organisations
from procmatch.workflows import ingest, link

#: The sample world is of the days before this one.
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def take(store: Store, source: str, kind: str, key: str, body: bytes) -> None:
    run = ingest.begin(store, source, settings=Settings(), clock=clock)
    answer = Answer(source=source, kind=kind, key=key, url="x", body=body, fetched_at=NOW)
    ingest.ingest(store, run, answer)
    ingest.finish(store, run, complete=True)


def fill(store: Store) -> None:
    """Take in the whole world."""
    take(store, "enhetsregisteret", "units", "all", json.dumps(world.units()).encode())
    body = json.dumps(world.establishments()).encode()
    take(store, "enhetsregisteret", "establishments", "all", body)
    for key, xml in world.notices().items():
        take(store, "doffin", "notice", key, xml)
    with store.begin() as connection:
        organisations.save_codes(connection, list(places()))


def places() -> Iterator[CodeEntry]:
    for town in world.world()["municipalities"]:
        point = {"lat": str(town["lat"]), "lon": str(town["lon"]), "nuts": "NO0Z1"}
        yield CodeEntry(
            list="municipality-point",
            code=town["number"],
            parent="98",
            labels={"nb": town["name"]},
            extra=point,
        )
        for code, place, *_ in town["postcodes"]:
            yield CodeEntry(list="postcode", code=code, parent=town["number"], labels={"nb": place})


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file store with the world, linked; made once, copied by each test."""
    path = tmp_path_factory.mktemp("world") / "world.db"
    store = open_store(f"sqlite:///{path}", create=True)
    fill(store)
    link.link(store)
    store.close()
    return path


@pytest.fixture
def world_store(world_file: Path, tmp_path: Path) -> Iterator[Store]:
    copy = tmp_path / "world.db"
    copy.write_bytes(world_file.read_bytes())
    store = open_store(f"sqlite:///{copy}")
    yield store
    store.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    mail = Mail(outbox=str(tmp_path / "outbox"))
    return Settings(secret_key="secret", mail=mail, index_dir=str(tmp_path / "index"))
