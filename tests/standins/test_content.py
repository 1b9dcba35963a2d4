"""The two worlds that a stand-in can serve."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from procmatch.demo import world
from procmatch.demo.standins.content import Content, from_folder, sample_world, shifted
from procmatch.demo.standins.hits import publications
from procmatch.demo.standins.registry_rows import accounts_from_row, unit_from_row
from tests.standins.conftest import Serve
from tests.standins.small import search

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("given", "moved"),
    [
        (b"<a>2026-06-01</a>", b"<a>2026-06-08</a>"),
        (b"<a>2026-06-01Z</a>", b"<a>2026-06-08Z</a>"),
        (b"<a>2026-12-28+01:00</a>", b"<a>2027-01-04+01:00</a>"),
        (b"innen 2026-06-01.", b"innen 2026-06-08."),
        (b"<a>2026-123456</a>", b"<a>2026-123456</a>"),
        (b"<a>2026-13-01</a>", b"<a>2026-13-01</a>"),
        (b"<a>53f57476-0532-42a2-9639</a>", b"<a>53f57476-0532-42a2-9639</a>"),
        (b"<a>12026-06-011</a>", b"<a>12026-06-011</a>"),
    ],
)
def test_only_dates_are_moved(given: bytes, moved: bytes) -> None:
    assert shifted(given, 7) == moved


@pytest.fixture(scope="module")
def sample() -> Content:
    return sample_world(TODAY)


def test_the_sample_world_is_moved_by_whole_weeks(sample: Content) -> None:
    anchor = date.fromisoformat(world.world()["anchor"])
    before = publications(world.notices(), anchor)
    after = publications(sample.notices, TODAY)
    moved = {(after[key].issued_on - one.issued_on).days for key, one in before.items()}
    assert moved == {(TODAY - anchor).days // 7 * 7}


def test_the_sample_world_looks_the_same_any_day_of_a_week() -> None:
    monday = sample_world(TODAY)
    assert TODAY.weekday() == 0
    assert sample_world(TODAY + timedelta(days=6)).notices == monday.notices
    assert sample_world(TODAY + timedelta(days=7)).notices != monday.notices


def test_the_sample_world_has_something_of_everything(sample: Content, serve: Serve) -> None:
    assert sample.units
    assert sample.establishments
    assert sample.towns
    assert sample.cpv
    assert sample.nuts
    assert {row[0] for row in sample.industries} == {"sn2007", "sn2025"}
    assert any(sample.accounts(unit["organisasjonsnummer"]) for unit in sample.units)
    hits = search(serve(sample), numHitsPerPage=100).json()["hits"]
    assert len(hits) > 10
    assert any(hit["status"] == "ACTIVE" for hit in hits)


def test_rows_become_objects_with_absent_keys_for_empty_cells() -> None:
    unit = unit_from_row(
        {
            "organisasjonsnummer": "310279323",
            "organisasjonsform.kode": "AS",
            "antallAnsatte": "7",
            "hjemmeside": "",
            "registrertIMvaRegisteret": "true",
            "forretningsadresse.adresse": "Veien 1",
            "aktivitet": "ord " * 40,
            "_src": "x",
        }
    )
    assert unit["organisasjonsform"] == {"kode": "AS"}
    assert unit["antallAnsatte"] == 7
    assert unit["registrertIMvaregisteret"] is True
    assert unit["forretningsadresse"]["adresse"] == ["Veien 1"]
    assert {"hjemmeside", "_src"}.isdisjoint(unit)
    assert len(unit["aktivitet"]) == 3
    assert max(map(len, unit["aktivitet"])) <= 70


def test_missing_sums_are_absent_from_accounts() -> None:
    columns = [
        *("sum_driftsinntekter", "sum_driftskostnad", "driftsresultat", "sum_finansinntekter"),
        *("sum_finanskostnad", "nettofinans", "ordinaert_resultat_foer_skatt", "aarsresultat"),
        *("totalresultat", "sum_anleggsmidler", "sum_omloepsmidler", "sum_eiendeler"),
        *("innskutt_egenkapital", "sum_egenkapital", "sum_gjeld", "sum_egenkapital_gjeld"),
        *("sum_langsiktig_gjeld", "sum_kortsiktig_gjeld"),
    ]
    row = dict.fromkeys(columns, "") | {
        "organisasjonsnummer": "310279323",
        "regnskapsaar": "2025",
        "sum_eiendeler": "100.0",
    }
    accounts = accounts_from_row(row)
    assert accounts["eiendeler"]["sumEiendeler"] == 100.0
    assert accounts["resultatregnskapResultat"]["driftsresultat"]["driftsinntekter"] == {}


def test_an_empty_folder_is_an_empty_world(tmp_path: Path, serve: Serve) -> None:
    content = from_folder(tmp_path, TODAY)
    assert (content.notices, content.units, content.towns) == ({}, [], [])
    assert search(serve(content)).json() == {
        "numHitsTotal": 0,
        "numHitsAccessible": 0,
        "hits": [],
    }


@pytest.mark.shared
def test_a_folder_of_real_data_is_served(shared_data: Path, serve: Serve) -> None:
    content = from_folder(shared_data, TODAY)
    assert len(content.units) > 3000
    assert len(content.establishments) > 1000
    assert len(content.towns) == 357
    assert len(content.cpv) > 9000
    page = search(serve(content), numHitsPerPage=100).json()
    assert page["numHitsTotal"] == len(page["hits"]) > 40
    assert all(hit["buyer"] and hit["heading"] and hit["cpvCodes"] for hit in page["hits"])


@pytest.mark.shared
def test_hits_of_real_notices_have_the_shape_of_captured_ones(shared_data: Path) -> None:
    captured = shared_data / "tenders" / "doffin_api" / "captured_search-response-page.json"
    real = json.loads(captured.read_text(encoding="utf-8"))["hits"]
    made = [
        one.hit for one in publications(from_folder(shared_data, TODAY).notices, TODAY).values()
    ]
    kinds = {name: {type(hit[name]) for hit in [*real, *made]} for name in real[0]}
    assert {tuple(hit) for hit in made} == {tuple(real[0])}
    for name, types in kinds.items():
        assert len(types - {type(None)}) <= 1, f"{name} is sometimes {types}"


@pytest.mark.shared
def test_winners_of_real_notices_are_the_known_ones(shared_data: Path) -> None:
    folder = shared_data / "tenders" / "doffin_xml"
    known: dict[str, set[str]] = {}
    with (folder / "result_parties.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["role"] == "winner":
                known.setdefault(row["doffin_id"], set()).add(row["name"])
    index = publications(from_folder(shared_data, TODAY).notices, TODAY)
    told = {
        key: {winner["name"] for lot in one.hit["lots"] for winner in lot["winner"]}
        for key, one in index.items()
    }
    assert len(known) > 5
    assert {key: names for key, names in told.items() if names} == {
        key: names for key, names in known.items() if key in index
    }
