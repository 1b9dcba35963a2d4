"""The spiders of evidence: what they ask for, how they page, what ends them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from procmatch.demo.standins.content import sample_world
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.sources import evidence
from procmatch.store import open_store
from procmatch.workflows.evidence import evidence_overview
from procmatch_spiders.evidence import LISTED
from tests.spiders.conftest import Crawl
from tests.spiders.site import Asked, Reply, Site

CSV = Reply(b"orgnr;navn\n", type="text/csv")


def test_every_reader_has_a_spider() -> None:
    assert sorted(LISTED) == sorted(evidence.SOURCES)


@pytest.mark.parametrize(
    ("source", "path", "reply"),
    [
        ("renhold", "/renhold_register.xml", Reply(b"<Register/>", type="text/xml")),
        ("sentral-godkjenning", "/api/enterprises.json", Reply(b'{"enterprises": []}')),
        ("innovasjon-norge", "/tildelingsrapport/Tildelinger.csv", CSV),
        ("frivillighet", "/frivillighetsregisteret/api/lastned/csv", CSV),
        ("smilefjes", "/smilefjes-tilsyn.csv", CSV),
        ("debio", "/api/acm/companies", Reply(b"[]")),
    ],
)
def test_a_list_is_one_request_that_says_who_asks(
    crawl_once: Crawl, source: str, path: str, reply: Reply
) -> None:
    with Site(lambda _asked: reply) as site:
        notes = crawl_once(source, site.url)
    assert notes["error"] is None
    assert site.paths() == [path]
    assert site.asked[0].headers["user-agent"].startswith("procmatch")
    assert [(one["kind"], one["key"]) for one in notes["answers"]] == [("list", "all")]
    assert notes["finished"]["complete"] is True


def test_the_approved_areas_are_asked_for_by_their_version(crawl_once: Crawl) -> None:
    with Site(lambda _asked: Reply(b'{"enterprises": []}')) as site:
        crawl_once("sentral-godkjenning", site.url)
    assert site.asked[0].headers["accept"] == "application/vnd.sgpub.v2"


def test_each_trade_is_read_page_by_page(crawl_once: Crawl) -> None:
    def answer(asked: Asked) -> Reply:
        pages = 3 if asked.query["fag"] == ["BATMF3"] else 0
        return Reply(json.dumps({"pagination": {"total_pages": pages}, "bedrifter": []}).encode())

    trades = {"apprenticeship_trades": ["BATMF3", "ELELE3", "BATMF3"]}
    with Site(answer) as site:
        notes = crawl_once("larebedrift", site.url, settings=trades)
    keys = sorted(one["key"] for one in notes["answers"])
    assert keys == ["BATMF3 1", "BATMF3 2", "BATMF3 3", "ELELE3 1"]
    assert {asked.query["sporring_type"][0] for asked in site.asked} == {"bedrifter_godkjente"}


def test_units_are_looked_up_by_number_and_not_to_be_found_is_an_answer(
    crawl_once: Crawl,
) -> None:
    def answer(asked: Asked) -> Reply:
        found = asked.path.endswith("999601391")
        return Reply(b'{"dibk-sgdata": {}}') if found else Reply(status=404)

    numbers = {"numbers": ["999601391", "923 609 016"]}
    with Site(answer) as site:
        notes = crawl_once("sentral-godkjenning", site.url, arguments=numbers)
    assert notes["error"] is None
    sizes = {one["key"]: one["size"] for one in notes["answers"]}
    assert sizes == {"999601391": 19, "923609016": 0}
    assert {one["kind"] for one in notes["answers"]} == {"one"}


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refused_list_ends_the_run(crawl_once: Crawl, status: int) -> None:
    with Site(lambda _asked: Reply(status=status, type="text/plain")) as site:
        notes = crawl_once("renhold", site.url, above={"RETRY_TIMES": 1})
    assert f"HTTP {status}" in notes["error"]["text"]
    assert notes["finished"]["complete"] is False


def test_a_page_of_html_in_place_of_the_list_is_asked_for_again(crawl_once: Crawl) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.nth == 1:
            return Reply(b"<!DOCTYPE html><p>down</p>", type="text/html")
        return Reply(b"[]")

    with Site(answer) as site:
        notes = crawl_once("debio", site.url)
    assert notes["error"] is None
    assert len(site.asked) == 2


def test_nobody_asks_without_a_name(crawl_once: Crawl) -> None:
    with Site(lambda _asked: Reply(b"<Register/>")) as site:
        notes = crawl_once("renhold", site.url, settings={"user_agent": " "})
    assert "user_agent is empty" in notes["error"]["text"]
    assert site.asked == []


def addresses(url: str) -> Mapping[str, str]:
    return {
        "PROCMATCH_SOURCES_BRREG_URL": url,
        "PROCMATCH_SOURCES_RENHOLD_URL": f"{url}/renhold_register.xml",
        "PROCMATCH_SOURCES_DIBK_URL": f"{url}/api/enterprises",
        "PROCMATCH_SOURCES_UTDANNING_URL": f"{url}/finnlarebedrift/bedrift",
        "PROCMATCH_SOURCES_INNOVASJON_NORGE_URL": f"{url}/tildelingsrapport/Tildelinger.csv",
        "PROCMATCH_SOURCES_SMILEFJES_URL": f"{url}/smilefjes-tilsyn.csv",
        "PROCMATCH_SOURCES_DEBIO_URL": f"{url}/api/acm/companies",
        "PROCMATCH_REQUESTS_PER_SECOND": "200",
    }


@pytest.mark.slow
def test_all_lists_come_into_the_store_over_a_bad_line_and_then_nothing_is_new(
    tmp_path: Path,
) -> None:
    database = f"sqlite:///{tmp_path / 'crawl.db'}"
    store = open_store(database, create=True)
    faults = Faults(busy_evidence=True, cut_evidence=True)
    with StandIn(sample_world(date(2026, 6, 1)), faults=faults) as server:
        environment = os.environ | addresses(server.url)

        def crawl(source: str) -> str:
            command = [sys.executable, "-m", "procmatch.cli", "--database", database]
            done = subprocess.run(
                [*command, "crawl", source],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, done.stderr) == (0, "")
            return done.stdout

        first = [crawl(source) for source in evidence.SOURCES]
        again = [crawl(source) for source in ("renhold", "larebedrift", "smilefjes")]
    assert not [line for line in first if " 0 new" in line or " 0 set aside" not in line]
    assert all(" 0 new, 0 changed, 0 set aside" in line for line in again)
    found = {row["source"]: row["nobody"] for row in evidence_overview(store)}
    assert set(found) == set(evidence.SOURCES)
    store.close()
