"""The sample world, matched once, with a sole proprietor in it, and the pages over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from procmatch.demo.world import WORLD_DIR
from procmatch.insight.shares import Measure, Question, Target
from procmatch.settings import Mail, Settings
from procmatch.store import Store, open_store, organisations
from procmatch.web import create_app
from procmatch.workflows import match
from procmatch.workflows.spend import import_spend
from procmatch.workflows.trends import set_target
from tests.workflows.conftest import NOW, world_file  # noqa: F401 - a fixture
from tests.workflows.test_news import unit

SETTINGS = Settings(secret_key="s", mail=Mail(public_url="https://treff.example"))
#: The municipality whose ledger was taken in.
WITH_LEDGER = "9802"
TARGETS = (
    Target(question=Question.SMALL, measure=Measure.NUMBER, year=2025, percent=30),
    Target(question=Question.LOCAL, measure=Measure.VALUE, year=2026, percent=30),
)
SOLE = unit("310000035", "KARI BAKER", "ENK", activity="Bakst")


@pytest.fixture(scope="session")
def matched(world_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:  # noqa: F811
    copy = tmp_path_factory.mktemp("pages") / "world.db"
    shutil.copy(world_file, copy)
    store = open_store(f"sqlite:///{copy}")
    with store.begin() as connection:
        organisations.save_organisations(connection, [SOLE])
    match.match(store, settings=SETTINGS, clock=lambda: NOW)
    import_spend(store, WORLD_DIR / "ledger.csv", place=WITH_LEDGER, clock=lambda: NOW)
    for target in TARGETS:
        set_target(store, WITH_LEDGER, target)
        set_target(store, "9803", target)
    yield store
    store.close()


@pytest.fixture(scope="session")
def site(matched: Store) -> TestClient:
    return TestClient(create_app(SETTINGS, store=matched, clock=lambda: NOW))
