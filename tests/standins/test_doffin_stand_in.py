"""Doffin's traps, one by one, over HTTP."""

from __future__ import annotations

import dataclasses
import http.client
import json
import time
from datetime import date
from typing import Any

import pytest

from procmatch.demo.standins.content import Content, Override
from procmatch.demo.standins.faults import Faults
from tests.standins.conftest import Serve
from tests.standins.small import KEY, TODAY, Answer, ask, download, notice, search, small_content

QUIET = Faults.none()


def ids(answer: Answer) -> list[str]:
    return [hit["id"] for hit in answer.json()["hits"]]


def many(count: int) -> Content:
    """So many notices, all published on one day."""
    keys = [f"2026-{200000 + n}" for n in range(count)]
    same_day = Override(publication_date=date(2026, 9, 3))
    return small_content(
        notices={key: notice(f"uuid-{key}") for key in keys},
        overrides=dict.fromkeys(keys, same_day),
    )


@pytest.fixture(scope="module")
def crowd() -> Content:
    return many(250)


@pytest.mark.parametrize(
    ("headers", "query", "status", "text"),
    [
        ({}, {}, 401, "missing subscription key"),
        ({"Ocp-Apim-Subscription-Key": "other"}, {}, 401, "invalid subscription key"),
        ({"Ocp-Apim-Subscription-Key": KEY}, {}, 200, "numHitsTotal"),
        ({}, {"subscription-key": KEY}, 200, "numHitsTotal"),
    ],
)
def test_a_key_is_wanted_in_a_header_or_in_the_address(
    url: str, headers: dict[str, str], query: dict[str, str], status: int, text: str
) -> None:
    answer = ask(url, "/public/v2/search", query, headers=headers)
    assert answer.status == status
    assert text in answer.body.decode()


@pytest.mark.parametrize(
    ("query", "status", "body"),
    [
        ({"page": "0"}, 400, {"reason": "Parameter page must be >= 1"}),
        (
            {"issueDateFrom": "03.08.2026"},
            400,
            {"reason": "Wrong issue date format. Correct format: YYYY-MM-DD"},
        ),
        (
            {"issueDateTo": "20260803"},
            400,
            {"reason": "Wrong issue date format. Correct format: YYYY-MM-DD"},
        ),
        (
            {"type": "ZZZBOGUS"},
            400,
            {"reason": "No enum constant no.dfo.dof.notices.domain.elements.NoticeType.ZZZBOGUS"},
        ),
        ({"sortBy": "BOGUS"}, 404, None),
        ({"numHitsPerPage": "101"}, 400, None),
        ({"numHitsPerPage": "many"}, 400, None),
        ({"estimatedValueFrom": "much"}, 400, None),
        ({"page": "11", "numHitsPerPage": "100"}, 400, None),
    ],
)
def test_a_bad_question_is_refused_as_live(
    url: str, query: dict[str, str], status: int, body: object
) -> None:
    answer = search(url, **query)
    assert answer.status == status
    if body is not None:
        assert answer.json() == body
    elif status == 404:
        assert answer.body == b""


EVERYTHING = {"2026-100002", "2026-100003", "2026-100004", "2026-100005"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, EVERYTHING),
        ({"id": "2026-100003"}, EVERYTHING),
        ({"publicationDateFrom": "2030-01-01"}, EVERYTHING),
        ({"cpvCode": "45000000"}, {"2026-100003"}),
        ({"cpvCode": "45210000"}, {"2026-100003"}),
        ({"cpvCode": ["45000000", "15800000"]}, EVERYTHING),
        ({"cpvCode": "45000000,15800000"}, set()),
        ({"cpvCode": "45210000-2"}, set()),
        ({"cpvCode": "45"}, set()),
        ({"location": "NO08"}, EVERYTHING - {"2026-100003"}),
        ({"location": "anyw"}, {"2026-100003"}),
        ({"location": "Oslo"}, set()),
        ({"type": "ADVISORY_NOTICE"}, {"2026-100004"}),
        ({"type": "PLANNING"}, {"2026-100004"}),
        ({"type": "PLANNING,COMPETITION"}, set()),
        ({"status": "EXPIRED"}, {"2026-100005"}),
        ({"status": ["EXPIRED", "ACTIVE"]}, EVERYTHING - {"2026-100004"}),
        ({"type": "PLANNING", "status": "ACTIVE"}, set()),
        ({"issueDateFrom": "2026-09-01", "issueDateTo": "2026-09-01"}, EVERYTHING),
        ({"issueDateFrom": "2026-09-02"}, set()),
        ({"estimatedValueFrom": "1"}, set()),
        ({"searchString": "FERSKT BRØD"}, EVERYTHING),
        ({"searchString": "brød ferskt"}, set()),
    ],
)
def test_filters_work_as_live_and_unknown_ones_are_ignored(
    url: str, query: dict[str, Any], found: set[str]
) -> None:
    answer = search(url, **query)
    assert set(ids(answer)) == found
    assert answer.json()["numHitsTotal"] == len(found)


