"""A real purchase of meeting food on its page: one contract against its ten parts, and why."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from procmatch.insight.naming import kind_named
from procmatch.model.organisation import Organisation
from procmatch.settings import Mail, Settings
from procmatch.sources import eforms, enhetsregisteret_csv
from procmatch.store import notices as stored_notices
from procmatch.store import open_store, organisations
from procmatch.text.messages import LANGUAGES, Message, say
from procmatch.web import create_app
from procmatch.workflows import link

NOTICE = "2023-307227"
DAY = datetime(2023, 10, 5, 12, tzinfo=UTC)
PAGE = f"/tender/{NOTICE}/what-if"

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def site(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The notice and 3200 units of the register, as pages."""
    register = shared_data / "suppliers" / "brreg" / "enheter_real_no_enk.csv"
    with register.open(encoding="utf-8-sig", newline="") as lines:
        units = [
            unit
            for unit in enhetsregisteret_csv.read_units(lines)
            if isinstance(unit, Organisation)
        ]
    notice = eforms.read((shared_data / "tenders" / "doffin_xml" / f"{NOTICE}.xml").read_bytes())
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('real') / 'real.db'}", create=True)
    with store.begin() as connection:
        organisations.save_organisations(connection, units)
        stored_notices.save(connection, notice, "a" * 64)
    link.link(store)
    settings = Settings(secret_key="s", mail=Mail(public_url="https://treff.example"))
    with TestClient(create_app(settings, store=store, clock=lambda: DAY)) as client:
        yield client
    store.close()


def figures(page: str) -> list[int]:
    """The three figures at the top: small firms for all in one, for a part, and who comes in."""
    found = re.search(r'<dl class="figures">(.*?)</dl>', page, re.DOTALL)
    assert found
    return [int(number) for number in re.findall(r"<dd>(\d+)</dd>", found[1])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_parts_let_more_small_firms_bid_and_the_page_says_how_many_and_why(
    site: TestClient, language: str
) -> None:
    page = html.unescape(site.get(PAGE, params={"lang": language}).text)
    in_one, in_parts, joined = figures(page)
    assert 0 < in_one < in_parts
    assert 0 < in_parts - in_one <= joined
    rows = site.get(PAGE, params={"lang": language, "format": "json"}).json()
    assert len(rows) == joined
    # Why: each of them lacks some of the goods for the whole, and that is said with its count.
    why = Message(
        "What kept {many} of them out of the whole: {what}",
        (("many", joined), ("what", kind_named("goods"))),
    )
    assert say(why, language) in page
    more = Message(
        "That is {firms} more who could bid, {small} more of them small.",
        (("firms", joined), ("small", in_parts - in_one)),
    )
    assert say(more, language) in page


def test_who_comes_in_is_named_with_its_parts_and_what_it_lacks(site: TestClient) -> None:
    page = html.unescape(site.get(PAGE, params={"lang": "nb"}).text)
    rows = site.get(PAGE, params={"lang": "nb", "format": "json"}).json()
    assert rows
    for row in rows:
        assert row["name"] in page
        assert row["parts"].startswith("PAR-")
        assert row["lacks"] in page


def test_the_whole_and_each_of_the_ten_parts_stand_behind_the_chart(site: TestClient) -> None:
    page = site.get(PAGE, params={"lang": "nb"}).text
    table = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert table
    rows = re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL)
    assert len(rows) == 1 + 10
