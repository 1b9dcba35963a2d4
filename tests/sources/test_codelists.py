"""Code lists as their publishers send them become entries; another form is a named error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from procmatch.codes.entry import CodeEntry
from procmatch.errors import SourceChanged, SourceError
from procmatch.sources import codelists

KLASS = {
    "codes": [
        {"code": "3203", "parentCode": None, "level": "1", "name": "Asker", "validTo": None},
        {
            "code": "0220",
            "parentCode": None,
            "level": "1",
            "name": "Asker",
            "validTo": "2020-01-01",
        },
    ]
}
COUNTIES = [
    {
        "fylkesnavn": "Akershus",
        "fylkesnummer": "32",
        "kommuner": [
            {
                "kommunenavn": "Asker",
                "kommunenavnNorsk": "Asker",
                "kommunenummer": "3203",
                "punktIOmrade": {"type": "Point", "coordinates": [10.449, 59.711]},
            }
        ],
    }
]
CPV = b"""<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
<SimpleCodeList><Row><Value ColumnRef="code"><SimpleValue>15811000</SimpleValue></Value>
<Value ColumnRef="Name"><SimpleValue>Bread products</SimpleValue></Value>
<Value ColumnRef="nob_label"><SimpleValue>Br\xc3\xb8d</SimpleValue></Value></Row>
</SimpleCodeList></gc:CodeList>"""


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def test_klass_codes() -> None:
    found = codelists.read("klass-131", "", as_json(KLASS))
    assert CodeEntry(list="municipality", code="3203", labels={"nb": "Asker"}) in found
    assert found[-1].extra == {"valid_to": "2020-01-01"}


def klass_item(code: str, name: str, until: str | None = None) -> dict[str, str | None]:
    """An item as KLASS sends it when a list is asked for over a period."""
    return {
        "code": code,
        "parentCode": None,
        "level": "1",
        "name": name,
        "shortName": "",
        "presentationName": "",
        "validFrom": None,
        "validTo": None,
        "validFromInRequestedRange": "2018-01-01",
        "validToInRequestedRange": until,
        "notes": "",
    }


def test_over_a_period_the_end_of_a_code_is_that_of_the_period() -> None:
    items = [klass_item("0220", "Asker", "2020-01-01"), klass_item("3203", "Asker")]
    found = {one.code: one for one in codelists.read("klass-131", "", as_json({"codes": items}))}
    assert found["0220"].extra == {"valid_to": "2020-01-01"}
    assert found["3203"].extra == {}


def test_a_code_that_lived_twice_means_what_it_means_today() -> None:
    items = [klass_item("5501", "Gammelvik", "2020-01-01"), klass_item("5501", "Tromsø")]
    (one,) = codelists.read("klass-131", "", as_json({"codes": items}))
    assert (one.labels, one.extra) == ({"nb": "Tromsø"}, {})


def test_not_stated_is_no_municipality() -> None:
    items = [klass_item("3203", "Asker"), klass_item("9999", "Uoppgitt")]
    found = codelists.read("klass-131", "", as_json({"codes": items}))
    assert [one.code for one in found] == ["3203"]


@pytest.mark.parametrize("field", ["correspondenceItems", "correspondenceMaps"])
def test_pairs_of_old_and_new_industries(field: str) -> None:
    pairs = [
        {"sourceCode": "01.280", "sourceName": "a", "targetCode": "01.130", "targetName": "b"},
        {"sourceCode": "01.280", "sourceName": "a", "targetCode": "01.280", "targetName": "c"},
        {"sourceCode": "05.100", "sourceName": "d", "targetCode": None, "targetName": None},
    ]
    found = codelists.read("klass-sn2007-sn2025", "", as_json({field: pairs}))
    assert [one.code for one in found] == ["01.280-01.130", "01.280-01.280"]


@pytest.mark.parametrize("point", [[59.711, 10.449], [262000.0, 6620000.0]])
def test_swapped_axes_and_metres_are_no_point(point: list[float]) -> None:
    municipality = {
        "kommunenavnNorsk": "Asker",
        "kommunenummer": "3203",
        "punktIOmrade": {"coordinates": point},
    }
    county = {"fylkesnavn": "Akershus", "fylkesnummer": "32", "kommuner": [municipality]}
    with pytest.raises(SourceChanged, match="punktIOmrade of 3203"):
        codelists.read("geonorge-municipalities", "", as_json([county]))


def test_a_long_genericode_list_is_read_row_by_row() -> None:
    row = "<Row><Value ColumnRef='code'><SimpleValue>{}</SimpleValue></Value></Row>"
    body = (
        "<gc><SimpleCodeList>" + "".join(map(row.format, range(50_000))) + "</SimpleCodeList></gc>"
    )
    assert len(codelists.read("cpv", "", body.encode())) == 50_000


def test_entities_are_not_expanded() -> None:
    body = b"""<!DOCTYPE gc [<!ENTITY x SYSTEM "file:///etc/hostname">]><gc><Row>
    <Value ColumnRef="code"><SimpleValue>&x;</SimpleValue></Value></Row></gc>"""
    with pytest.raises(SourceError):
        codelists.read("cpv", "", body)


def test_municipalities_with_points() -> None:
    (asker,) = codelists.read("geonorge-municipalities", "", as_json(COUNTIES))
    assert (asker.list, asker.code, asker.parent) == ("municipality-point", "3203", "32")
    assert asker.extra == {"county": "Akershus", "lat": "59.71100", "lon": "10.44900"}


def test_neighbours_name_the_pair() -> None:
    body = as_json([{"kommunenummer": "3201", "kommunenavn": "Bærum"}])
    assert codelists.read("geonorge-neighbours", "3203", body) == [
        CodeEntry(list="neighbour", code="3203-3201")
    ]


def test_postcodes_are_windows_1252() -> None:
    body = "1383\tASKER\t3203\tASKER\tG\r\n1396\tBILLINGSTADSLETTA Ø\t3203\tASKER\tG\r\n"
    found = codelists.read("bring-postcodes", "", body.encode("cp1252"))
    assert [(one.code, one.parent) for one in found] == [("1383", "3203"), ("1396", "3203")]
    assert found[1].labels["nb"].endswith("Ø")


def test_genericode() -> None:
    (bread,) = codelists.read("cpv", "", CPV)
    assert (bread.code, bread.labels) == ("15811000", {"en": "Bread products", "nb": "Brød"})


@pytest.mark.parametrize(
    ("kind", "body", "names"),
    [
        ("klass-131", b'{"codes": [{"code": 3203}]}', "codes"),
        ("klass-131", b"<html>", "JSON"),
        ("geonorge-municipalities", b'[{"fylkesnummer": "32"}]', "fylkesnavn"),
        ("bring-postcodes", b"1383;ASKER;3203", "line 1"),
        ("bring-postcodes", b"", "no postcodes"),
        ("cpv", b"{}", "XML"),
        ("cpv", b"<x/>", "rows"),
        ("cpv", b"<x><Row><Value ColumnRef='Name'/></Row></x>", "code"),
        ("cpv", b"<x><Row>", "XML"),
        ("nuts", b"", "XML"),
        ("klass-131", b'{"codes": []}', r"\$.codes: no rows"),
        (
            "klass-6-sn2025",
            b'{"codes": [{"code": "10", "name": 1}]}',
            r"\$.codes\[0\].name: Expected",
        ),
        ("klass-sn2007-sn2025", b"{}", "correspondenceItems"),
        ("geonorge-municipalities", b"[]", "kommuner"),
        ("bring-postcodes", b"1383\tASKER\tASKER\tASKER\tG", "line 1"),
        ("bring-postcodes", b"1383\tASKER\x81\t3203\tASKER\tG", "Windows-1252"),
        ("geonorge-neighbours", b"[]", "four digits"),
        ("nothing", b"", "no such list"),
    ],
)
def test_another_form_is_an_error_that_names_the_place(kind: str, body: bytes, names: str) -> None:
    with pytest.raises(SourceError, match=names):
        codelists.read(kind, "", body)


def test_a_changed_form_is_told_apart_from_garbage() -> None:
    with pytest.raises(SourceChanged):
        codelists.read("klass-131", "", b'{"koder": []}')


@pytest.mark.shared
def test_a_real_answer_of_kartverket_is_read(shared_data: Path) -> None:
    path = shared_data / "suppliers" / "geo" / "kommuneinfo_fylkerkommuner_capture_2020.json"
    found = codelists.read("geonorge-municipalities", "", path.read_bytes())
    assert len([one for one in found if one.list == "municipality-point"]) > 300


@pytest.mark.parametrize("names", [("sourceCode", "targetCode"), ("targetCode", "sourceCode")])
def test_a_table_between_industries_is_read_whichever_way_it_is_drawn(
    names: tuple[str, str],
) -> None:
    old, new = names
    maps = [{old: "08.111", new: "08.110"}, {old: "10.202", new: "10.203"}]
    body = json.dumps({"correspondenceMaps": maps}).encode()
    entries = codelists.read("klass-sn2007-sn2025", "", body)
    assert [entry.code for entry in entries] == ["08.111-08.110", "10.202-10.203"]
