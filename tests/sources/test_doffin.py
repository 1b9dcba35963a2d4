"""Search pages of Doffin's public API."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.errors import SourceChanged, SourceError
from procmatch.sources.doffin import SearchPage, issue_days, read_detail, read_search

API = Path(__file__).resolve().parents[3] / "shared" / "data" / "tenders" / "doffin_api"
WEBCLIENT = API.with_name("doffin_webclient")

HIT: dict[str, Any] = {
    "id": "2026-000001",
    "buyer": [{"id": "b1", "organizationId": "310 000 019", "name": "Fjordvik kommune"}],
    "heading": "Mat",
    "description": "Mat til skoler",
    "locationId": ["NO0A2", "anyw"],
    "estimatedValue": {"currencyCode": "NOK", "amount": 4000000},
    "type": "ANNOUNCEMENT_OF_COMPETITION",
    "allTypes": ["ANNOUNCEMENT_OF_COMPETITION", "COMPETITION"],
    "status": "ACTIVE",
    "issueDate": "2026-07-30T12:36:32Z",
    "deadline": "2026-09-01T10:00:00Z",
    "publicationDate": "2026-08-03",
    "receivedTenders": None,
    "allReceivedTenders": None,
    "cpvCodes": ["15000000"],
    "limitedDataFlag": None,
    "doffinClassicUrl": None,
    "lots": [{"heading": "Mat", "description": "", "winner": []}],
}


def page(*hits: object, **more: object) -> bytes:
    return json.dumps(
        {"numHitsTotal": 157143, "numHitsAccessible": 1000, "hits": list(hits), **more}
    ).encode()


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in HIT.items() if key != name}


def test_a_page_is_read() -> None:
    read = read_search(page(HIT))
    assert (read.total, read.accessible) == (157143, 1000)
    (hit,) = read.hits
    assert (hit.id, hit.type, hit.status) == (
        "2026-000001",
        "ANNOUNCEMENT_OF_COMPETITION",
        "ACTIVE",
    )
    assert hit.publication_date == date(2026, 8, 3)
    assert hit.issue_date == datetime(2026, 7, 30, 12, 36, 32, tzinfo=UTC)
    assert hit.deadline == datetime(2026, 9, 1, 10, tzinfo=UTC)
    assert [(buyer.number, buyer.name) for buyer in hit.buyers] == [
        ("310 000 019", "Fjordvik kommune")
    ]
    assert json.loads(hit.raw) == HIT
    assert hit.digest == hashlib.sha256(hit.raw).hexdigest()


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    (one,) = read_search(page(HIT)).hits
    (other,) = read_search(page(dict(reversed(HIT.items())))).hits
    (changed,) = read_search(page({**HIT, "status": "EXPIRED"})).hits
    assert one.digest == other.digest != changed.digest


def test_an_empty_page_and_a_lone_hit_are_read() -> None:
    assert read_search(page()).hits == ()
    lone = page(HIT).replace(b'"hits": [{', b'"hits": {').replace(b"}]}]}", b"}]}}")
    assert [hit.id for hit in read_search(lone).hits] == ["2026-000001"]


def test_unescaped_control_characters_are_accepted() -> None:
    body = page(HIT).replace(b"Mat til skoler", b"Mat\ntil\x01skoler\t")
    (hit,) = read_search(body).hits
    assert json.loads(hit.raw)["description"] == "Mat\ntil\x01skoler\t"


def test_an_unknown_type_and_absent_optional_keys_are_accepted() -> None:
    (hit,) = read_search(
        page({"id": "2026-1", "type": "NEW_KIND", "publicationDate": "2026-08-03"})
    ).hits
    assert (hit.type, hit.status, hit.deadline, hit.buyers) == ("NEW_KIND", None, None, ())


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (page(HIT, took=3), "took"),
        (page(HIT, {**HIT, "tedId": "1"}), "hits[1].tedId"),
        (page({**HIT, "buyer": [{"id": "1", "phone": "2"}]}), "hits[0].buyer[0].phone"),
        (page({**HIT, "buyer": ["x"]}), "hits[0].buyer[0]"),
        (page({**HIT, "buyer": {"id": "1"}}), "hits[0].buyer"),
        (page("x"), "hits[0]"),
        (page(without("id")), "hits[0].id"),
        (page({**HIT, "id": "../../etc"}), "hits[0].id"),
        (page({**HIT, "id": 5}), "hits[0].id"),
        (page(without("type")), "hits[0].type"),
        (page({**HIT, "status": ["ACTIVE"]}), "hits[0].status"),
        (page(without("publicationDate")), "hits[0].publicationDate"),
        (page({**HIT, "publicationDate": "3.8.2026"}), "hits[0].publicationDate"),
        (page({**HIT, "deadline": "soon"}), "hits[0].deadline"),
        (page({**HIT, "deadline": "2026-09-01T10:00:00"}), "hits[0].deadline"),
        (page(HIT, numHitsTotal="many"), "numHitsTotal"),
        (page(HIT, numHitsAccessible=True), "numHitsAccessible"),
        (b'{"numHitsTotal": 0, "numHitsAccessible": 0}', "hits"),
        (page(HIT, hits=None), "hits"),
        (b"[]", ""),
    ],
)
def test_what_is_not_as_agreed_is_named_with_its_path(body: bytes, path: str) -> None:
    with pytest.raises(SourceChanged) as caught:
        read_search(body)
    assert caught.value.where == path


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"<html></html>", "not JSON"),
        (b'{"hits": [', "not JSON"),
        (b'{"hits": NaN}', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"statusCode": 429, "message": "Rate limit is exceeded."}', "Rate limit"),
        (b'{"reason": "Unable to access more than the top 1000 hits"}', "top 1000"),
    ],
)
def test_no_page_is_an_error(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_search(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["hits", "id", "type", "x", *HIT]), inner)
        ),
        max_leaves=8,
    )
)
def test_any_json_gives_a_page_or_a_named_error(value: object) -> None:
    try:
        read = read_search(page(value))
    except SourceError:
        return
    assert isinstance(read, SearchPage)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("contract-award-notice", "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT"),
        ("contract-notice", "ANNOUNCEMENT_OF_COMPETITION"),
        ("intention-notice", "ANNOUNCEMENT_OF_INTENT"),
        ("prior-information-notice", "ADVISORY_NOTICE"),
    ],
)
def test_captured_hits_are_read(name: str, found: str) -> None:
    hit = json.loads((API / f"captured_{name}.json").read_bytes())
    assert read_search(page(hit)).hits[0].type == found


@pytest.mark.shared
def test_a_captured_page_is_read() -> None:
    read = read_search((API / "captured_search-response-page.json").read_bytes())
    assert (read.total, read.accessible, len(read.hits)) == (157143, 1000, 3)
    assert len(read.hits[0].buyers) == 3


@pytest.mark.shared
def test_what_stands_behind_the_pages_is_read() -> None:
    hit = json.loads((WEBCLIENT / "captured_search_hit_2026-107921.json").read_text("utf-8"))
    body = page(hit, facets={})
    assert read_search(body, of_pages=True).hits[0].id == "2026-107921"
    with pytest.raises(SourceChanged):
        read_search(page(hit))
    detail = (WEBCLIENT / "captured_detail_2026-107918.trimmed.json").read_bytes()
    assert read_detail(detail, "2026-107918") == {"2026-105551"}


@pytest.mark.parametrize(
    ("detail", "where"),
    [
        (b'{"id": "2026-2"}', "id"),
        (b"[]", ""),
        (b'{"id": "2026-1", "changeNotices": 3}', "changeNotices"),
        (b'{"id": "2026-1", "changeNotices": [3]}', "changeNotices[0]"),
        (
            b'{"id": "2026-1", "changeNotices": [], "procurementTimeline": [{"id": "x"}]}',
            "procurementTimeline[0].id",
        ),
    ],
)
def test_a_detail_that_is_not_as_agreed_is_refused(detail: bytes, where: str) -> None:
    with pytest.raises(SourceChanged) as raised:
        read_detail(detail, "2026-1")
    assert raised.value.where == where


def test_a_detail_names_other_publications() -> None:
    detail = {
        "id": "2026-1",
        "changeNotices": [{"id": "2026-1"}, {"id": "2025-9"}],
        "procurementTimeline": [{"id": "2026-3"}],
    }
    assert read_detail(json.dumps(detail).encode(), "2026-1") == {"2025-9", "2026-3"}


def test_the_days_of_issue_are_those_of_utc_and_of_oslo() -> None:
    assert issue_days(json.dumps(HIT)) == (date(2026, 7, 30),)
    late = json.dumps({**HIT, "issueDate": "2026-07-30T22:10:00Z"})
    assert issue_days(late) == (date(2026, 7, 30), date(2026, 7, 31))
    assert issue_days(json.dumps({**HIT, "issueDate": None})) == ()
