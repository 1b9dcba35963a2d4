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


def test_municipalities_with_points() -> None:
    county, municipality = codelists.read("geonorge-municipalities", "", as_json(COUNTIES))
    assert (county.list, county.code) == ("county", "32")
    assert (municipality.parent, municipality.extra["lat"]) == ("32", "59.71100")


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
