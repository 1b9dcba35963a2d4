"""Names and texts from sources that mean harm: no page, file, report or header carries the harm on.

A notice is read from strangers, and a firm chooses its own name: markup, formulas, climbing paths,
line breaks and characters that turn the direction of writing stand in every field that is free.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from procmatch.model.notice import Lot, Notice, NoticeKind, OrganisationRef
from procmatch.model.values import Place, Text
from procmatch.settings import Mail, Settings
from procmatch.store import Store, open_store, organisations
from procmatch.store import notices as stored_notices
from procmatch.web import create_app
from procmatch.web.report import write_report
from procmatch.workflows import link, match
from tests.workflows.conftest import NOW, places
from tests.workflows.test_news import unit

EVIL = (
    '=HYPERLINK("http://x") <script>alert(1)</script> \u202egnp.exe\u202c {{ 7 * 7 }}'
    "\r\nSet-Cookie: x"
)
TOWN, BAKER = "310000009", "310000027"
KEY = "../../2026-<b>9</b>"
SETTINGS = Settings(secret_key="s", mail=Mail(public_url="https://treff.example"))
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def text(said: str) -> Text:
    return Text(versions=(("NOR", said),))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('evil') / 'evil.db'}", create=True)
    lot = Lot(
        id="LOT-0001",
        title=text(EVIL),
        description=text(f"Brød. {EVIL}"),
        cpv_main="15811000",
        places=(Place(municipality="9803", city=EVIL),),
        deadline=NOW.replace(year=NOW.year + 1),
    )
    notice = Notice(
        source="doffin",
        source_id=KEY,
        notice_id="00000000-0000-4000-8000-000000000009",
        version="01",
        kind=NoticeKind.COMPETITION,
        title=text(EVIL),
        buyers=(OrganisationRef(name=f"STORFJORD KOMMUNE {EVIL}", number=TOWN),),
        dispatched_at=NOW,
        lots=(lot,),
    )
    with opened.begin() as connection:
        organisations.save_codes(connection, list(places()))
        organisations.save_organisations(
            connection,
            [
                unit(TOWN, f"STORFJORD KOMMUNE {EVIL}", "KOMM"),
                unit(BAKER, f"{EVIL} BAKERI AS", "AS", activity=f"Baking av brød. {EVIL}"),
            ],
        )
        stored_notices.save(connection, notice, "a" * 64)
    link.link(opened)
    match.match(opened, settings=SETTINGS, clock=lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def site(store: Store) -> TestClient:
    return TestClient(create_app(SETTINGS, store=store, clock=lambda: NOW))


AT = f"/tender/{quote(KEY, safe='')}"
PAGES = (
    "/", "/tenders", "/search?q=bakeri", AT, f"{AT}/suppliers?lot=LOT-0001",
    f"{AT}/what-if?way=value", f"/supplier/{BAKER}", "/need?q=brød", f"/subscribe?org={BAKER}",
    "/municipality/9803", "/municipality/9803/leader", "/municipality/9803/purchaser",
    "/municipality/9803/unit?q=brød", "/municipality/9803/food",
    f"/municipality/9803/invitation?tender={quote(KEY, safe='')}&lot=LOT-0001",
)  # fmt: skip


def harmless(body: str, where: str) -> None:
    for harmful in ("<script>alert", "<b>9</b>", "{{ 7", ">49<"):
        assert harmful not in body.replace("{{ 7 * 7 }}", ""), (where, harmful)
    assert not BIDI.search(body), where


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_hostile_names_is_a_page_of_names(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code in {200, 404}, path
    assert "set-cookie" not in answer.headers
    harmless(answer.text, path)


def test_the_pages_show_what_is_hostile_at_all(site: TestClient) -> None:
    assert "HYPERLINK" in site.get(f"/supplier/{BAKER}").text
    assert "HYPERLINK" in site.get("/tenders").text


@pytest.mark.parametrize("path", ["/need?q=brød", "/tenders?q=brød"])
def test_a_file_of_hostile_names_runs_nothing(site: TestClient, path: str) -> None:
    answer = site.get(f"{path}&format=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len(rows) > 1
    cells = [cell for row in rows for cell in row if cell]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r\n"]
    header = answer.headers["content-disposition"]
    assert "\r" not in header
    assert "\n" not in header


def test_a_report_writes_nothing_outside_its_folder(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er" / "report"
    folder.parent.mkdir(parents=True)
    write_report(SETTINGS, "9803", folder, clock=lambda: NOW, store=store)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert all(path.parent == folder for path in written)
    for path in folder.glob("*.html"):
        assert re.fullmatch(r"[a-z0-9-]+\.html", path.name)
        harmless(path.read_text("utf-8"), path.name)
