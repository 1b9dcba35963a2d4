"""A crawl that is killed at any moment, and started again, ends as an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from procmatch.demo.standins.content import from_folder
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.store import Store, open_store
from procmatch.store.tables import listings, lots, notices, parties, raw_chunks, watermarks

KEY = "test-key"
SEED = 20260601
KILLS = 8


def environment(server: StandIn) -> dict[str, str]:
    return {
        **os.environ,
        "PROCMATCH_DOFFIN_KEY": KEY,
        "PROCMATCH_REQUESTS_PER_SECOND": "200",
        "PROCMATCH_TED_REQUESTS_PER_SECOND": "200",
        "PROCMATCH_SOURCES_DOFFIN_URL": f"{server.url}/public",
        "PROCMATCH_SOURCES_TED_URL": server.url,
        "PROCMATCH_SOURCES_TED_PAGE_URL": server.url,
    }


def command(source: str, url: str) -> list[str]:
    crawl = ["--database", url, "crawl", source, "--from", "2022-01-01"]
    return [sys.executable, "-m", "procmatch.cli", *crawl]


def crawl(source: str, url: str, variables: Mapping[str, str]) -> None:
    done = subprocess.run(
        command(source, url),
        env=dict(variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def kill_after(source: str, url: str, variables: Mapping[str, str], seconds: float) -> bool:
    """Start a crawl and kill it; return whether it was still running."""
    process = subprocess.Popen(
        command(source, url),
        env=dict(variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return alive


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All that a crawl is meant to leave behind; row numbers and fetch times may differ."""
    with store.read() as connection:
        rows = {
            "listings": select(listings).order_by(listings.c.source_id),
            "notices": select(
                notices.c.source_id, notices.c.procedure, notices.c.sha256, notices.c.document
            ).order_by(notices.c.source_id),
            "lots": select(notices.c.source_id, lots.c.lot, lots.c.position, lots.c.title)
            .join(notices, notices.c.id == lots.c.notice)
            .order_by(notices.c.source_id, lots.c.lot),
            "parties": select(
                notices.c.source_id, parties.c.role, parties.c.position, parties.c.name
            )
            .join(notices, notices.c.id == parties.c.notice)
            .order_by(notices.c.source_id, parties.c.role, parties.c.position),
            "watermark": select(watermarks.c.source, watermarks.c.value),
        }
        found = {name: [tuple(row) for row in connection.execute(q)] for name, q in rows.items()}
        kept = select(raw_chunks.c.sha256).where(raw_chunks.c.sha256.in_(select(notices.c.sha256)))
        found["raw"] = sorted(tuple(row) for row in connection.execute(kept))
    return found


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(("source", "least"), [("doffin", 40), ("ted", 25)])
def test_a_killed_crawl_ends_as_an_undisturbed_one(
    database_url: str, tmp_path: Path, shared_data: Path, source: str, least: int
) -> None:
    moments = random.Random(SEED)
    with StandIn(from_folder(shared_data), faults=Faults.none(), key=KEY) as server:
        variables = environment(server)
        calm = open_store(f"sqlite:///{tmp_path / 'calm.db'}", create=True)
        started = time.monotonic()
        crawl(source, f"sqlite:///{tmp_path / 'calm.db'}", variables)
        length = time.monotonic() - started
        disturbed = open_store(database_url, create=True)
        killed = sum(
            kill_after(source, database_url, variables, moments.uniform(0.3, 0.95) * length)
            for _ in range(KILLS)
        )
        crawl(source, database_url, variables)
    assert killed, "no crawl was still running when it was killed"
    assert len(contents(calm)["notices"]) > least
    assert contents(disturbed) == contents(calm)
    calm.close()
    disturbed.close()
