"""Search pages of TED's API v3, and its refusals."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmatch.errors import SourceChanged, SourceError
from procmatch.sources.ted import FIELDS, Row, SearchPage, read_refusal, read_search

API = Path(__file__).resolve().parents[3] / "shared" / "data" / "tenders" / "ted_api"
UUID = "f2f5a3b0-e904-4403-8abb-2c9987db46c2"

ROW: dict[str, Any] = {
    "publication-number": "596416-2026",
    "publication-date": "2026-08-31+02:00",
    "notice-identifier": UUID,
    "notice-version": "01",
    "procedure-identifier": "0e5a1f9c-0000-4000-8000-000000000001",
    "notice-type": "cn-standard",
    "form-type": "competition",
    "notice-subtype": "16",
    "buyer-country": ["NOR"],
    "buyer-name": {"eng": ["Fjordvik municipality", "Innvik municipality"]},
    "title-proc": {"eng": "Food"},
    "official-language": ["ENG"],
    "links": {"xml": {"MUL": "https://ted.europa.eu/en/notice/596416-2026/xml"}},
}


def page(*rows: object, **more: object) -> bytes:
    envelope = {"totalNoticeCount": 2593, "iterationNextToken": "AAAB", "timedOut": False}
    return json.dumps({"notices": list(rows), **envelope, **more}).encode()


def row(**changes: object) -> dict[str, Any]:
    """Return the row with fields (their dashes as underscores) changed; None takes one away."""
    fields = {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in {**ROW, **fields}.items() if value is not None}


def only(body: bytes) -> Row:
    (found,) = read_search(body).rows
    return found


def test_a_page_is_read() -> None:
    read = read_search(page(ROW))
    assert (read.total, read.token, read.timed_out) == (2593, "AAAB", False)
    (found,) = read.rows
    assert (found.publication_number, found.published_on) == ("596416-2026", date(2026, 8, 31))
    assert (found.notice_id, found.version) == (UUID, "01")
    assert found.procedure_id == "0e5a1f9c-0000-4000-8000-000000000001"
    assert (found.notice_type, found.form_type, found.subtype) == (
        "cn-standard",
        "competition",
        "16",
    )
    assert (found.countries, found.languages) == (("NOR",), ("ENG",))
    assert found.titles == {"eng": "Food"}
    assert found.buyers == {"eng": ("Fjordvik municipality", "Innvik municipality")}
    assert found.links["xml"]["MUL"].endswith("/en/notice/596416-2026/xml")


def test_an_absent_key_is_an_absent_value() -> None:
    found = only(page({name: ROW[name] for name in ("publication-number", "publication-date")}))
    assert (found.notice_id, found.version, found.procedure_id) == (None, None, None)
    assert (found.notice_type, found.countries, found.languages) == (None, (), ())
    assert (found.titles, found.buyers, found.links) == ({}, {}, {})


def test_scalars_and_lists_say_the_same() -> None:
    found = only(
        page(
            row(
                notice_type=["cn-standard"],
                buyer_country="NOR",
                notice_version=1,
                buyer_name={"eng": "Fjordvik municipality"},
                title_proc={"eng": ["Food"], "fra": []},
            )
        )
    )
    assert (found.notice_type, found.countries, found.version) == ("cn-standard", ("NOR",), "01")
    assert (found.buyers, found.titles) == ({"eng": ("Fjordvik municipality",)}, {"eng": "Food"})


def test_countries_of_joint_buyers_are_named_once_each() -> None:
    assert only(page(row(buyer_country=["NOR", "SWE", "NOR"]))).countries == ("NOR", "SWE")


@pytest.mark.parametrize(
    "text", ["2026-08-31", "2026-08-31Z", "2026-08-31+02:00", "2026-08-31-01:00"]
)
def test_the_day_of_publication_is_the_one_that_is_printed(text: str) -> None:
    assert only(page(row(publication_date=text))).published_on == date(2026, 8, 31)


def test_links_and_the_order_of_keys_do_not_change_the_digest() -> None:
    found = only(page(ROW))
    assert b"links" not in found.raw
    assert found.digest == hashlib.sha256(found.raw).hexdigest()
    moved = {**dict(reversed(ROW.items())), "links": {"xml": {"MUL": "https://elsewhere.example"}}}
    assert only(page(moved)).digest == found.digest
    assert only(page(row(notice_version="02"))).digest != found.digest


def test_the_last_page_may_be_empty_with_or_without_a_token_and_a_total() -> None:
    assert read_search(page()).rows == ()
    last = read_search(page(iterationNextToken=None, totalNoticeCount=None))
    assert (last.rows, last.token, last.total) == ((), None, None)


def test_a_page_that_timed_out_says_so() -> None:
    assert read_search(page(ROW, timedOut=True)).timed_out


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (page(ROW, took=3), "took"),
        (page(ROW, {**ROW, "deadline": "x"}), "notices[1].deadline"),
        (page("x"), "notices[0]"),
        (page(notices=None), "notices"),
        (page(notices={}), "notices"),
        (page(totalNoticeCount="many"), "totalNoticeCount"),
        (page(totalNoticeCount=True), "totalNoticeCount"),
        (page(iterationNextToken=5), "iterationNextToken"),
        (page(timedOut="no"), "timedOut"),
        (page(row(publication_number=None)), "notices[0].publication-number"),
        (page(row(publication_number="2026-112541-1")), "notices[0].publication-number"),
        (page(row(publication_number="../x-2026")), "notices[0].publication-number"),
        (page(row(publication_date=None)), "notices[0].publication-date"),
        (page(row(publication_date="31.8.2026")), "notices[0].publication-date"),
        (page(row(publication_date="2026-02-31+01:00")), "notices[0].publication-date"),
        (page(row(notice_type=["cn-standard", "veat"])), "notices[0].notice-type"),
        (page(row(notice_type={"eng": "x"})), "notices[0].notice-type"),
        (page(row(notice_version=True)), "notices[0].notice-version"),
        (page(row(title_proc="Food")), "notices[0].title-proc"),
        (page(row(title_proc={"eng": {"a": "b"}})), "notices[0].title-proc.eng"),
        (page(row(links=["x"])), "notices[0].links"),
        (page(row(links={"xml": "https://x.example"})), "notices[0].links.xml"),
        (b"[]", ""),
    ],
)
def test_what_is_not_as_agreed_is_named_with_its_path(body: bytes, path: str) -> None:
    with pytest.raises(SourceChanged) as caught:
        read_search(body)
    assert (caught.value.source, caught.value.where) == ("ted", path)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"<html><title>429 Too Many Requests</title></html>", "not JSON"),
        (b'{"notices": [', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"message": "Validation error", "error": []}', "Validation error"),
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
            | st.dictionaries(st.sampled_from(["notices", "message", "error", "x", *ROW]), inner)
        ),
        max_leaves=8,
    )
)
def test_any_json_gives_a_page_or_a_named_error_and_a_refusal(value: object) -> None:
    body = json.dumps(value).encode()
    assert len(read_refusal(body).reason) < 2000
    try:
        read = read_search(page({**ROW, "title-proc": value, "notice-type": value}))
    except SourceError:
        return
    assert isinstance(read, SearchPage)


@pytest.mark.parametrize(
    ("body", "kind", "field", "reason"),
    [
        (
            {
                "message": "Validation error",
                "error": [{"objectName": "r", "field": "fields", "message": "must not be empty"}],
            },
            "",
            "fields",
            "Validation error: must not be empty",
        ),
        (
            {
                "message": "Unsupported value 'XXX'",
                "error": {
                    "type": "QUERY_UNSUPPORTED_FIELD_VALUE",
                    "fieldName": "buyer-country",
                    "location": {"line": 1, "column": 15},
                },
            },
            "QUERY_UNSUPPORTED_FIELD_VALUE",
            "buyer-country",
            "Unsupported value 'XXX' (column 15)",
        ),
        (
            {"message": "Too many", "error": {"type": "SEARCH_EXCEEDS_MAX_LIMIT"}},
            "SEARCH_EXCEEDS_MAX_LIMIT",
            "",
            "Too many",
        ),
        ({"message": "JSON parse error: Unrecognized field"}, "", "", "JSON parse error"),
        ("odd", "", "", "odd"),
    ],
)
def test_a_refusal_says_what_and_where(body: object, kind: str, field: str, reason: str) -> None:
    said = read_refusal(json.dumps(body).encode())
    assert (said.kind, said.field) == (kind, field)
    assert said.reason.startswith(reason)


def test_of_all_the_names_that_ted_knows_only_ours_that_are_gone_are_said() -> None:
    known = ",".join(name for name in [*FIELDS, "sme-part"] if name != "notice-subtype")
    message = f"Parameter 'fields' contains unsupported value (supported values are: {known})"
    said = read_refusal(json.dumps({"message": message}).encode())
    assert (said.field, said.reason) == ("fields", "TED no longer knows notice-subtype")


def test_a_refusal_in_html_is_said_in_one_line() -> None:
    assert read_refusal(b"<html>\n<h1>400</h1>\n</html>").reason == "<html> <h1>400</h1> </html>"


@pytest.mark.shared
@pytest.mark.parametrize("path", sorted(API.glob("captured_*.json")), ids=lambda path: path.stem)
def test_captured_rows_are_read(path: Path) -> None:
    captured = json.loads(path.read_bytes())
    found = only(page({name: captured[name] for name in captured.keys() & {*FIELDS, "links"}}))
    assert path.name.startswith(f"captured_{found.publication_number}")
    assert f"{found.published_on}" == captured["publication-date"][:10]
    assert found.notice_type == ("qu-sy" if "qu-sy" in path.name else "cn-standard")
    assert found.links["xml"]["MUL"].endswith(f"/{found.publication_number}/xml")
    assert len(found.links["html"]) == 24


@pytest.mark.shared
def test_a_norwegian_page_is_read() -> None:
    derived = json.loads((API / "derived_search_response_norwegian.json").read_bytes())
    rows = [{n: one[n] for n in one.keys() & {*FIELDS, "links"}} for one in derived["notices"]]
    found = read_search(page(*rows)).rows
    assert len(found) == 10
    assert {one.countries for one in found} == {("NOR",)}
    assert all(one.notice_id and one.version == "01" for one in found)
    assert sum(one.procedure_id is None for one in found) >= 1
