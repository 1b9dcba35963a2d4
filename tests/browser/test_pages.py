"""Every kind of page: accessible, light, nothing from elsewhere, at home on a phone."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Response

from tests.browser.conftest import RULES, Open

_BUDGET = 150_000
#: One of each kind of page.
PAGES = {
    "home": "/",
    "search": "/search?q=brød",
    "tenders": "/tenders?q=mat",
    "tender": "/tender/2026-200105",
    "one contract for all": "/tender/2026-200103",
    "firms for a lot": "/tender/2026-200105/suppliers?lot=LOT-0002",
    "what if": "/tender/2026-200103/what-if?way=product",
    "supplier": "/supplier/359056079",
    "need": "/need?group=vegetables&place=Myrland",
    "need without a place": "/need?q=potet",
    "municipalities": "/municipality",
    "municipality": "/municipality/9801",
    "leader": "/municipality/9803/leader",
    "purchaser": "/municipality/9803/purchaser",
    "unit": "/municipality/9803/unit?group=bread",
    "trends": "/municipality/9803/trends",
    "trends by kind": "/municipality/9802/trends?of=ledger&by=category",
    "leakage": "/municipality/9802/leakage",
    "no ledger yet": "/municipality/9803/leakage",
    "levers": "/municipality/9803/levers",
    "invitation": "/municipality/9803/invitation?what=brød",
    "food": "/municipality/9803/food",
    "draft": "/draft?place=Brattdal",
    "guide": "/guide/food",
    "data": "/about",
    "subscribe": "/subscribe",
    "subscribe as a firm": "/subscribe?org=359056079",
    "a wrong link": "/confirm/x.y",
    "nothing here": "/tender/nothing",
    "a wrong place": "/need?q=potet&place=Atlantis",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_no_violation_by_day_or_night(new_page: Open, path: str) -> None:
    page = new_page(f"{path}{'&' if '?' in path else '?'}lang=nb")
    for details in page.query_selector_all("details"):
        details.evaluate("one => one.open = true")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_is_light_takes_nothing_from_elsewhere_and_fits_a_phone(
    new_page: Open, path: str
) -> None:
    page = new_page("about:blank")
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert sum(len(answer.body()) for answer in answers if answer.status != 303) < _BUDGET
    here = urlsplit(page.url).netloc
    assert {urlsplit(answer.url).netloc for answer in answers} == {here}
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
