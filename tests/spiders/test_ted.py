"""The TED spider against a site that has TED's habits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from procmatch.sources.ted import FIELDS
from tests.spiders.conftest import Crawl
from tests.spiders.site import Asked, Reply, Site

TODAY = datetime.now(UTC).date()
XML = b'<?xml version="1.0"?><ContractNotice/>'
HTML_429 = b"<html><head><title>429 Too Many Requests</title></head><body>nginx</body></html>"
KEYS = {"query", "fields", "limit", "scope", "paginationMode", "onlyLatestVersions"}
DAYS = re.compile(r"publication-date>=(\d{8}) AND publication-date<=(\d{8})")
Row = dict[str, Any]


def notice(number: int, days_ago: int) -> Row:
    day = (TODAY - timedelta(days=days_ago)).isoformat()
    return {"publication-number": f"{number}-2026", "publication-date": f"{day}+02:00", "links": {}}


class FakeTed:
    """Search by tokens, and notice pages; a test changes one habit at a time.

    A token is an offset. The last page of a search is empty and still carries a token.
    """

    def __init__(self, rows: list[Row], *, page: int = 250) -> None:
        self.rows = sorted(rows, key=lambda row: str(row["publication-date"]), reverse=True)
        self.page = page
        self.odd: Callable[[Asked], Reply | None] = lambda _asked: None
        #: Changes an answer: how often this was asked, its first row, the answer.
        self.change: Callable[[int, int, Row], None] = lambda _nth, _at, _answer: None

    def __call__(self, asked: Asked) -> Reply:
        if odd := self.odd(asked):
            return odd
        if asked.path.startswith("/en/notice/"):
            return Reply(XML, type="application/xml")
        body = json.loads(asked.body)
        found = DAYS.search(body["query"])
        assert found
        rows = [
            row
            for row in self.rows
            if found[1] <= row["publication-date"][:10].replace("-", "") <= found[2]
        ]
        at = int(body.get("iterationNextToken", 0))
        answer = {
            "notices": rows[at : at + self.page],
            "totalNoticeCount": len(rows),
            "iterationNextToken": str(at + self.page),
            "timedOut": False,
        }
        self.change(asked.nth, at, answer)
        return Reply(json.dumps(answer).encode())


def refused(**body: object) -> Reply:
    return Reply(json.dumps(body).encode(), status=400)


def searches(site: Site) -> list[Row]:
    return [json.loads(asked.body) for asked in site.asked if asked.path == "/v3/notices/search"]


def downloaded(notes: dict[str, Any]) -> list[str]:
    return [answer["key"] for answer in notes["answers"] if answer["kind"] == "notice"]


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def test_new_notices_are_read_back_to_a_little_behind_the_watermark(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(n, n // 10) for n in range(400)], page=100)  # ten a day
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(5), pending=["7-2025"])
    assert notes["error"] is None
    assert notes["finished"] == {"complete": True, "error": None, "newest": "2026-01-01"}
    keys = downloaded(notes)
    assert len(keys) == len(set(keys)) == 161
    assert {"7-2025", "0-2026", "159-2026"} <= set(keys)
    assert [asked.get("iterationNextToken") for asked in searches(site)] == [None, "100", "200"]


def test_a_search_asks_within_what_ted_allows(crawl_once: Crawl) -> None:
    with Site(FakeTed([notice(1, 0), notice(2, 0)], page=1)) as site:
        settings = {"ted_countries": ["NOR", "SWE"], "ted_notice_types": ["cn-standard", "veat"]}
        crawl_once("ted", site.url, watermark=days_ago(1), settings=settings)
    first, second, _last = searches(site)
    assert set(first) == KEYS
    assert set(second) == KEYS | {"iterationNextToken"}
    assert first == {name: value for name, value in second.items() if name in KEYS}
    assert (first["scope"], first["paginationMode"]) == ("ALL", "ITERATION")
    assert first["onlyLatestVersions"] is False
    assert first["fields"] == list(FIELDS)
    assert first["limit"] <= 250
    assert first["limit"] * len(first["fields"]) <= 10_000
    begin, end = (f"{TODAY + timedelta(days=days):%Y%m%d}" for days in (-11, 1))
    assert first["query"] == (
        f"buyer-country IN (NOR SWE) AND publication-date>={begin} AND publication-date<={end} "
        "AND notice-type IN (cn-standard veat) SORT BY publication-date DESC"
    )
    asked = next(asked for asked in site.asked if asked.body)
    assert asked.headers["content-type"] == "application/json"


def test_one_country_and_all_types_unless_told_otherwise(crawl_once: Crawl) -> None:
    with Site(FakeTed([notice(1, 0)])) as site:
        crawl_once("ted", site.url)
    queries = [asked["query"] for asked in searches(site)]
    assert all(query.startswith("buyer-country=NOR AND publication-date>=") for query in queries)
    assert not any("notice-type" in query for query in queries)


def test_the_first_crawl_reads_sixty_days_a_month_at_a_time(crawl_once: Crawl) -> None:
    with Site(FakeTed([notice(n, n) for n in range(90)])) as site:
        notes = crawl_once("ted", site.url)
    assert len(downloaded(notes)) == 61
    firsts = {DAYS.search(asked["query"]).groups() for asked in searches(site)}  # type: ignore[union-attr]
    assert len(firsts) == 2


def test_a_page_that_timed_out_is_asked_for_again_and_not_believed(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(n, 0) for n in range(6)], page=4)

    def in_part_once(nth: int, at: int, answer: Row) -> None:
        if nth == 1 and answer["notices"]:
            # Partial, and its token would skip what was left out.
            answer.update(notices=answer["notices"][:1], timedOut=True)

    fake.change = in_part_once
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1))
    assert notes["error"] is None
    assert len(downloaded(notes)) == 6
    tokens = [asked.get("iterationNextToken") for asked in searches(site)]
    assert tokens == [None, None, "4", "4", "8"]


def test_days_that_time_out_again_and_again_are_asked_for_in_halves(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(n, n) for n in range(6)])

    def only_short_windows(_nth: int, _at: int, answer: Row) -> None:
        answer["timedOut"] = len(answer["notices"]) > 3

    fake.change = only_short_windows
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1), above={"RETRY_BACKOFF": 0.01})
    assert notes["error"] is None
    assert len(downloaded(notes)) == 6


def test_a_search_that_always_times_out_fails_the_run(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(1, 0)])
    fake.change = lambda _nth, _at, answer: answer.update(timedOut=True)
    with Site(fake) as site:
        notes = crawl_once(
            "ted",
            site.url,
            arguments={"since": days_ago(0), "until": days_ago(0)},
            above={"RETRY_BACKOFF": 0.01},
        )
    assert notes["error"]["type"] == "SourceUnavailable"
    assert "timed out 5 times" in notes["error"]["text"]
    assert notes["finished"]["complete"] is False
    assert downloaded(notes) == []


def test_a_repeated_token_fails_the_run(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(n, 0) for n in range(9)], page=3)
    fake.change = lambda _nth, _at, answer: answer.update(iterationNextToken="3")
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1))
    assert notes["error"]["type"] == "SourceChanged"
    assert "iterationNextToken" in notes["error"]["text"]
    assert len(searches(site)) == 2
    assert notes["finished"]["complete"] is False


@pytest.mark.parametrize(
    ("shown", "token", "error"),
    [
        (10, "250", None),
        (9, "250", "SourceChanged"),
        (9, None, "SourceChanged"),
        (10, None, None),
    ],
)
def test_a_search_that_ends_too_early_fails_the_run(
    crawl_once: Crawl, shown: int, token: str | None, error: str | None
) -> None:
    fake = FakeTed([notice(n, 0) for n in range(10)])

    def cut(_nth: int, _at: int, answer: Row) -> None:
        answer.update(notices=answer["notices"][:shown], iterationNextToken=token)

    fake.change = cut
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1))
    assert (notes["error"] or {}).get("type") == error
    assert notes["finished"]["complete"] is (error is None)


def test_more_than_a_search_shows_is_asked_for_in_halves(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(n, n % 12) for n in range(24)])

    def many(_nth: int, _at: int, answer: Row) -> None:
        if len(answer["notices"]) > 14:
            answer["totalNoticeCount"] = 15_001

    fake.change = many
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1))
    assert notes["error"] is None
    assert len(downloaded(notes)) == 24
    assert len({asked["query"] for asked in searches(site)}) == 3


def test_a_refusal_in_html_makes_the_site_wait_and_is_tried_again(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(1, 0)])

    def too_fast(asked: Asked) -> Reply | None:
        busy = asked.body and asked.nth <= 2
        return Reply(HTML_429, status=429, type="text/html") if busy else None

    fake.odd = too_fast
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1))
    assert notes["error"] is None
    assert downloaded(notes) == ["1-2026"]
    times = [asked.at for asked in site.asked]
    first, second, *_ = [later - earlier for earlier, later in pairwise(times)]
    assert first >= 0.4
    assert second >= 0.8


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_keeps_refusing_ends_the_run(crawl_once: Crawl, status: int) -> None:
    fake = FakeTed([notice(n, 0) for n in range(3)])
    fake.odd = lambda asked: Reply(HTML_429, status=status) if asked.path.endswith("/xml") else None
    with Site(fake) as site:
        above = {"RETRY_TIMES": 1, "RETRY_REFUSED": 0}
        notes = crawl_once("ted", site.url, watermark=days_ago(1), above=above)
    assert notes["error"]["type"] == "SourceUnavailable"
    assert f"HTTP {status}" in notes["error"]["text"]
    assert notes["postponed"] == {}
    assert notes["finished"]["complete"] is False


@pytest.mark.parametrize("status", [404, 500])
def test_a_notice_that_cannot_be_had_yet_is_postponed_and_the_run_is_whole(
    crawl_once: Crawl, status: int
) -> None:
    fake = FakeTed([notice(n, 0) for n in range(3)])
    fake.odd = lambda asked: Reply(status=status) if "/1-2026/" in asked.path else None
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1))
        fake.odd, fake.rows = lambda _asked: None, fake.rows[:1]
        later = crawl_once("ted", site.url, watermark=days_ago(1), pending=["1-2026"])
    assert "1-2026" in downloaded(later)
    assert later["postponed"] == {}
    assert notes["postponed"] == {"1-2026": f"HTTP {status}"}
    assert sorted(downloaded(notes)) == ["0-2026", "2-2026"]
    assert notes["finished"]["complete"] is True


def test_a_web_page_in_place_of_xml_is_postponed(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(1, 0)])
    page = Reply(b"<!DOCTYPE html><html>", type="text/html")
    fake.odd = lambda asked: page if asked.path.endswith("/xml") else None
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1), above={"RETRY_TIMES": 1})
    assert "HTML" in notes["postponed"]["1-2026"]
    assert downloaded(notes) == []


@pytest.mark.parametrize(
    ("reply", "kind", "text"),
    [
        (
            refused(
                message="Unsupported value",
                error={"type": "QUERY_UNSUPPORTED_FIELD_VALUE", "fieldName": "buyer-country"},
            ),
            "SettingsError",
            "a value of ted_countries (NOR)",
        ),
        (
            refused(
                message="Unsupported value",
                error={"type": "QUERY_UNSUPPORTED_FIELD_VALUE", "fieldName": "notice-type"},
            ),
            "SettingsError",
            "a value of ted_notice_types",
        ),
        (
            refused(
                message="Syntax error",
                error={"type": "QUERY_SYNTAX_ERROR", "location": {"line": 1, "column": 4}},
            ),
            "SourceChanged",
            "QUERY_SYNTAX_ERROR: Syntax error (column 4)",
        ),
        (
            refused(
                message="Parameter 'fields' contains unsupported value (supported values are: "
                f"{','.join(FIELDS[1:])})"
            ),
            "SourceChanged",
            "fields: TED refuses our search: TED no longer knows publication-number",
        ),
        (
            refused(message='JSON parse error: Unrecognized field "scope"'),
            "SourceChanged",
            'Unrecognized field "scope"',
        ),
        (
            refused(
                message="Parameter 'limit' exceeds maximum allowed value (100)",
                error={"type": "SEARCH_EXCEEDS_MAX_LIMIT"},
            ),
            "SourceChanged",
            "SEARCH_EXCEEDS_MAX_LIMIT: Parameter 'limit' exceeds maximum allowed value (100)",
        ),
        (Reply(b'{"message": "Unauthorized"}', status=401), "SourceChanged", "HTTP 401"),
    ],
)
def test_a_refused_search_fails_at_once_in_one_clear_line(
    crawl_once: Crawl, reply: Reply, kind: str, text: str
) -> None:
    with Site(lambda _asked: reply) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1))
    assert notes["error"]["type"] == kind
    assert text in notes["error"]["text"]
    assert "\n" not in notes["error"]["text"]
    assert len(site.asked) == 1
    assert notes["finished"]["complete"] is False
    assert notes["log"] == ""


def test_a_notice_from_before_the_days_asked_for_fails_the_run(crawl_once: Crawl) -> None:
    fake = FakeTed([notice(1, 0)])
    fake.change = lambda _nth, _at, answer: answer.update(notices=[notice(2, 300)])
    with Site(fake) as site:
        notes = crawl_once("ted", site.url, watermark=days_ago(1))
    assert notes["error"]["type"] == "SourceChanged"
    assert "publication-date" in notes["error"]["text"]


def test_nothing_where_there_was_something_is_not_believed(crawl_once: Crawl) -> None:
    with Site(FakeTed([])) as site:
        again = crawl_once("ted", site.url, watermark=days_ago(1))
        first = crawl_once("ted", site.url)
    assert again["error"]["type"] == "SourceChanged"
    assert "not one notice since" in again["error"]["text"]
    assert again["finished"]["complete"] is False
    assert first["error"] is None


def test_a_backfill_reads_its_days_only_and_leaves_the_watermark(crawl_once: Crawl) -> None:
    with Site(FakeTed([notice(n, n) for n in range(200)])) as site:
        arguments = {"since": days_ago(180), "until": days_ago(100)}
        notes = crawl_once("ted", site.url, arguments=arguments, watermark=days_ago(0))
    assert set(downloaded(notes)) == {f"{n}-2026" for n in range(100, 181)}
    assert notes["finished"] == {"complete": True, "error": None, "newest": None}


@pytest.mark.parametrize("broken", ["begin", "search", "notice"])
def test_a_bug_of_ours_never_passes_for_a_whole_run(crawl_once: Crawl, broken: str) -> None:
    with Site(FakeTed([notice(1, 0)])) as site:
        notes = crawl_once("ted", site.url, broken=broken)
    assert "the spider broke" in notes["error"]["text"]
    assert broken == "begin" or notes["finished"]["complete"] is False
