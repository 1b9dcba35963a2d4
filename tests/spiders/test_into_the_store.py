"""From the command line over HTTP into a real store."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

from procmatch.model.organisation import NORWAY, OrgId, OrgStatus
from procmatch.store import open_store, organisations
from tests.spiders.site import Asked, Reply, Site

UNIT = {
    "organisasjonsnummer": "923609016",
    "navn": "EKSEMPEL BAKERI AS",
    "organisasjonsform": {"kode": "AS"},
    "naeringskode1": {"kode": "10.710"},
}
STRANGE = UNIT | {"organisasjonsnummer": "991825827", "nyttFelt": True}
PLACE = {
    "organisasjonsnummer": "983498221",
    "navn": "EKSEMPEL BAKERI AS AVD ASKER",
    "overordnetEnhet": "923609016",
}


def procmatch(url: str, database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PROCMATCH_SOURCES_BRREG_URL": url,
        "PROCMATCH_REQUESTS_PER_SECOND": "200",
    }
    command = [sys.executable, "-m", "procmatch.cli", "--database", database, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_what_is_crawled_is_in_the_store_and_the_odd_record_is_set_aside(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("underenheter/lastned"):
            return Reply(gzip.compress(json.dumps([PLACE]).encode()), type="application/gzip")
        if asked.path.endswith("enheter/lastned"):
            body = gzip.compress(json.dumps([UNIT, STRANGE]).encode())
            return Reply(body, type="application/gzip")
        if "/oppdateringer/" in asked.path:
            return Reply(b'{"page": {"totalElements": 0}}')
        return Reply(json.dumps(UNIT | {"konkurs": True}).encode())

    database = f"sqlite:///{tmp_path / 'crawl.db'}"
    open_store(database, create=True).close()
    with Site(answer) as site:
        bulk = procmatch(site.url, database, "crawl", "enhetsregisteret")
        one = procmatch(
            site.url, database, "crawl", "enhetsregisteret", "--number", "923609016", "--quiet"
        )
    assert (bulk.returncode, bulk.stderr) == (0, "")
    assert "2 fetched, 2 new, 0 changed, 1 set aside" in bulk.stdout
    assert (one.returncode, one.stdout, one.stderr) == (0, "", "")
    store = open_store(database)
    with store.read() as connection:
        found = organisations.find(connection, OrgId(NORWAY, "923609016"))
    store.close()
    assert found.status is OrgStatus.BANKRUPT
    assert [place.number for place in found.establishments] == ["983498221"]


def test_a_failed_crawl_says_one_line_and_exits_with_1(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'crawl.db'}"
    open_store(database, create=True).close()
    with Site(lambda _asked: Reply(b"[]", status=415)) as site:
        done = procmatch(site.url, database, "crawl", "enhetsregisteret")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: enhetsregisteret: HTTP 415 from ")
    assert done.stderr.count("\n") == 1