def test_a_value_filter_leaves_out_notices_without_a_value(serve: Serve) -> None:
    content = small_content(notices={"2026-1": notice("a", amount="500"), "2026-2": notice("b")})
    url = serve(content)
    assert ids(search(url, estimatedValueFrom="500", estimatedValueTo="500")) == ["2026-1"]
    assert ids(search(url, estimatedValueTo="499")) == []


def test_a_changed_notice_is_not_found_but_can_be_downloaded(url: str) -> None:
    assert "2026-100001" not in ids(search(url))
    answer = download(url, "2026-100001")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert b"uuid-1" in answer.body


def test_fifteen_hits_a_page_unless_asked(serve: Serve, crowd: Content) -> None:
    page = search(serve(crowd)).json()
    assert (len(page["hits"]), page["numHitsTotal"], page["numHitsAccessible"]) == (15, 250, 250)


def test_past_the_cap_comes_a_refusal_or_an_empty_list(serve: Serve, crowd: Content) -> None:
    strict = search(serve(crowd), page=11, numHitsPerPage=100)
    assert strict.status == 400
    assert "top 1000 hits" in strict.json()["reason"]
    loose = search(
        serve(crowd, dataclasses.replace(QUIET, refuse_past_cap=False)),
        page=11,
        numHitsPerPage=100,
    )
    assert (loose.status, loose.json()["hits"]) == (200, [])


def test_only_the_first_thousand_are_accessible(serve: Serve) -> None:
    page = search(serve(many(1001)), page=10, numHitsPerPage=100).json()
    assert (page["numHitsTotal"], page["numHitsAccessible"], len(page["hits"])) == (1001, 1000, 100)


def test_large_pages_may_be_allowed(serve: Serve, crowd: Content) -> None:
    url = serve(crowd, dataclasses.replace(QUIET, refuse_large_pages=False))
    assert len(ids(search(url, numHitsPerPage=200))) == 200


@pytest.mark.parametrize("sort", ["PUBLICATION_DATE_DESC", "PUBLICATION_DATE_ASC"])
def test_the_same_call_gives_the_same_order(serve: Serve, crowd: Content, sort: str) -> None:
    url = serve(crowd, dataclasses.replace(QUIET, shuffle_ties=True))
    assert ids(search(url, sortBy=sort)) == ids(search(url, sortBy=sort))


def test_ties_change_places_between_page_sizes(serve: Serve, crowd: Content) -> None:
    url = serve(crowd, dataclasses.replace(QUIET, shuffle_ties=True))
    assert ids(search(url, numHitsPerPage=50)) != ids(search(url, numHitsPerPage=100))[:50]


def pages(url: str, sort: str) -> list[str]:
    asked = [search(url, sortBy=sort, page=n, numHitsPerPage=100) for n in (1, 2, 3)]
    return [key for page in asked for key in ids(page)]


def test_newest_first_one_notice_comes_twice_and_none_is_lost(serve: Serve, crowd: Content) -> None:
    url = serve(crowd, dataclasses.replace(QUIET, shuffle_ties=True))
    seen = pages(url, "PUBLICATION_DATE_DESC")
    assert (len(seen), len(set(seen))) == (251, 250)


def test_oldest_first_some_come_twice_and_some_are_lost(serve: Serve, crowd: Content) -> None:
    url = serve(crowd, dataclasses.replace(QUIET, shuffle_ties=True))
    seen = pages(url, "PUBLICATION_DATE_ASC")
    assert len(seen) == 250
    assert 100 < len(set(seen)) < 250


