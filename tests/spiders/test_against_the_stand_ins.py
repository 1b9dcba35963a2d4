"""All spiders, all traps of the live sources, real notices and a real store."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from procmatch.demo.standins.content import from_folder
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.store import open_store
from procmatch.store.tables import listings, notices
from tests.spiders.conftest import Crawl

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
    found = re.search(r": \d+ fetched, (\d+) new, 0 changed, 0 set aside", units)
    assert found
    assert int(found[1]) >= 3200


@pytest.mark.shared
@pytest.mark.slow
def test_ted_survives_its_traps_and_stands_beside_doffin(
    shared_data: Path, tmp_path: Path, crawl_once: Crawl
) -> None:
    database = f"sqlite:///{tmp_path / 'crawl.db'}"
    store = open_store(database, create=True)
    settings = {"database_url": database, "ted_countries": ["NOR", "FRA", "POL", "FIN", "IRL"]}
    content = from_folder(shared_data, datetime.now(UTC).date())
    with StandIn(content, faults=Faults(rate_limit=0), key=KEY) as server:
        crawl(server.url, database, "doffin", "--from", "2015-01-01")
        began = len(server.log)
        notes = crawl_once(
            "ted", server.url, store=True, settings=settings, arguments={"since": "2022-01-01"}
        )
        statuses = [logged.status for logged in server.log[began:]]
        again = crawl_once("ted", server.url, store=True, settings=settings)
    assert notes["error"] is None, notes["error"]
    assert 429 in statuses
    assert again["error"] is None
    with store.read() as connection:
        found = connection.execute(select(notices)).all()
        listed = connection.scalars(select(listings.c.source_id).where(listings.c.source == "ted"))
        assert {row.source_id for row in found if row.source == "ted"} == set(listed)
    store.close()
    states = {(row.notice_id, row.version): row for row in found if row.source == "doffin"}
    copies = [row for row in found if row.source == "ted"]
    twins = [row for row in copies if (row.notice_id, row.version) in states]
    assert len(twins) >= 20
    # A planning notice may have no procedure id; it then is alone with its publication.
    for row in twins:
        own = states[row.notice_id, row.version]
        assert own.procedure in {row.procedure, f"doffin:{own.source_id}"}
    assert len(copies) > len(twins), "no notice that TED alone has"
