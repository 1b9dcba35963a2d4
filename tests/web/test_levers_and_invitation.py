"""What a buyer may do by law, and an invitation that goes to all."""

from __future__ import annotations

import html
import re

import pytest
from fastapi.testclient import TestClient

from procmatch.insight.equal import LEVERS, invitation
from procmatch.insight.rules import latest_known
from procmatch.text.messages import LANGUAGES, say
from procmatch.web.pages.levers import LEVER_NAMES, TOOLS
from tests.workflows.conftest import NOW

LEVERS_PAGE = "/municipality/9803/levers"
INVITATION = "/municipality/9803/invitation"
ASKED = {
    "what": "brød til skolene",
    "buyer": "Brattdal kommune",
    "reply_to": "post@brattdal.example",
    "until": "2026-09-01",
}


def shown(text: str) -> str:
    """Return the paragraphs of the letter on a page, as the file has them."""
    letter = re.search(r'<div class="letter">(.*?)</div>', text, re.DOTALL)
    assert letter
    return html.unescape("\n\n".join(re.findall(r"<p>(.*?)</p>", letter[1], re.DOTALL)) + "\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_lever_stands_with_its_law_and_how_sure_it_is(site: TestClient, language: str) -> None:
    text = html.unescape(site.get(f"{LEVERS_PAGE}?lang={language}").text)
    for lever in LEVERS:
        assert say(lever.said, language) in text
        for rule in lever.laws(NOW.date()):
            assert say(rule.cited, language) in text
            assert say(rule.confirmed, language) in text


def test_that_place_may_never_decide_stands_first_with_its_law(site: TestClient) -> None:
    text = html.unescape(site.get(f"{LEVERS_PAGE}?lang=en").text)
    never = latest_known("no_local_demand", NOW.date())
    assert never
    assert text.index(say(never.meaning, "en")) < text.index(say(LEVERS[0].said, "en"))


def test_every_lever_has_a_name_and_every_tool_is_there(site: TestClient) -> None:
    assert LEVER_NAMES.keys() == {lever.key for lever in LEVERS}
    assert TOOLS.keys() <= LEVER_NAMES.keys()
    text = site.get(f"{LEVERS_PAGE}?lang=nb").text
    for path, _said in TOOLS.values():
        found = re.search(rf'href="({re.escape(path.format(number="9803"))}[^"]*)"', text)
        assert found, path
        assert site.get(html.unescape(found[1])).status_code == 200


def test_the_levers_go_out_as_a_list_of_rules(site: TestClient) -> None:
    rows = site.get(f"{LEVERS_PAGE}?format=json&lang=en").json()
    assert len(rows) == sum(len(lever.laws(NOW.date())) for lever in LEVERS)
    assert all(row["law"] and row["confirmed"] for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_the_text_of_the_library_and_gives_it_as_a_file(
    site: TestClient, language: str
) -> None:
    answer = site.post(f"{INVITATION}?lang={language}", data=ASKED)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    text = invitation(
        what=ASKED["what"], buyer=ASKED["buyer"], reply_to=ASKED["reply_to"],
        until=NOW.date().replace(month=9), language=language,
    )  # fmt: skip
    assert shown(answer.text) == text
    file = site.post(f"{INVITATION}?lang={language}", data={**ASKED, "as": "txt"})
    assert file.text == text
    assert "invitation.txt" in file.headers["content-disposition"]


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ("what=poteter", "poteter"),
        ("tender=2026-200105", "Poteter, grønnsaker, frukt og egg"),
        ("tender=2026-200105&lot=LOT-0002", "Ferske grønnsaker og rotvekster"),
    ],
)
def test_it_begins_from_a_need_a_tender_or_a_lot(site: TestClient, asked: str, what: str) -> None:
    text = site.get(f"{INVITATION}?{asked}&lang=nb").text
    assert f'value="{what}"' in text
    assert what in shown(text)
    assert "[adresse for svar]" in shown(text)
    assert ("åpen nå" in text) is ("tender" in asked)


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/need?q=brød&place=Brattdal", r"invitation\?what=br%C3%B8d"),
        ("/tender/2026-200105", r"invitation\?tender=2026-200105"),
        ("/municipality/9803/unit?group=bread", r"invitation\?what="),
        ("/municipality/9803/purchaser", "9803/invitation"),
        ("/municipality/9803/purchaser", "9803/levers"),
        ("/municipality/9803/leader", "9803/levers"),
        ("/municipality/9803", "9803/levers"),
    ],
)
def test_the_doors_lead_there(site: TestClient, path: str, link: str) -> None:
    assert re.search(link, site.get(path, params=None).text), (path, link)


@pytest.mark.parametrize("until", ["i morgen", "2026-02-31", "", "9999999-01-01"])
def test_a_day_that_is_none_is_said(site: TestClient, until: str) -> None:
    answer = site.post(f"{INVITATION}?lang=nb", data={**ASKED, "until": until})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="Brattdal kommune"' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"{INVITATION}?tender=9",
        f"{INVITATION}?tender=2026-200105&lot=LOT-9",
        "/municipality/0000/levers",
    ],
)
def test_what_is_not_there_is_said(site: TestClient, path: str) -> None:
    assert site.get(path).status_code == 404


def test_markup_and_line_breaks_in_it_stay_text(site: TestClient) -> None:
    evil = {**ASKED, "what": "<script>alert(1)</script>", "buyer": "x\r\nSet-Cookie: y=1"}
    page = site.post(f"{INVITATION}?lang=nb", data=evil)
    assert "<script>" not in page.text
    file = site.post(f"{INVITATION}?lang=nb", data={**evil, "as": "txt"})
    assert "set-cookie" not in file.headers
    assert file.headers["content-type"].startswith("text/plain")
    assert file.headers["x-content-type-options"] == "nosniff"
