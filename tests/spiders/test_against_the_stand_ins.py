"""All spiders, all traps of the live sources, real notices and a real store."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procmatch.demo.standins.content import from_folder
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.store import open_store

KEY = "stand-in-key"


def crawl(url: str, database: str, *arguments: str) -> str:
    sites = {
        f"PROCMATCH_SOURCES_{name}_URL": url
        for name in ("BRREG", "KLASS", "GEONORGE", "BRING", "EU_CODES")
    }
    environment = os.environ | sites
    environment["PROCMATCH_SOURCES_DOFFIN_URL"] = f"{url}/public"
    environment["PROCMATCH_DOFFIN_KEY"] = KEY
    environment["PROCMATCH_REQUESTS_PER_SECOND"] = "20"
    command = [sys.executable, "-m", "procmatch.cli", "--database", database, "crawl", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert KEY not in done.stdout
    return done.stdout


@pytest.mark.shared
@pytest.mark.slow
def test_real_notices_and_units_survive_every_trap(shared_data: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'crawl.db'}"
    open_store(database, create=True).close()
    content = from_folder(shared_data, datetime.now(UTC).date())
    with StandIn(content, faults=Faults(retry_after_s=1), key=KEY) as server:
        first = crawl(server.url, database, "doffin", "--from", "2015-01-01")
        again = crawl(server.url, database, "doffin")
        units = crawl(server.url, database, "enhetsregisteret")
        statuses = [logged.status for logged in server.log]
    assert 404 in statuses
    assert 429 in statuses
    assert " 0 set aside" in first
    assert " 0 postponed" not in first
    assert ": 2 fetched, 0 new" in again  # the newest, and the round of active ones
    found = re.search(r"2 fetched, (\d+) new, 0 changed, 0 set aside", units)
    assert found
    assert int(found[1]) >= 3200
