"""Which firms a page showed is noted, without who looked or what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from procmatch.model.organisation import OrgId
from procmatch.model.shown import Shown
from procmatch.store import Store
from procmatch.web.report import write_report
from procmatch.workflows.equal_treatment import forget_shown, was_shown
from tests.web.conftest import SETTINGS
from tests.web.test_draft_page import DRAFT
from tests.workflows.conftest import NOW

LISTED = re.compile(r'href="[^"]*/supplier/(\d{9})')
Noted = Callable[[], list[Shown]]


@pytest.fixture
def noted(site: TestClient, matched: Store) -> Noted:
    """Return what gives the lists noted since the test began."""
    log = site.app.state.context.shown  # type: ignore[attr-defined]

    def since() -> list[Shown]:
        log.flush()
        return [one.list for one in was_shown(matched)]

    log.flush()
    forget_shown(matched, days=-1, clock=lambda: NOW)
    assert not since()
    return since


def numbers(orgs: tuple[OrgId, ...]) -> list[str]:
    return [org.number for org in orgs]


@pytest.mark.parametrize(
    ("address", "kind", "asked"),
    [
        ("/need?q=brød+og+kaker&place=9801", "need", "9801"),
        ("/municipality/9801/unit?q=brød+og+kaker", "unit", "9801"),
        ("/search?q=brød+og+kaker", "search", "158"),
    ],
)
def test_a_page_of_firms_is_noted_in_its_order(
    site: TestClient, noted: Noted, address: str, kind: str, asked: str
) -> None:
    page = site.get(address)
    (one,) = noted()
    assert one.kind == kind
    assert asked in one.asked
    assert "brød" not in one.asked
    assert one.whole >= len(one.firms) > 0
    assert numbers(one.firms) == list(dict.fromkeys(LISTED.findall(page.text)))


@pytest.fixture(scope="session")
def tender(site: TestClient) -> str:
    """An open tender for whose lots there are firms."""
    for one in site.get("/api/tenders").json():
        key = one["notice"]
        if site.get(f"/api/tenders/{key}/lots/{one['lots'][0]['id']}/suppliers").json():
            return str(key)
    raise AssertionError("no tender has firms")


def test_a_tender_notes_the_first_firms_of_each_lot(
    site: TestClient, noted: Noted, tender: str
) -> None:
    page = site.get(f"/tender/{tender}")
    found = noted()
    assert found
    assert {one.kind for one in found} == {"tender"}
    assert all(one.asked.startswith(tender) for one in found)
    assert {org for one in found for org in numbers(one.firms)} <= set(LISTED.findall(page.text))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_notes_the_whole_list(
    site: TestClient, noted: Noted, tender: str, form: str
) -> None:
    page = site.get(f"/tender/{tender}/suppliers?format={form}")
    (one,) = noted()
    assert one.whole == len(one.firms)
    at = [page.text.index(number) for number in numbers(one.firms)]
    assert at == sorted(at)


def test_the_api_notes_what_it_gives_out(site: TestClient, noted: Noted) -> None:
    given = site.get("/api/need?q=brød+og+kaker&place=9801").json()
    (one,) = noted()
    assert numbers(one.firms) == [row["number"] for row in given]


def test_firms_that_a_division_lets_in_are_noted_with_their_own_order(
    site: TestClient, noted: Noted, tender: str
) -> None:
    lot = site.get(f"/api/tenders/{tender}").json()["lots"][0]["id"]
    page = site.get(f"/tender/{tender}/what-if?lot={lot}&way=value&parts=4")
    named = LISTED.findall(page.text)
    found = noted()[::-1]
    assert [number for one in found for number in numbers(one.firms)] == named
    assert all(one.kind == "split" and "small" in one.ordered_by for one in found)


def test_of_a_draft_nothing_is_noted(site: TestClient, noted: Noted) -> None:
    assert site.post("/draft", data={"text": DRAFT, "place": "Brattdal"}).status_code == 200
    assert not noted()


def test_a_report_notes_the_lists_in_it(matched: Store, noted: Noted, tmp_path: Path) -> None:
    write_report(SETTINGS, "9801", tmp_path / "out", clock=lambda: NOW, store=matched)
    assert "unit" in {one.kind for one in noted()}


def test_a_list_of_nobody_is_no_list(site: TestClient, noted: Noted) -> None:
    site.get("/need?q=brød&place=9801&radius=10&evidence=innovative&small=1&cpv=98370000")
    assert all(one.firms for one in noted())