def test_without_faults_pages_fit_together(serve: Serve, crowd: Content) -> None:
    seen = pages(serve(crowd), "PUBLICATION_DATE_ASC")
    assert len(seen) == len(set(seen)) == 250


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("ESTIMATED_VALUE_DESC", ["2026-2", "2026-1", "2026-3"]),
        ("ESTIMATED_VALUE_ASC", ["2026-1", "2026-2", "2026-3"]),
        ("DEADLINE", ["2026-3", "2026-1", "2026-2"]),
        ("PUBLICATION_DATE_ASC", ["2026-2", "2026-3", "2026-1"]),
        ("PUBLICATION_DATE_DESC", ["2026-1", "2026-3", "2026-2"]),
    ],
)
def test_hits_are_sorted_as_asked(serve: Serve, sort: str, order: list[str]) -> None:
    content = small_content(
        notices={
            "2026-1": notice("a", amount="5", deadline="2026-12-02Z", issued="2026-09-20Z"),
            "2026-2": notice("b", amount="70", deadline="2026-12-03Z", issued="2026-09-01Z"),
            "2026-3": notice("c", deadline="2026-12-01Z", issued="2026-09-10Z"),
        }
    )
    assert ids(search(serve(content), sortBy=sort)) == order


def test_one_description_holds_a_raw_line_break(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, raw_newline=True))
    first, second = search(url), search(url)
    with pytest.raises(json.JSONDecodeError, match="control character"):
        json.loads(first.body)
    assert first.body == second.body
    assert sum("\n" in hit["description"] for hit in first.json()["hits"]) == 1


@pytest.mark.parametrize(
    ("faults", "statuses"),
    [
        ({"late_download": "first"}, [404, 200, 200]),
        ({"late_download": "2026-100002"}, [404, 200, 200]),
        ({"broken_download": "2026-100002"}, [500, 500, 200]),
        ({}, [200, 200, 200]),
    ],
)
def test_some_downloads_come_late(
    serve: Serve, faults: dict[str, Any], statuses: list[int]
) -> None:
    url = serve(faults=dataclasses.replace(QUIET, **faults))
    assert [download(url, "2026-100002").status for _ in statuses] == statuses


def test_an_unknown_document_and_an_unknown_path_are_not_found(url: str) -> None:
    assert (download(url, "2026-999999").status, download(url, "2026-999999").body) == (404, b"")
    answer = ask(url, "/public/v2/notices/1", headers={"Ocp-Apim-Subscription-Key": KEY})
    assert (answer.status, answer.json()["message"]) == (404, "Resource not found")


def test_one_answer_is_cut_short_once(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, truncated_search=True))
    with pytest.raises(json.JSONDecodeError):
        search(url).json()
    assert len(ids(search(url))) == 4


def test_one_connection_is_dropped_once(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, dropped_connection=True))
    assert [search(url).status for _ in range(2)] == [200, 200]
    with pytest.raises(http.client.RemoteDisconnected):
        search(url)
    assert search(url).status == 200


def test_one_answer_may_be_a_page_of_html(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, html_error=True))
    kinds = [search(url).headers["content-type"] for _ in range(6)]
    assert kinds.count("text/html") == 1


def test_too_many_requests_are_refused_until_the_window_has_passed(serve: Serve) -> None:
    limited = dataclasses.replace(QUIET, rate_limit=3, rate_window_s=0.8)
    url = serve(faults=limited)
    assert [search(url).status for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = search(url)
    assert refused.headers["retry-after"] == "1"
    assert refused.json() == {
        "statusCode": 429,
        "message": "Rate limit is exceeded. Try again in 1 seconds.",
    }
    time.sleep(0.85)
    assert search(url).status == 200


def test_the_live_window_is_28_requests_in_10_seconds(serve: Serve) -> None:
    url = serve(faults=Faults())
    statuses = [download(url, "2026-100005").status for _ in range(29)]
    assert statuses == [200] * 28 + [429]
    assert 8 <= int(download(url, "2026-100005").headers["retry-after"]) <= 10


def test_a_wrong_key_does_not_use_up_the_window(serve: Serve) -> None:
    url = serve(faults=dataclasses.replace(QUIET, rate_limit=1))
    assert ask(url, "/public/v2/search").status == 401
    assert search(url).status == 200


def test_two_changes_of_one_notice_are_both_found(serve: Serve) -> None:
    content = small_content(
        notices={
            "2026-1": notice("old"),
            "2026-2": notice("new-1", changes="old-01"),
            "2026-3": notice("new-2", changes="old-01"),
        }
    )
    assert content.today == TODAY
    assert set(ids(search(serve(content)))) == {"2026-2", "2026-3"}
