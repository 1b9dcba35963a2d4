"""KLASS, Kartverket, Bring and the EU's lists, read back with the project's own readers."""

from __future__ import annotations

import csv
import io

import pytest

from procmatch.sources.codelists import read
from tests.standins.small import ask

KLASS = "/api/klass/v1/classifications"
JSON = {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("131/codesAt?date=2026-10-05", ["9801", "9802"]),
        ("131/codes?from=2018-01-01", ["9801", "9802"]),
        ("104/codesAt?date=2026-10-05", ["98"]),
        ("6/codesAt?date=2024-12-31", ["10.710"]),
        ("6/codesAt?date=2026-10-05", ["10.710"]),
        ("6/codes?from=2018-01-01", ["10.710", "10.710"]),
        ("6/codesAt?date=2026-10-05&selectLevel=1", []),
    ],
)
def test_klass_serves_json_when_asked(url: str, path: str, found: list[str]) -> None:
    codes = ask(url, f"{KLASS}/{path}", headers=JSON).json()["codes"]
    assert [code["code"] for code in codes] == found


@pytest.mark.parametrize(
    ("day", "name"), [("2024-12-31", "Gammelt navn"), ("2025-01-01", "Produksjon av brød")]
)
def test_the_day_decides_between_sn2007_and_sn2025(url: str, day: str, name: str) -> None:
    codes = ask(url, f"{KLASS}/6/codesAt", {"date": day}, headers=JSON).json()["codes"]
    assert [(code["name"], code["parentCode"], code["level"]) for code in codes] == [
        (name, "10.71", "5")
    ]


def test_klass_serves_xml_by_default_and_csv_in_latin_1(url: str) -> None:
    path = f"{KLASS}/6/codesAt?date=2026-10-05"
    xml = ask(url, path)
    assert xml.headers["content-type"].startswith("application/xml")
    assert "<name>Produksjon av brød</name>" in xml.body.decode()
    table = ask(url, path, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(table.body.decode("iso-8859-1"))))
    assert rows[0]["name"] == "Produksjon av brød"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{KLASS}/131/codesAt", 400),
        (f"{KLASS}/131/codesAt?date=yesterday", 400),
        (f"{KLASS}/131/codes", 400),
        (f"{KLASS}/999/codesAt?date=2026-10-05", 404),
        (f"{KLASS}/131/other", 404),
        ("/api/klass/v1/versions/1", 404),
        (f"{KLASS}/6", 200),
        ("/api/klass/v1/versions/3218", 200),
        ("/kommuneinfo/v1/kommuner/0000", 404),
        ("/kommuneinfo/v1/kommuner/9801/omrade", 404),
        ("/nothing", 404),
    ],
)
def test_paths_answer_as_live(url: str, path: str, status: int) -> None:
    assert ask(url, path, headers=JSON).status == status


def test_klass_versions_hold_their_codes(url: str) -> None:
    items = ask(url, "/api/klass/v1/versions/30").json()["classificationItems"]
    assert [item["name"] for item in items] == ["Gammelt navn"]
    versions = ask(url, f"{KLASS}/6").json()["versions"]
    assert [version["id"] for version in versions] == [30, 3218]


def test_kartverket_tells_municipalities_with_points_and_neighbours(url: str) -> None:
    one = ask(url, "/kommuneinfo/v1/kommuner/9801").json()
    assert (one["kommunenavn"], one["fylkesnummer"]) == ("Havneset", "98")
    assert one["punktIOmrade"]["coordinates"] == [3.0, 62.0]
    near = ask(url, "/kommuneinfo/v1/kommuner/9801/nabokommuner").json()
    assert near == [
        {"kommunenavn": "Lillevik", "kommunenavnNorsk": "Lillevik", "kommunenummer": "9802"}
    ]
    assert ask(url, "/kommuneinfo/v1/kommuner/9802/nabokommuner").json() == []
    assert len(ask(url, "/kommuneinfo/v1/kommuner").json()) == 2
    assert ask(url, "/kommuneinfo/v1/fylker").json() == [
        {"fylkesnavn": "Havfjord", "fylkesnummer": "98"}
    ]
    assert len(ask(url, "/kommuneinfo/v1/fylker/98").json()["kommuner"]) == 2


def test_bring_is_tab_separated_windows_1252(url: str) -> None:
    body = ask(url, "/postnummerregister-ansi.txt").body
    assert body.decode("cp1252").splitlines() == [
        "9990\tHAVNESET\t9801\tHAVNESET\tG",
        "9991\tBLÅØY\t9801\tHAVNESET\tP",
    ]


@pytest.mark.parametrize(
    ("kind", "path", "codes"),
    [
        ("klass-131", f"{KLASS}/131/codes?from=2018-01-01", {"9801", "9802"}),
        ("klass-104", f"{KLASS}/104/codes?from=2018-01-01", {"98"}),
        ("klass-6-sn2007", f"{KLASS}/6/codesAt?date=2024-12-31", {"10.710"}),
        ("klass-6-sn2025", f"{KLASS}/6/codesAt?date=2026-10-05", {"10.710"}),
        (
            "geonorge-municipalities",
            "/kommuneinfo/v1/fylkerkommuner",
            {"9801", "9802"},
        ),
        ("geonorge-neighbours", "/kommuneinfo/v1/kommuner/9801/nabokommuner", {"9801-9802"}),
        ("bring-postcodes", "/postnummerregister-ansi.txt", {"9990", "9991"}),
        ("cpv", "/codelists/cpv.gc", {"15811000"}),
        ("nuts", "/codelists/nuts_nuts-lvl3.gc", {"NO081"}),
    ],
)
def test_the_projects_readers_can_read_every_list(
    url: str, kind: str, path: str, codes: set[str]
) -> None:
    body = ask(url, path, headers=JSON).body
    assert codes <= {entry.code for entry in read(kind, "9801", body)}
