"""Fixtures for all tests: loopback only, a store on each database, the shared data if any."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, make_url, text

from procmatch.store import Store, open_store

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
POSTGRES = "PROCMATCH_TEST_POSTGRES"

left_out: dict[str, str] = {}

# Time says something of the machine, not of the code: no test depends on it.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, with the reason told at the end, what this machine cannot run."""
    if item.get_closest_marker("shared") and not SHARED_DATA.is_dir():
        left_out["shared data"] = "tests on real notices: no ../shared/data beside the project"
        pytest.skip("no ../shared/data beside the project")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and why."""
    if not os.environ.get(POSTGRES):
        left_out["PostgreSQL"] = f"store tests on PostgreSQL: {POSTGRES} names no server"
    terminalreporter.section("left out")
    for reason in left_out.values():
        terminalreporter.write_line(f"left out: {reason}")
    if not left_out:
        terminalreporter.write_line("nothing was left out")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real notices and register excerpts."""
    return SHARED_DATA


def _postgres_database() -> Iterator[str]:
    """An empty schema of its own on the test server."""
    base = make_url(os.environ[POSTGRES]).set(drivername="postgresql+psycopg")
    schema = f"test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(base)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    address = base.update_query_dict({"options": f"-csearch_path={schema}"})
    yield address.render_as_string(hide_password=False)
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: SQLite, and PostgreSQL where there is a server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
    elif os.environ.get(POSTGRES):
        yield from _postgres_database()
    else:
        pytest.skip(f"{POSTGRES} names no server")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store on each database."""
    opened = open_store(database_url, create=True)
    yield opened
    opened.close()
