"""The sources of evidence as the stand-in plays them are read without a remark."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date

import pytest

from procmatch.demo.standins.content import sample_world
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.server import StandIn
from procmatch.demo.world import evidence as world_rows
from procmatch.sources import evidence

PATHS = {
    "renhold": "/renhold_register.xml",
    "sentral-godkjenning": "/api/enterprises.json",
    "larebedrift": "/finnlarebedrift/bedrift?sporring_type=bedrifter_godkjente&fag=BATMF3&page=1",
    "innovasjon-norge": "/tildelingsrapport/Tildelinger.csv",
    "frivillighet": "/frivillighetsregisteret/api/lastned/csv",
    "smilefjes": "/smilefjes-tilsyn.csv",
    "debio": "/api/acm/companies",
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with StandIn(sample_world(date(2026, 6, 1)), faults=Faults.none()) as server:
        yield server.url


def get(url: str, agent: str = "procmatch test") -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": agent})
    with urllib.request.urlopen(request) as answer:
        body: bytes = answer.read()
        return body


@pytest.mark.parametrize("source", PATHS)
def test_every_list_is_read_whole(site: str, source: str) -> None:
    found = evidence.read(source, "BATMF3 1", get(site + PATHS[source]))
    assert found.rows
    assert found.unread == ()


def test_both_forms_of_the_cleaning_register_list_the_same_firms(site: str) -> None:
    now = evidence.read("renhold", "all", get(f"{site}/renhold_register.xml"))
    earlier = evidence.read("renhold", "all", get(f"{site}/opendata/renhold.xml"))
    assert {row.number for row in now.rows} == {row.number for row in earlier.rows}


@pytest.mark.parametrize("path", ["/renhold_register.xml", "/opendata/renhold.xml"])
def test_a_caller_without_a_name_is_shut_out(site: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(site + path, agent="")


def test_one_approval_by_number_and_none_for_another(site: str) -> None:
    rows = [row for row in world_rows() if row["kind"] == "central_approval" and row["number"]]
    number = rows[0]["number"]
    (found,) = evidence.read(
        "sentral-godkjenning", number, get(f"{site}/api/enterprises/{number}")
    ).rows
    assert found.number == number
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{site}/api/enterprises/999601391")


def test_pages_of_a_trade_follow_each_other_and_another_trade_is_empty(site: str) -> None:
    first = evidence.read("larebedrift", "BATMF3 1", get(site + PATHS["larebedrift"]))
    assert first.pages > 1
    path = PATHS["larebedrift"]
    second = evidence.read("larebedrift", "BATMF3 2", get(site + path.replace("page=1", "page=2")))
    assert {row.key for row in first.rows}.isdisjoint(row.key for row in second.rows)
    other = evidence.read("larebedrift", "X 1", get(site + path.replace("BATMF3", "ELELE3")))
    assert (other.rows, other.pages) == ((), 1)
