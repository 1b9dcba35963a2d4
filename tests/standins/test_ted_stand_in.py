"""TED's traps, one by one, over HTTP."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import Any

import pytest

from procmatch.demo.standins.content import Content
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.ted_query import QueryError, parse
from tests.standins.conftest import Serve
from tests.standins.small import Answer, ask, notice, small_content

QUIET = Faults.none()
ALL = "buyer-country=NOR"


def search(url: str, **body: object) -> Answer:
    asked = {"query": ALL, "fields": ["publication-number"]} | body
    return ask(url, "/v3/notices/search", method="POST", body=json.dumps(asked).encode())


def numbers(answer: Answer) -> list[str]:
    return [row["publication-number"] for row in answer.json()["notices"]]


def seven(**more: bytes) -> Content:
    notices = {
        f"90000{n}-2026": notice(
            f"uuid-{n}",
            issued=f"2026-09-0{n}T08:00:00Z",
            cpv=(("15811000", "45210000", "30100000")[n % 3],),
            changes="uuid-2-01" if n == 5 else "",
            english="Bread" if n == 3 else "",
            deadline="2026-09-20T12:00:00+02:00" if n == 4 else "2026-11-01T12:00:00+01:00",
        )
        for n in range(1, 8)
    }
    return small_content(ted=notices | more)


@pytest.fixture
def url(serve: Serve) -> str:
    return serve(seven())


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"fields": []}, "must not be empty"),
        ({"query": ""}, "must not be empty"),
        ({"fields": ["publication-number", "bogus"]}, "contains unsupported value"),
        ({"pageSize": 10}, 'Unrecognized field "pageSize"'),
        ({"limit": 251}, "exceeds maximum allowed value (250)"),
        ({"limit": 250, "fields": ["links"] * 41}, "exceeds maximum allowed value (10000)"),
        ({"limit": 250, "page": 61}, "Window size (page x limit)"),
        ({"limit": "10"}, "Cannot deserialize"),
        ({"limit": 0}, "greater than or equal to 1"),
        ({"scope": "SOME"}, "not one of the values"),
        ({"query": "buyer-country="}, "QUERY_SYNTAX_ERROR"),
        ({"query": "bogus=1"}, "QUERY_UNKNOWN_FIELD"),
        ({"query": "buyer-country=NO"}, "QUERY_UNSUPPORTED_FIELD_VALUE"),
        ({"query": "classification-cpv=45000000-7"}, "QUERY_UNSUPPORTED_FIELD_VALUE"),
        ({"query": "publication-date>=2026-08-01"}, "QUERY_INVALID_FIELD_FORMAT"),
        ({"query": "title-proc>5"}, "QUERY_UNSUPPORTED_FIELD_OPERATION"),
        ({"query": f"{ALL} SORT BY publication-date ASC"}, "QUERY_UNKNOWN_FIELD"),
        (
            {"paginationMode": "ITERATION", "iterationNextToken": "bm9uc2Vuc2U="},
            "is not a token of this search",
        ),
    ],
)
def test_a_bad_question_is_refused(url: str, body: dict[str, Any], text: str) -> None:
    answer = search(url, **body)
    assert answer.status == 400
    assert text in json.dumps(answer.json()).replace('\\"', '"')


def test_a_syntax_error_says_where(url: str) -> None:
    error = search(url, query="buyer-country=NOR AND (").json()["error"]
    assert error["location"] == {"line": 1, "column": 24}


def test_a_body_that_is_no_json_is_refused(url: str) -> None:
    answer = ask(url, "/v3/notices/search", method="POST", body=b"{")
    assert (answer.status, "JSON parse error" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize("path", ["/v3/notices/900001-2026", "/v3/other"])
def test_other_endpoints_want_a_login(url: str, path: str) -> None:
    assert ask(url, path).status == 401


EVERY = {f"90000{n}-2026" for n in range(1, 8)}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ALL, "1234567"),
        ("buyer-country=SWE", ""),
        ("buyer-country!=SWE", "1234567"),
        ("classification-cpv=45000000", "147"),
        ("classification-cpv=30000000", "25"),
        ("classification-cpv=452*", "147"),
        ("classification-cpv IN (45000000 15800000)", "13467"),
        ("classification-cpv NOT IN (45000000 15800000)", "25"),
        ("publication-date>=20260905 AND publication-date<20260907", "34"),
        ("publication-date>=today(-30)", "34567"),
        ("publication-number=900003-2026 OR publication-number=900004-2026", "34"),
        (f"{ALL} AND NOT (publication-number=900003-2026)", "124567"),
        ('title-proc ~ "Brød uuid-6"', "6"),
        ("FT ~ bread", "3"),
        ("FT !~ bread", "124567"),
        ("notice-type IN (cn-standard pin-only)", "1234567"),
    ],
)
def test_expert_queries_find_what_they_say(url: str, query: str, found: str) -> None:
    expected = {f"90000{n}-2026" for n in found}
    assert set(numbers(search(url, query=query, limit=50))) == expected


def test_oldest_first_unless_sorted(url: str) -> None:
    assert numbers(search(url)) == sorted(EVERY)
    newest = search(url, query=f"{ALL} SORT BY publication-date DESC")
    assert numbers(newest) == sorted(EVERY, reverse=True)


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        ({"onlyLatestVersions": True}, {"900002-2026"}),
        ({"scope": "ACTIVE"}, {"900004-2026"}),
        ({"scope": "LATEST"}, EVERY - {"900007-2026"}),
    ],
)
def test_scopes_leave_notices_out(url: str, body: dict[str, Any], left_out: set[str]) -> None:
    assert set(numbers(search(url, **body))) == EVERY - left_out


def test_checking_a_query_finds_nothing(url: str) -> None:
    assert search(url, checkQuerySyntax=True).json() == {
        "notices": [],
        "totalNoticeCount": None,
        "iterationNextToken": None,
        "timedOut": False,
    }


def test_what_a_notice_lacks_is_an_absent_key_and_links_always_come(url: str) -> None:
    fields = ["title-proc", "estimated-value-proc", "publication-date", "title-lot"]
    row = search(url, fields=fields, limit=1).json()["notices"][0]
    assert set(row) == {"title-proc", "publication-date", "title-lot", "links"}
    assert row["title-proc"] == {"nor": "Brød uuid-1"}
    assert row["title-lot"] == {"nor": ["Brød", "Kaker"]}
    assert row["publication-date"] == "2026-09-03+02:00"
    with pytest.raises(ValueError, match="Invalid isoformat"):
        date.fromisoformat(row["publication-date"])
    assert row["links"]["xml"]["MUL"].endswith("/en/notice/900001-2026/xml")


def test_pages_are_numbered_from_one(url: str) -> None:
    found = [numbers(search(url, limit=3, page=n)) for n in (1, 2, 3, 4)]
    assert [len(page) for page in found] == [3, 3, 1, 0]
    assert search(url, limit=3).json()["iterationNextToken"] is None


def iterate(url: str, limit: int) -> tuple[list[list[str]], list[str]]:
    pages: list[list[str]] = []
    tokens: list[str] = []
    more: dict[str, Any] = {}
    while not pages or pages[-1]:
        answer = search(url, paginationMode="ITERATION", limit=limit, **more)
        pages.append(numbers(answer))
        tokens.append(answer.json()["iterationNextToken"])
        more = {"iterationNextToken": tokens[-1]}
    return pages, tokens


def test_iteration_ends_with_an_empty_page_that_still_carries_a_token(url: str) -> None:
    pages, tokens = iterate(url, 3)
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert len(set(tokens)) == 4
    assert None not in tokens


def test_a_token_is_bound_to_its_query(url: str) -> None:
    token = search(url, paginationMode="ITERATION").json()["iterationNextToken"]
    other = search(
        url, paginationMode="ITERATION", iterationNextToken=token, query="buyer-country=SWE"
    )
    assert other.status == 400


def test_one_page_times_out_with_a_part_of_its_notices(serve: Serve) -> None:
    url = serve(seven(), dataclasses.replace(QUIET, timed_out_page=True))
    first = search(url, paginationMode="ITERATION")
    assert (first.status, first.json()["timedOut"], len(numbers(first))) == (200, True, 3)
    token = first.json()["iterationNextToken"]
    again = search(url, paginationMode="ITERATION", iterationNextToken=token)
    assert (again.json()["timedOut"], len(numbers(again))) == (False, 7)


def test_one_refusal_is_html_without_retry_after(serve: Serve) -> None:
    url = serve(seven(), dataclasses.replace(QUIET, html_429=True))
    answers = [search(url) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 429, 200]
    assert answers[1].headers["content-type"] == "text/html"
    assert "retry-after" not in answers[1].headers


def test_the_xml_has_its_number_and_no_norwegian_where_it_is_doubled(url: str) -> None:
    answer = ask(url, "/en/notice/900003-2026/xml")
    text = answer.body.decode()
    assert answer.headers["content-type"] == "application/xml"
    assert '<efbc:NoticePublicationID schemeName="ojs-notice-id">900003-2026<' in text
    assert "Bread" in text
    assert "Brød uuid-3" not in text
    # Without a translation the Norwegian text is all there is.
    assert "Brød uuid-1" in ask(url, "/en/notice/900001-2026/xml").body.decode()


@pytest.mark.parametrize("path", ["/en/notice/999999-2026/xml", "/en/notice/900001-2026/pdf"])
def test_an_unknown_page_is_html_404(url: str, path: str) -> None:
    answer = ask(url, path)
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html")


@pytest.mark.parametrize(
    "query", ["=NOR", "AND", "a b", "(title-proc=x", "title-proc IN ()", 'title-proc="x', ""]
)
def test_a_malformed_query_is_never_a_crash(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query, date(2026, 10, 5))
