"""The search behind Doffin's pages, over HTTP."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from procmatch.sources.doffin import read_detail, read_search
from tests.standins.small import ask


def post(url: str, facets: dict[str, Any], **more: object) -> tuple[int, bytes]:
    question = {"numHitsPerPage": 100, "page": 1, "searchString": "", "facets": facets} | more
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    path = "/webclient/api/v2/search-api/search"
    connection.request("POST", path, json.dumps(question), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


EVERYTHING = {"2026-100002", "2026-100003", "2026-100004", "2026-100005"}


@pytest.mark.parametrize(
    ("facets", "found"),
    [
        ({}, EVERYTHING),
        ({"type": {"checkedItems": ["PLANNING"]}}, {"2026-100004"}),
        ({"status": {"checkedItems": ["EXPIRED"]}}, {"2026-100005"}),
        ({"location": {"checkedItems": ["anyw"]}}, {"2026-100003"}),
        ({"publicationDate": {"from": None, "to": None}}, EVERYTHING),
        ({"publicationDate": {"from": "2030-01-01", "to": None}}, set()),
    ],
)
def test_facets_filter(url: str, facets: dict[str, Any], found: set[str]) -> None:
    status, body = post(url, facets)
    assert status == 200
    page = read_search(body, of_pages=True)
    assert {hit.id for hit in page.hits} == found
    assert page.total == len(found)
    if found == EVERYTHING:
        counted = json.loads(body)["facets"]["status"]["items"]
        assert {item["id"] for item in counted} >= {"ACTIVE", "EXPIRED"}


def test_filters_outside_the_facets_are_ignored_and_no_key_is_wanted(url: str) -> None:
    status, body = post(url, {}, cpvCodes=["45000000"], size=1)
    assert (status, json.loads(body)["numHitsTotal"]) == (200, len(EVERYTHING))


@pytest.mark.parametrize("more", [{"page": 11}, {"page": "one"}, {"page": None}])
def test_bad_questions_are_refused(url: str, more: dict[str, object]) -> None:
    assert post(url, {}, **more)[0] == 400


def test_a_detail_names_what_a_notice_changes_and_its_procurement(url: str) -> None:
    path = "/webclient/api/v2/notices-api/notices/"
    named = {key: read_detail(ask(url, path + key).body, key) for key in sorted(EVERYTHING)}
    assert any("2026-100001" in others for others in named.values()), "replaced, in no search"
    assert all(key not in others for key, others in named.items())
    assert ask(url, path + "2026-9").status == 404
    assert ask(url, "/webclient/api/v2/other").status == 404
