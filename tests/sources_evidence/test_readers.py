"""Each source of evidence is read strictly; what is not understood is set aside alone."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.codes.evidence import kinds
from procmatch.errors import SourceChanged, SourceError
from procmatch.model.evidence import Reading
from procmatch.sources import evidence

ONE, TWO = "310000108", "310000116"


def read(source: str, body: str | bytes | object, key: str = "all") -> Reading:
    if not isinstance(body, (str, bytes)):
        body = json.dumps(body)
    return evidence.read(source, key, body.encode() if isinstance(body, str) else body)


def firm(number: str, status: str, more: str = "") -> str:
    return (
        f"<Virksomhet><Hovedenhet><Organisasjonsnummer>{number}</Organisasjonsnummer>"
        f"<Navn>Ola Renhold</Navn><Godkjenningsstatus>{status}</Godkjenningsstatus>{more}"
        "</Hovedenhet></Virksomhet>"
    )


def cleaners(*firms: str) -> str:
    return f"<?xml version='1.0' encoding='utf-8'?><Register>{''.join(firms)}</Register>"


def test_only_approved_cleaning_firms_are_evidence() -> None:
    statuses = ("Godkjent med ansatte", "Ikke godkjent", "Under behandling")
    numbers = (ONE, TWO, "310000124")
    body = cleaners(*map(firm, numbers, statuses))
    found = read("renhold", body)
    assert [(row.number, row.kind) for row in found.rows] == [(ONE, "cleaning_register")]
    assert found.unread == ()


def test_a_cleaning_firm_is_known_by_number_and_its_name_is_not_kept() -> None:
    (row,) = read("renhold", cleaners(firm(ONE, "Godkjent uten ansatte"))).rows
    assert row.name == ""
    assert "Ola" not in str(row)


def test_a_status_that_nobody_knows_proves_nothing_and_is_set_aside() -> None:
    body = cleaners(firm(ONE, "Godkjent under tvil"), firm(TWO, "Godkjent med ansatte"))
    found = read("renhold", body)
    assert [row.number for row in found.rows] == [TWO]
    (odd,) = found.unread
    assert (odd.key, odd.where) == ("firm 1", "Godkjenningsstatus")
    assert "Godkjent under tvil" in odd.reason


def test_an_element_that_nobody_knows_is_set_aside_once_for_the_file() -> None:
    body = cleaners(*(firm(n, "Godkjent med ansatte", "<Nytt>x</Nytt>") for n in (ONE, TWO)))
    found = read("renhold", body)
    assert len(found.rows) == 2
    assert [one.where for one in found.unread] == ["Nytt"]


def test_the_earlier_form_of_the_cleaning_register_is_read_too() -> None:
    body = (
        "<ArrayOfRenholdsvirksomhet xmlns='urn:x'><Renholdsvirksomhet>"
        f"<Organisasjonsnummer>{ONE}</Organisasjonsnummer><Status>Godkjent med ansatte</Status>"
        "</Renholdsvirksomhet></ArrayOfRenholdsvirksomhet>"
    )
    assert [row.number for row in read("renhold", body).rows] == [ONE]


def test_an_outside_entity_is_never_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hemmelig", encoding="utf-8")
    body = (
        f"<!DOCTYPE r [<!ENTITY x SYSTEM '{(tmp_path / 'secret').as_uri()}'>]>"
        f"<Register>{firm(ONE, 'Godkjent&x;')}</Register>"
    )
    assert "hemmelig" not in str(read("renhold", body))


@pytest.mark.parametrize("body", ["", "no xml", "<a><b/></a>", "<html>sorry</html>"])
def test_another_document_in_its_place_is_refused(body: str) -> None:
    with pytest.raises(SourceError):
        read("renhold", body)


def enterprise(number: str, **more: object) -> dict[str, object]:
    area = {"function": "PRO", "subject_area": "Bygninger", "pbl": "2010", "grade": "1"}
    return {
        "organizational_number": number,
        "name": "Bygg AS",
        "phone": "12345678",
        "valid_approval_areas": [area],
        "status": {"approved": True, "approval_period_to": "2027-03-01"},
        **more,
    }


def test_an_approval_names_its_areas_and_its_end() -> None:
    (row,) = read("sentral-godkjenning", {"enterprises": [enterprise(ONE)]}).rows
    assert (row.kind, row.number) == ("central_approval", ONE)
    assert row.valid_to == date(2027, 3, 1)
    assert row.text == "PRO Bygninger (1)"


def test_one_firm_by_number_has_the_same_facts_in_another_wrapping() -> None:
    flat = enterprise(ONE)
    status, areas = flat.pop("status"), flat.pop("valid_approval_areas")
    body = {"dibk-sgdata": {"enterprise": flat, "status": status, "valid_approval_areas": areas}}
    alone = read("sentral-godkjenning", body).rows
    assert alone == read("sentral-godkjenning", {"enterprises": [enterprise(ONE)]}).rows


def test_a_withdrawn_approval_is_no_evidence_and_a_training_firm_is_one_more() -> None:
    items = [
        enterprise(ONE, status={"approved": False}),
        enterprise(TWO, additional_terms={"educational_enterprise_approved": True}),
    ]
    found = read("sentral-godkjenning", {"enterprises": items})
    assert [(row.number, row.kind) for row in found.rows] == [
        (TWO, "central_approval"),
        (TWO, "apprenticeship"),
    ]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"organizational_number": "123456789"}, "organizational_number"),
        ({"status": {"approved": "ja"}}, "approved"),
        ({"status": {"approved": True, "approval_period_to": "soon"}}, "approval_period_to"),
        ({"brandNew": 1}, "brandNew"),
    ],
)
def test_what_is_odd_in_an_approval_is_named(change: dict[str, object], where: str) -> None:
    items = [enterprise(ONE) | change, enterprise(TWO)]
    found = read("sentral-godkjenning", {"enterprises": items})
    assert TWO in {row.number for row in found.rows}
    assert [one.where for one in found.unread] == [where]


def test_a_page_of_apprenticeship_firms_says_how_many_pages_there_are() -> None:
    body = {
        "pagination": {"total_pages": 3},
        "bedrifter": [{"orgnr": int(ONE), "navn": "Bygg AS", "forradrkommnr": "0301"}, {"x": 1}],
    }
    found = read("larebedrift", body, "BATMF3 2")
    assert found.pages == 3
    assert [(row.number, row.text) for row in found.rows] == [(ONE, "BATMF3")]
    assert [(one.key, one.where) for one in found.unread] == [
        ("BATMF3 2 row 2", "orgnr"),
        ("field x", "x"),
    ]


@pytest.mark.parametrize("body", [[], {"bedrifter": []}, {"pagination": {"total_pages": "3"}}])
def test_a_page_without_firms_or_paging_has_changed(body: object) -> None:
    with pytest.raises(SourceChanged):
        read("larebedrift", body, "BATMF3 1")


GRANT_COLUMNS = (
    "Fylkesnavn;Kommunenavn;Org-nr;Bedriftsnavn;Virkemiddelkategori;Underkategori;"
    "Innvilget beløp;Innvilget dato;Beslutningsenhet;Næringshovedområde;Næring;Type finansiering"
)


def grants(*rows: str, columns: str = GRANT_COLUMNS) -> Reading:
    return read("innovasjon-norge", "\r\n".join([columns, *rows]).encode("cp1252"))


def grant(number: str, amount: str, day: str = "24.12.2025") -> str:
    return f"Oslo;Oslo;{number};Kari Gård;Innovasjon;Miljøteknologi;{amount};{day};O;N;N;Tilskudd"


def test_a_grant_has_amount_and_day_in_latin_1() -> None:
    (row,) = grants(grant(ONE, "1 250 000,50")).rows
    assert row.valid_from == date(2025, 12, 24)
    assert row.text == "Miljøteknologi: 1250000 NOK"
    assert row.name == ""


def test_repayments_are_no_evidence_and_equal_grants_do_not_hide_each_other() -> None:
    found = grants(grant(ONE, "100,00"), grant(ONE, "100,00"), grant(ONE, "-100,00"))
    assert len({row.key for row in found.rows}) == 2
    again = grants(grant(ONE, "100,00"), grant(ONE, "100,00"))
    assert [row.key for row in again.rows] == [row.key for row in found.rows]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (grant("12", "1,0"), "org-nr"),
        (grant(ONE, "mye"), "innvilget beløp"),
        (grant(ONE, "NaN"), "innvilget beløp"),
        (grant(ONE, "1,0", "2025-12-24"), "innvilget dato"),
        (grant(ONE, "1,0", ""), "innvilget dato"),
        ("too;few;cells", "row"),
    ],
)
def test_a_bad_grant_is_set_aside_with_its_line(row: str, where: str) -> None:
    found = grants(grant(ONE, "1,0"), row)
    assert len(found.rows) == 1
    assert [(one.key, one.where) for one in found.unread] == [("line 3", where)]


def test_a_missing_column_is_named_with_those_there_are() -> None:
    with pytest.raises(SourceChanged, match=r"org-nr: no such column; there are: fylkesnavn"):
        grants(columns=GRANT_COLUMNS.replace("Org-nr", "Orgnummer"))


def test_a_new_column_is_set_aside_once_and_the_rows_go_in() -> None:
    found = grants(f"{grant(ONE, '1,0')};x", columns=f"{GRANT_COLUMNS};Ny kolonne")
    assert len(found.rows) == 1
    assert [one.where for one in found.unread] == ["ny kolonne"]


@pytest.mark.parametrize("column", ["organisasjonsnummer", "orgnr", "Organisasjonsnummer"])
def test_voluntary_organisations_are_known_by_either_name_of_the_column(column: str) -> None:
    body = f"{column},navn,kategori1,kategori1_tekst\n{ONE},Laget,4100,Sosiale tjenester\n"
    (row,) = read("frivillighet", body).rows
    assert (row.number, row.text) == (ONE, "Sosiale tjenester")


FOOD = "tilsynsobjektid;orgnummer;navn;postnr;poststed;tilsynid;status;dato;total_karakter"


def test_of_a_food_place_the_newest_inspection_counts() -> None:
    rows = ("Z1;{};Kafé;0150;Oslo;1;0;14012026;0", "Z1;{};Kafé;0150;Oslo;2;0;01022024;3")
    body = "\n".join([FOOD, *(row.format(ONE) for row in rows)])
    (row,) = read("smilefjes", body).rows
    assert (row.valid_from, row.text) == (date(2026, 1, 14), "total_karakter 0")


def test_a_day_that_lost_its_zero_in_a_spreadsheet_is_read() -> None:
    (row,) = read("smilefjes", f"{FOOD}\nZ1;{ONE};Kafé;0150;Oslo;1;0;4012026;1").rows
    assert row.valid_from == date(2026, 1, 4)


def test_organic_producers_are_known_by_name_and_nothing_else_of_persons_is_kept() -> None:
    company = {
        "partner_sid": 7,
        "display_name": " Østre Gård ",
        "contact_name": "Kari",
        "contact_mail": "kari@gard.example",
        "description1": "Ring Kari",
        "sales_channels": [{"id": 1, "content": "REKO"}],
    }
    body = json.dumps([company]).encode()
    kept = evidence.minimised("debio", body)
    assert b"Kari" not in kept
    assert b"kari@" not in kept
    (row,) = read("debio", kept).rows
    assert (row.key, row.name, row.number, row.text) == ("7", "Østre Gård", None, "REKO")
    assert read("debio", body).rows == (row,)


def test_a_telephone_number_of_an_approved_firm_is_not_kept() -> None:
    body = json.dumps({"enterprises": [enterprise(ONE)]}).encode()
    kept = evidence.minimised("sentral-godkjenning", body)
    assert b"12345678" not in kept
    assert read("sentral-godkjenning", kept).rows == read("sentral-godkjenning", body).rows


def test_a_producer_without_a_name_is_set_aside() -> None:
    found = read("debio", [{"partner_sid": 7, "display_name": None}, 3])
    assert [one.where for one in found.unread] == ["display_name", "company"]


@pytest.mark.parametrize("source", evidence.SOURCES)
@given(body=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_refused_in_one_way(source: str, body: bytes) -> None:
    with contextlib.suppress(SourceError):
        found = evidence.read(source, "BATMF3 1", body)
        assert {row.kind for row in found.rows} <= set(kinds())
    assert isinstance(evidence.minimised(source, body), bytes)
