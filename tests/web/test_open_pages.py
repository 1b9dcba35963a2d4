"""Pages that say the same to everybody: tenders, firms, the data; and lists as files."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient

from procmatch.demo.world.register import rows
from procmatch.insight.food import food_groups
from procmatch.insight.organic import FoodKind, goals
from procmatch.insight.rules import kind_said, known_rules
from procmatch.insight.supply import Within
from procmatch.insight.work import Work, estimates, ways_to_keep_work_low
from procmatch.model.organisation import Evidence
from procmatch.settings import Mail, Settings
from procmatch.store import Store
from procmatch.text.messages import LANGUAGES, say
from procmatch.web import create_app
from procmatch.web.api_shapes import depth_out
from procmatch.web.pages.supplier import said_more
from procmatch.workflows.supply import NeedAsked, supply_of
from tests.workflows.conftest import NOW, world_file, world_store  # noqa: F401 - fixtures
from tests.workflows.test_news import unit

SETTINGS = Settings(secret_key="s", mail=Mail(public_url="https://treff.example"))
BAKERY = next(row["number"] for row in rows("suppliers") if row["name"] == "HAVNESET BAKERI AS")
SOLE = unit("310000035", "KARI BAKER", "ENK", activity="Bakst")
FOOD = "2026-200105"


def test_one_box_finds_a_tender_a_firm_and_a_place(site: TestClient) -> None:
    for words, address in ((FOOD, f"/tender/{FOOD}"), (BAKERY, f"/supplier/{BAKERY}")):
        answer = site.get("/search", params={"q": words, "lang": "nb"}, follow_redirects=False)
        assert answer.headers["location"] == f"{address}?lang=nb"
    assert "/municipality/9801?lang=nb" in site.get("/search?q=Havneset&lang=nb").text
    text = site.get("/search?q=brød og rundstykker&lang=nb").text
    assert "HAVNESET BAKERI AS" in text


@pytest.mark.parametrize(
    "path",
    ["/", "/municipality/9801/leader", f"/tender/{FOOD}/suppliers", f"/tender/{FOOD}/what-if"],
)
def test_markup_of_ours_is_never_escaped_by_mistake(site: TestClient, path: str) -> None:
    text = site.get(f"{path}?lang=nn").text
    assert 'lang="nn" aria-current="true"' in text
    assert "=&#34;" not in text


def test_tenders_can_be_narrowed_down(site: TestClient) -> None:
    def keys(query: str) -> list[str]:
        return [row["notice"] for row in site.get(f"/tenders?format=json&{query}").json()]

    every = keys("")
    assert len(every) == 15
    assert FOOD in keys("q=potet")
    assert FOOD not in keys("q=programvare")
    assert set(keys("cpv=03")) < set(every)
    assert 0 < len(keys("reserved=1")) < len(every)
    assert set(keys("place=Lillevik")) < set(every)
    answer = site.get("/tenders?place=Atlantis&lang=nb")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="Atlantis"' in answer.text


def test_a_tender_shows_lots_requirements_versions_and_who_could_bid(
    site: TestClient,
) -> None:
    text = site.get(f"/tender/{FOOD}?lang=nb").text
    for said in ("Ferske grønnsaker og rotvekster", "MYRLAND POTET AS", "Anbud kunngjort"):
        assert said in text
    assert "kan verken være et krav eller et tildelingskriterium" in text


def test_the_whole_list_is_there_in_the_order_shown(site: TestClient) -> None:
    address = f"/tender/{FOOD}/suppliers?lot=LOT-0002&lang=nb"
    found = site.get(f"{address}&format=json").json()
    assert [row["rank"] for row in found] == list(range(1, len(found) + 1))
    first, second = site.get(address).text, site.get(f"{address}&page=2").text
    shown = [row["name"] for row in found if row["name"] in first + second]
    assert len(shown) == len(found)


def test_a_firm_is_shown_with_register_evidence_and_what_is_open(site: TestClient) -> None:
    text = site.get(f"/supplier/{BAKERY}?lang=nb").text
    for said in ("HAVNESET BAKERI AS", "Er dette dere?", f"/subscribe?org={BAKERY}", "Brød"):
        assert said in text


def test_who_asked_not_to_be_shown_is_not(matched: Store) -> None:
    quiet = Settings(secret_key="s", hidden=(BAKERY,))
    site = TestClient(create_app(quiet, store=matched, clock=lambda: NOW))
    assert site.get(f"/supplier/{BAKERY}").status_code == 404
    assert "HAVNESET BAKERI" not in site.get("/search?q=brød").text
    assert "HAVNESET BAKERI" not in site.get("/tender/2026-200101").text


def test_what_a_source_says_more_is_shown_and_a_grade_in_words() -> None:
    listed = Evidence(kind="organic_certificate", dimension="green", source="debio", text="REKO")
    seen = replace(listed, kind="food_inspection", text="total_karakter 2",
                   valid_from=date(2026, 3, 4))  # fmt: skip
    assert said_more(listed, "nb") == "REKO"
    assert said_more(seen, "nb") == "strekmunn (brudd som må rettes), 4. mars 2026"
    assert said_more(seen, "en").startswith("straight face")


def test_a_sole_proprietor_is_a_person_and_has_no_page(site: TestClient) -> None:
    for path in (
        "/supplier/310000035",
        "/search?q=310000035",
        "/search?q=Kari+Baker",
        "/need?q=Bakst",
    ):
        answer = site.get(path)
        assert "KARI" not in answer.text, path
    assert site.get("/supplier/310000035").status_code == 404


def test_the_data_page_tells_sources_licences_and_figures(site: TestClient) -> None:
    text = site.get("/about?lang=en").text
    for said in ("NLOD 2.0", "CC BY 4.0", "R@10"):
        assert said in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_data_page_tells_each_rule_of_law_and_how_sure_it_is(
    site: TestClient, language: str
) -> None:
    text = html.unescape(site.get(f"/about?lang={language}").text)
    for rule in known_rules(NOW.date()):
        for told in (rule.title, rule.meaning, rule.cited, rule.confirmed):
            assert say(told, language) in text
        assert all(source.url in text for source in rule.sources)
    assert text.count(say(kind_said("unverified"), language)) == 2  # The table, and one rule.


@pytest.mark.parametrize("path", ["/tender/9", "/supplier/9", "/supplier/310000043", "/nowhere"])
def test_what_is_not_there_is_said_in_words(site: TestClient, path: str) -> None:
    answer = site.get(path, headers={"Accept-Language": "nb"})
    assert answer.status_code == 404
    assert "Her er det ingenting" in answer.text


def tables(site: TestClient, address: str) -> tuple[Any, Any, Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(site.get(f"{address}&format=xlsx").content)).active
    assert sheet is not None
    text = site.get(f"{address}&format=csv").content.decode("utf-8-sig")
    return (
        list(csv.reader(io.StringIO(text))),
        sheet,
        site.get(f"{address}&format=json").json(),
    )


def test_a_list_is_the_same_as_csv_xlsx_and_json(site: TestClient) -> None:
    lines, sheet, found = tables(site, f"/tender/{FOOD}/suppliers?lot=LOT-0002")
    assert lines[0] == list(found[0])
    assert len(lines) == sheet.max_row == len(found) + 1
    assert [line[2] for line in lines[1:]] == [row["name"] for row in found]
    assert json.dumps(found)


def test_a_need_before_any_tender_is_counted_mapped_and_filtered(site: TestClient) -> None:
    address = "/need?group=vegetables&place=Myrland&lang=nb"
    text = site.get(address).text
    for said in ("MYRLAND POTET AS", "<svg", "Tallene som tabell", "Inviter åpent"):
        assert said in text

    def names(more: str) -> set[str]:
        return {row["name"] for row in site.get(f"{address}&format=json{more}").json()}

    every = names("&radius=all")
    assert names("&radius=10") < every
    assert names("&radius=all&evidence=green") < every
    assert site.get("/need?q=potet&place=Atlantis").status_code == 400
    assert site.get("/need?q=potet&cpv=hello").status_code == 400


def test_a_municipality_has_three_doors(site: TestClient) -> None:
    assert site.get("/municipality?q=Brattdal&lang=nb", follow_redirects=False).headers[
        "location"
    ] == ("/municipality/9803?lang=nb")
    assert site.get("/municipality?q=Atlantis").status_code == 400
    text = site.get("/municipality/9803?lang=nb").text
    for door in ("leader", "purchaser", "unit"):
        assert f"/municipality/9803/{door}?lang=nb" in text


def test_the_leaders_page_counts_what_is_unknown(site: TestClient) -> None:
    text = site.get("/municipality/9803/leader?lang=nb").text
    assert "Av 3 kunngjorte tildelinger" in text
    rows_ = site.get("/municipality/9803/leader?format=json&lang=en").json()
    by_number = [row for row in rows_ if row["measure"] == "number of awards"]
    assert {sum(int(row[name]) for name in ("yes", "no", "unknown")) for row in by_number} == {3}


def test_the_purchaser_sees_what_is_locked_and_what_is_out(site: TestClient) -> None:
    text = site.get("/municipality/9803/purchaser?lang=nb").text
    for said in ("Kjøtt", "Kjøttstua AS", "kan gi tilbud", "<svg"):
        assert said in text


def test_a_unit_sees_agreements_limit_and_firms(site: TestClient) -> None:
    text = site.get("/municipality/9803/unit?group=bread&lang=nb").text
    for said in (
        "Brattdal Steinovnsbakeri AS",
        "uten mva. gjelder ikke",
        "BRATTDAL BAKERI AS",
    ):
        assert said in text


def test_the_guide_names_groups_seasons_and_ways_of_dividing(site: TestClient) -> None:
    text = site.get("/guide/food?lang=nb").text
    for said in ("skrei", "etter varegruppe", "Det er ikke lov å kreve mat herfra"):
        assert said in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_municipalitys_food_tells_what_is_organic_with_its_denominator(
    site: TestClient, language: str
) -> None:
    page = site.get(f"/municipality/9803/food?lang={language}")
    assert page.status_code == 200
    for goal in goals():
        assert html.escape(say(goal.said, language), quote=False) in page.text
        assert goal.url in page.text
    rows = site.get("/municipality/9803/food?format=json").json()
    assert {row["organic"] for row in rows} <= {"yes", "unknown"}
    # Every share of the page can be counted again from these rows.
    for kind in FoodKind:
        own = [row for row in rows if row["kind"] == kind.value]
        if own:
            yes = sum(row["count"] for row in own if row["organic"] == "yes")
            whole = sum(row["count"] for row in own)
            said = f">{yes}</td>" in page.text and f">{whole - yes}</td>" in page.text
            assert said, (kind, yes, whole)


def test_a_food_page_leads_to_the_firms_of_each_group(site: TestClient) -> None:
    text = site.get("/municipality/9803/food?lang=nb").text
    for group in food_groups():
        assert f"/need?group={group.key}&amp;place=" in text


def test_dividing_one_contract_for_all_lets_small_firms_in(site: TestClient) -> None:
    text = site.get("/tender/2026-200103/what-if?way=product&lang=nb").text
    for said in ("I én kontrakt", "I 6 deler", "Hvem som kommer til", "<svg"):
        assert said in text
    found = site.get("/tender/2026-200103/what-if?way=product&format=json").json()
    assert found
    assert all(row["lacks"] for row in found)


def test_lots_put_together_are_compared_with_the_lots(site: TestClient) -> None:
    text = site.get(f"/tender/{FOOD}/what-if?lang=nb").text
    assert "Alle deler i én kontrakt, mot delene slik de er" in text


def test_dividing_tells_its_work_with_where_each_figure_comes_from(site: TestClient) -> None:
    for language in LANGUAGES:
        page = site.get(f"/tender/2026-200103/what-if?way=product&lang={language}").text
        for one in estimates(Work(1, 1, 6, 6)):
            assert say(one.what, language) in page
            assert html.escape(say(one.basis, language), quote=False) in page
        for way in ways_to_keep_work_low(()):
            assert html.escape(say(way, language), quote=False) in page


def test_a_contract_is_divided_by_the_units_that_are_named(site: TestClient) -> None:
    units = "units=Skolene,+Brattdal;+Sykehjemmet,+9803;+Barnehagene"
    text = site.get(f"/tender/2026-200103/what-if?way=unit&{units}&lang=nb").text
    assert "I 3 deler" in text
    for name in ("Skolene", "Sykehjemmet", "Barnehagene"):
        assert f"<td>{name}</td>" in text


@pytest.mark.parametrize(
    "query",
    [
        "way=x",
        "way=value&parts=99",
        "way=value&parts=x",
        "way=unit",
        "way=unit&units=Skolen",
        "way=unit&units=Skolen,+Atlantis;+Heimen",
        "way=unit&units=Skolen,+99999999;+Heimen",
        f"way=unit&units={'x;' * 40}",
    ],
)
def test_a_division_that_cannot_be_meant_is_said_so(site: TestClient, query: str) -> None:
    answer = site.get(f"/tender/2026-200103/what-if?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_each_requirement_says_how_many_it_keeps_out(site: TestClient) -> None:
    text = site.get("/tender/2026-200103?lang=nb").text
    assert "bedrifter i nærheten leverer alt dette" in text
    assert "ikke kjent om de oppfyller det" in text


@pytest.mark.parametrize("radius", ["25", "50", "all"])
def test_page_api_and_library_say_the_same_of_how_deep_a_market_is(
    site: TestClient, radius: str
) -> None:
    asked = f"q=brød+og+kaker&place=9801&radius={radius}"
    depth = site.get(f"/api/need/depth?{asked}").json()
    page = site.get(f"/need?{asked}&lang=en").text
    figures = dict(re.findall(r"<dt>(.*?)</dt><dd>([\d,]+)</dd>", page))
    now = site.app.state.context.now  # type: ignore[attr-defined]
    within = Within(place="9801", radius_km=None if radius == "all" else float(radius))
    need = NeedAsked(words="brød og kaker", within=within)
    library = supply_of(now.market, need, clock=lambda: NOW, hidden=now.hidden).depth
    assert depth == asdict(depth_out(library))
    assert depth["firms"] == len(site.get(f"/api/need?{asked}").json()) > 0
    assert f"{depth['firms']} firms could deliver it" in page
    assert figures["small firms"] == str(depth["small"])
    assert figures["of unknown size"] == str(depth["unknown_size"])
    assert figures["with nothing known in the way"] == str(depth["free"])
    bands = re.findall(r"<tr><td>(?:within (\d+) km|in the muni\w+)</td>\D*(\d+)</td>", page)
    assert {km or "0": int(firms) for km, firms in bands} == depth["within"]


def test_where_there_is_little_to_choose_between_it_is_said(site: TestClient) -> None:
    asked = "q=brød&place=9801&radius=10&evidence=innovative&lang=en"
    assert site.get(f"/api/need/depth?{asked}").json()["thin"]
    assert "Few to choose between" in site.get(f"/need?{asked}").text
