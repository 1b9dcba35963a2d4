"""A draft is kept only for who asks, under a private link, and is gone when told to or in time."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from procmatch.settings import Jobs
from procmatch.store import Store
from procmatch.store.insight_tables import kept_drafts
from procmatch.web import create_app
from procmatch.workflows import kept_drafts as workflow
from procmatch.workflows.upkeep import clean_up
from tests.sources.test_draft import docx, paragraphs
from tests.web.conftest import SETTINGS
from tests.web.test_draft_page import DRAFT
from tests.workflows.conftest import NOW

EASIER = DRAFT.replace(
    "Leverandøren skal ha en årlig omsetning på minst 20 millioner kroner.\n", ""
)
CELL = re.compile(r'<td class="n">([^<]*)</td>')


def kept(matched: Store) -> int:
    with matched.read() as connection:
        return connection.scalar(select(func.count()).select_from(kept_drafts)) or 0


@pytest.fixture
def path(site: TestClient) -> str:
    """The private address of a draft that was just kept."""
    answer = site.post(
        "/draft?lang=nb",
        data={"text": DRAFT, "place": "Brattdal", "keep": "1"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_who_asks_gets_a_private_link_to_the_draft(site: TestClient, path: str) -> None:
    page = site.get(path)
    assert page.status_code == 200
    assert "Utkastet er tatt vare på til 30. august 2026" in page.text
    assert "10,0 ganger kontraktens verdi" in page.text
    assert "Ferskt brød til skoler og sykehjem" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_who_does_not_ask_leaves_nothing(site: TestClient, matched: Store) -> None:
    before = kept(matched)
    assert "Ta vare på utkastet" in site.post("/draft?lang=nb", data={"text": DRAFT}).text
    assert kept(matched) == before


def test_what_cannot_be_read_is_not_kept(site: TestClient, matched: Store) -> None:
    before = kept(matched)
    for text in ("", "%PDF-1.7"):
        assert site.post("/draft", data={"text": text, "keep": "1"}).status_code == 400
    assert kept(matched) == before


def test_a_newer_text_shows_what_it_changes_and_takes_the_place(
    site: TestClient, path: str, matched: Store
) -> None:
    page = site.post(path, data={"text": EASIER, "place": "Brattdal"})
    assert "Hva den nye teksten endrer" in page.text
    table = page.text.split("Hva den nye teksten endrer", 2)[2]
    before, after = (int(cell) for cell in CELL.findall(table)[:2])
    assert after >= before
    again = site.get(path).text
    assert "20 millioner" not in again
    assert "ISO 9001" in again


def test_a_newer_text_that_cannot_be_read_leaves_the_kept_one(site: TestClient, path: str) -> None:
    assert site.post(path, files={"file": ("x.docx", b"PK\x03\x04broken")}).status_code == 400
    assert "Ferskt brød" in site.get(path).text


def test_deleted_is_gone(site: TestClient, path: str, matched: Store) -> None:
    before = kept(matched)
    address, _, asked = path.partition("?")
    page = site.post(f"{address}/delete?{asked}")
    assert page.status_code == 200
    assert "Utkastet er slettet" in page.text
    assert kept(matched) == before - 1
    assert site.get(path).status_code == 404
    assert site.post(path, data={"text": DRAFT}).status_code == 404


def test_nobody_comes_to_it_with_another_link(site: TestClient, path: str) -> None:
    address = path.partition("?")[0]
    assert site.get(address[:-2] + "xx").status_code == 403
    assert site.post(address[:-2] + "xx/delete").status_code == 403
    assert site.get("/draft/kept/x").status_code == 403


def test_its_time_ends(path: str, matched: Store) -> None:
    later = NOW + timedelta(days=91)
    with TestClient(create_app(SETTINGS, store=matched, clock=lambda: later)) as after:
        assert after.get(path).status_code == 403
    before = kept(matched)
    assert clean_up(matched, settings=Jobs(), clock=lambda: later)["drafts"] == before
    assert kept(matched) == 0


def test_of_a_word_file_the_words_alone_are_kept(matched: Store) -> None:
    body = docx(paragraphs(*DRAFT.splitlines()))
    key, _ = workflow.keep_draft(matched, body, place="9801", days=1, clock=lambda: NOW)
    found = workflow.kept_draft(matched, key, clock=lambda: NOW)
    assert found.body.decode().startswith("Rammeavtale mat")
    assert found.place == "9801"


def test_the_store_alone_opens_no_link(matched: Store, path: str) -> None:
    with matched.read() as connection:
        keys = connection.scalars(select(kept_drafts.c.key)).all()
    assert not [key for key in keys if key in path]


def test_there_is_an_end_to_what_is_kept(
    site: TestClient, matched: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow, "_MOST_BYTES", 10)
    before = kept(matched)
    answer = site.post("/draft", data={"text": DRAFT, "keep": "1"})
    assert answer.status_code == 400
    assert "no room" in answer.text
    assert kept(matched) == before


def test_without_a_secret_nothing_is_offered(matched: Store) -> None:
    bare = msgspec.structs.replace(SETTINGS, secret_key="")
    with TestClient(create_app(bare, store=matched, clock=lambda: NOW)) as site:
        assert 'name="keep"' not in site.get("/draft").text
        answer = site.post("/draft", data={"text": DRAFT, "keep": "1"}, follow_redirects=False)
        assert answer.status_code == 200


def test_a_part_that_is_new_or_gone_is_told(site: TestClient, path: str) -> None:
    one = DRAFT.replace("Lot 2: Fisk\nFersk fisk. Verdi 3 millioner kroner.\n", "")
    page = site.post(path, data={"text": one, "place": "Brattdal"})
    assert page.status_code == 200
    table = page.text.split("Hva den nye teksten endrer", 2)[2].partition("</table>")[0]
    assert "Fisk" in table
