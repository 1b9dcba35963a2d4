"""Every kind of page: accessible, light, nothing from elsewhere, at home on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

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
    "whose firm": "/you",
    "a firm's own word": "/you?org=359056079",
    "a wrong link": "/confirm/x.y",
    "nothing here": "/tender/nothing",
    "a wrong place": "/need?q=potet&place=Atlantis",
}


#: Of axe's rules those that hang on colours: all that night may change.
BY_NIGHT = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
AXE = Axe()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page as it was opened: what it took to load it, and how it stood on a phone.

    Attributes:
        page: still open, at a desk. weight: bytes of all answers. hosts: that gave them.
        here: our own. fits: nothing was wider than a phone.
    """

    page: Page
    weight: int
    hosts: frozenset[str]
    here: str
    fits: bool


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str) -> Iterator[Callable[[str], Seen]]:
    """Return what opens a page; each is opened once, for all that is asked of it."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})

    @cache
    def look(path: str) -> Seen:
        page = context.new_page()
        answers: list[Response] = []

        def note(answer: Response) -> None:
            answers.append(answer)

        page.on("response", note)
        # No page has a script: when it is loaded, nothing more is asked for.
        page.goto(f"{path}{'&' if '?' in path else '?'}lang=nb", wait_until="load")
        loaded = list(answers)
        page.set_viewport_size({"width": 320, "height": 640})
        fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.set_viewport_size({"width": 1280, "height": 800})
        return Seen(
            page=page,
            weight=sum(len(answer.body()) for answer in loaded if answer.status != 303),
            hosts=frozenset(urlsplit(answer.url).netloc for answer in loaded),
            here=urlsplit(page.url).netloc,
            fits=fits,
        )

    yield look
    context.close()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_no_violation_by_day_or_night(seen: Callable[[str], Seen], path: str) -> None:
    page = seen(path).page
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for scheme, rules in (("light", RULES), ("dark", BY_NIGHT)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = AXE.run(page, options=rules)
        assert "color-contrast" in {rule["id"] for rule in found.response["passes"]}, scheme
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_is_light_takes_nothing_from_elsewhere_and_fits_a_phone(
    seen: Callable[[str], Seen], path: str
) -> None:
    found = seen(path)
    assert 0 < found.weight < _BUDGET
    assert found.hosts == {found.here}
    assert found.fits


def test_no_page_has_a_script(seen: Callable[[str], Seen]) -> None:
    for path in PAGES.values():
        assert not seen(path).page.query_selector("script"), path


@pytest.mark.parametrize("kind", ["leader", "need", "trends", "leakage"])
def test_on_paper_tables_are_whole_and_menus_and_forms_are_left_out(
    new_page: Open, kind: str
) -> None:
    page = new_page(f"{PAGES[kind]}{'&' if '?' in PAGES[kind] else '?'}lang=nb", width=680)
    for details in page.query_selector_all("details"):
        details.evaluate("one => one.open = true")
    page.emulate_media(media="print")
    tables = page.query_selector_all("table")
    assert tables
    for table in tables:
        assert table.evaluate("one => one.scrollWidth <= one.parentElement.clientWidth")
    for left_out in ("header.top", "form", ".exports", ".onward"):
        for one in page.query_selector_all(left_out):
            assert not one.is_visible(), left_out


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("place", ["9802", "9803"])
def test_the_leaders_page_is_one_sheet(new_page: Open, place: str, language: str) -> None:
    page = new_page(f"/municipality/{place}/leader?lang={language}", width=1280)
    sheets = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", sheets)) == 1
    assert b"/MediaBox [0 0 594.95" in sheets, "A4"


def test_on_paper_a_list_says_what_was_asked_for(new_page: Open) -> None:
    page = new_page("/need?group=vegetables&place=Myrland&lang=nb", width=680)
    asked = page.locator("p.paper")
    assert not asked.is_visible()
    page.emulate_media(media="print")
    for said in ("Det du trenger: Grønnsaker og poteter", "Myrland", "50 km"):
        assert said in asked.inner_text()
