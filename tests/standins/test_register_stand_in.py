"""Enhetsregisteret and Regnskapsregisteret, trap by trap, over HTTP."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import http.client
import io
import json
from typing import Any

import pytest

from procmatch.demo.standins.faults import Faults
from tests.standins.conftest import Serve
from tests.standins.small import ask, small_content

QUIET = Faults.none()
API = "/enhetsregisteret/api"
BAKERY, FINN, BANK, DELETED, REMOVED = (
    "310279323",
    "310279331",
    "310279358",
    "310279366",
    "310279374",
)


@pytest.mark.parametrize(
    ("path", "status", "keys"),
    [
        (f"/enheter/{BAKERY}", 200, None),
        ("/underenheter/210279329", 200, None),
        (
            f"/enheter/{DELETED}",
            200,
            {
                "organisasjonsnummer",
                "navn",
                "organisasjonsform",
                "slettedato",
                "_links",
                "respons_klasse",
            },
        ),
        (f"/enheter/{REMOVED}", 410, {"organisasjonsnummer", "slettedato", "_links"}),
    ],
)
def test_a_look_up_tells_the_state_of_a_unit(
    url: str, path: str, status: int, keys: set[str] | None
) -> None:
    answer = ask(url, API + path)
    assert answer.status == status
    assert keys is None or set(answer.json()) == keys


@pytest.mark.parametrize("number", ["310279382", "210279329"])
def test_an_unknown_unit_is_404_without_a_body(url: str, number: str) -> None:
    answer = ask(url, f"{API}/enheter/{number}")
    assert (answer.status, answer.body) == (404, b"")


@pytest.mark.parametrize("number", ["9ECD01011", "12345678", "1234567890"])
def test_a_malformed_number_is_400_with_the_registers_body(url: str, number: str) -> None:
    body = ask(url, f"{API}/enheter/{number}").json()
    assert body["status"] == 400
    assert body["feilmelding"] == "Feilaktig forespørsel"
    assert body["sti"] == f"{API}/enheter/{number}"
    assert body["valideringsfeil"] == [
        {
            "feilmelding": "Organisasjonsnummer må være et nummer med nøyaktig 9 siffer",
            "parametere": [number],
            "feilaktigVerdi": number,
        }
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [BAKERY, FINN, BANK]),
        ({"ukjent": "x"}, [BAKERY, FINN, BANK]),
        ({"navn": "bakeri"}, [BAKERY]),
        ({"navn": "nord bak*"}, [BAKERY]),
        ({"navn": "FINN.no"}, []),
        ({"navn": "finn no"}, [FINN]),
        ({"organisasjonsnummer": f"{BAKERY},{BANK}"}, [BAKERY, BANK]),
        ({"organisasjonsform": "AS,SA"}, [BAKERY, FINN]),
        # The trap: a business or a postal address.
        ({"kommunenummer": "9801"}, [BAKERY, FINN]),
        ({"forretningsadresse.kommunenummer": "9801"}, [BAKERY]),
        ({"postadresse.kommunenummer": "9801"}, [FINN]),
        ({"naeringskode": "10"}, [BAKERY]),
        ({"naeringskode": "10.7"}, [BAKERY]),
        ({"naeringskode": "10.710,56.210"}, [BAKERY, FINN]),
        ({"naeringskode": "1"}, []),
        ({"konkurs": "true"}, [FINN]),
        ({"konkurs": "false"}, [BAKERY, BANK]),
        ({"fraAntallAnsatte": "5"}, [BAKERY, BANK]),
        ({"fraAntallAnsatte": "1"}, [BAKERY, FINN, BANK]),
        ({"tilAntallAnsatte": "4"}, [FINN]),
        ({"fraAntallAnsatte": "12", "tilAntallAnsatte": "12"}, [BAKERY]),
        ({"fraRegistreringsdatoEnhetsregisteret": "2026-01-01"}, [BANK]),
        ({"tilRegistreringsdatoEnhetsregisteret": "2015-05-04"}, [BAKERY, FINN]),
        ({"institusjonellSektorkode": "3200"}, [BANK]),
        ({"sort": "antallAnsatte,DESC"}, [BANK, BAKERY, FINN]),
        ({"sort": "navn,ASC"}, [FINN, BAKERY, BANK]),
    ],
)
def test_search_filters_follow_version_2(url: str, query: dict[str, str], found: list[str]) -> None:
    body = ask(url, f"{API}/enheter", query).json()
    units = body.get("_embedded", {}).get("enheter", [])
    assert [unit["organisasjonsnummer"] for unit in units] == found
    assert body["page"]["totalElements"] == len(found)


@pytest.mark.parametrize(
    "query",
    [
        {"fraAntallAnsatte": "2"},
        {"fraAntallAnsatte": "4"},
        {"tilAntallAnsatte": "1"},
        {"tilAntallAnsatte": "3"},
        {"fraAntallAnsatte": "few"},
        {"page": "1", "size": "5001"},
        {"size": "10001"},
        {"size": "0"},
        {"size": "-1"},
        {"konkurs": "ja"},
        {"fraStiftelsesdato": "01.02.2026"},
        {"organisasjonsnummer": "1234"},
        {"sort": "navn,UP"},
        {"navn": "x" * 181},
    ],
)
def test_a_search_that_the_register_refuses_is_400(url: str, query: dict[str, str]) -> None:
    answer = ask(url, f"{API}/enheter", query)
    assert (answer.status, answer.json()["antallFeil"]) == (400, 1)


def test_an_empty_answer_has_no_embedded(url: str) -> None:
    body = ask(url, f"{API}/enheter", {"navn": "finnesikke"}).json()
    assert set(body) == {"_links", "page"}
    assert set(body["_links"]) == {"self"}


def test_pages_are_linked_within_the_site(url: str) -> None:
    body = ask(url, f"{API}/enheter", {"size": "2", "organisasjonsform": "AS,SPA"}).json()
    assert set(body["_links"]) == {"first", "self", "next", "last"}
    assert body["page"] == {"size": 2, "totalElements": 3, "totalPages": 2, "number": 0}
    following = body["_links"]["next"]["href"]
    assert following.startswith(f"{url}{API}/enheter?")
    last = ask(url, following.removeprefix(url)).json()
    assert len(last["_embedded"]["enheter"]) == 1
    assert "next" not in last["_links"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("", 200),
        ("*/*", 200),
        ("text/html,application/json;q=0.9", 200),
        ("application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8", 200),
        ("application/vnd.brreg.enhetsregisteret.enhet.v1+json", 415),
        ("text/html", 415),
    ],
)
def test_only_json_of_version_2_is_served(url: str, accept: str, status: int) -> None:
    headers = {"Accept": accept} if accept else {}
    assert ask(url, f"{API}/enheter/{BAKERY}", headers=headers).status == status


def bulk(url: str, name: str = "enheter", **query: str) -> list[dict[str, Any]]:
    answer = ask(url, f"{API}/{name}/lastned", query)
    assert "gzip" in answer.headers["content-type"]
    assert "content-encoding" not in answer.headers
    found: list[dict[str, Any]] = json.loads(gzip.decompress(answer.body))
    return found


def test_the_bulk_file_is_one_array_of_living_units(url: str) -> None:
    assert [unit["organisasjonsnummer"] for unit in bulk(url)] == [BAKERY, FINN, BANK]
    assert [one["overordnetEnhet"] for one in bulk(url, "underenheter")] == [BAKERY]


def test_the_bulk_file_takes_the_filters_of_the_search(url: str) -> None:
    assert [unit["organisasjonsnummer"] for unit in bulk(url, konkurs="true")] == [FINN]


def test_an_unchanged_bulk_file_is_not_sent_again(url: str) -> None:
    first = ask(url, f"{API}/enheter/lastned", method="HEAD")
    assert (first.status, first.body) == (200, b"")
    for header, name in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        again = ask(url, f"{API}/enheter/lastned", headers={header: first.headers[name]})
        assert (again.status, again.body) == (304, b"")
    stale = ask(url, f"{API}/enheter/lastned", headers={"If-None-Match": '"other"'})
    assert stale.status == 200


def test_the_first_bulk_download_ends_in_the_middle(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, cut_bulk=True))
    with pytest.raises(http.client.IncompleteRead):
        bulk(url)
    assert len(bulk(url)) == 3


def test_a_bulk_file_may_be_a_page_of_html(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, html_bulk=True))
    answers = [ask(url, f"{API}/enheter/lastned") for _ in range(3)]
    assert [answer.body[:1] == b"<" for answer in answers] == [False, True, False]


def test_csv_has_line_breaks_in_cells_odd_names_and_a_new_column(url: str) -> None:
    text = gzip.decompress(ask(url, f"{API}/enheter/lastned/csv").body).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3 < text.count("\n") - 1
    assert "\n" in rows[0]["aktivitet"]
    assert rows[0]["naeringskode1.kode"] == "10.710"
    assert rows[0]["registreringsdatoenhetsregisteret"] == "2015-05-04"
    assert rows[0]["nyttFelt2026"] == ""


def events(url: str, **query: str) -> list[dict[str, Any]]:
    body = ask(url, f"{API}/oppdateringer/enheter", query).json()
    found: list[dict[str, Any]] = body.get("_embedded", {}).get("oppdaterteEnheter", [])
    return found


def test_the_feed_tells_new_deleted_and_removed_units(url: str) -> None:
    found = {
        (event["organisasjonsnummer"], event["endringstype"])
        for event in events(url)
        if event["endringstype"] != "Endring"
    }
    assert found == {(BANK, "Ny"), (DELETED, "Sletting"), (REMOVED, "Fjernet")}


def test_ids_of_the_feed_grow_with_time_and_leave_gaps(serve: Serve) -> None:
    units = [{"organisasjonsnummer": f"{310000000 + n}", "navn": f"NR {n} AS"} for n in range(200)]
    url = serve(small_content(units=units))
    found = events(url, size="1000")
    numbers = [event["oppdateringsid"] for event in found]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] - numbers[0] > len(numbers)
    assert [event["dato"] for event in found] == sorted(event["dato"] for event in found)
    changed = [event["organisasjonsnummer"] for event in found]
    assert len(changed) > len(set(changed)), "no unit changed twice"


def test_both_bounds_of_the_feed_are_inclusive(url: str) -> None:
    last = events(url)[-1]
    assert events(url, oppdateringsid=str(last["oppdateringsid"])) == [last]
    assert last in events(url, dato=last["dato"])
    assert events(url, oppdateringsid=str(last["oppdateringsid"] + 1)) == []


def test_patches_come_only_when_asked_for(serve: Serve) -> None:
    units = [{"organisasjonsnummer": f"{310000000 + n}", "navn": "A"} for n in range(50)]
    url = serve(small_content(units=units))
    assert all("endringer" not in event for event in events(url))
    told = events(url, includeChanges="true")
    assert all(event["endringer"][0]["op"] == "replace" for event in told)


@pytest.mark.parametrize(
    "query", [{"dato": "2026-09-01"}, {"oppdateringsid": "last"}, {"size": "10001"}]
)
def test_the_feed_refuses_malformed_bounds(url: str, query: dict[str, str]) -> None:
    assert ask(url, f"{API}/oppdateringer/enheter", query).status == 400


def test_a_busy_register_answers_after_two_refusals(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, busy_register=True))
    assert [ask(url, f"{API}/enheter/{BAKERY}").status for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (BAKERY, 200),
        (f"{BAKERY}/7", 200),
        (f"{BAKERY}/8", 404),
        (FINN, 404),
        (BANK, 500),
        ("12345", 400),
        (f"{BAKERY}/7/8", 404),
    ],
)
def test_accounts_are_an_array_or_missing_or_a_fault_for_banks(
    url: str, path: str, status: int
) -> None:
    answer = ask(url, f"/regnskapsregisteret/regnskap/{path}")
    assert answer.status == status
    if path == BAKERY:
        assert answer.json() == [{"id": 7, "regnskapstype": "SELSKAP"}]
    if status == 500:
        assert answer.json()["status"] == "500"


def test_busy_accounts_answer_after_two_refusals(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, busy_accounts=True))
    path = f"/regnskapsregisteret/regnskap/{BAKERY}"
    assert [ask(url, path).status for _ in range(3)] == [503, 503, 200]
