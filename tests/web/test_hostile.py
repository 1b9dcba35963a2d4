"""What is typed, linked or uploaded with bad intent does no harm.

| what | must not |
|---|---|
| markup, scripts, templates in search words and places | become part of a page |
| markup in titles and names of notices and firms | become part of a page |
| formulas in titles and names | run in a spreadsheet |
| SQL, wildcards, control characters, very long words | reach the store as anything but words |
| paths that climb, broken escapes | read a file |
| page numbers, forms of files, radii that are none | break a page |
| addresses of firms' sites that are scripts | be links |
| line breaks in what goes into headers | make headers |
| numbers of hundreds of digits, none, or in other scripts | break a page or the API |
| characters that turn the direction of writing | stand in a page outside a form's fields |
| forms with such words in each field | break a page, or set a cookie |
| such words in what a firm says of itself | become part of a page, or send a letter |

Every address of the application and every parameter it declares must stand in the list below; a
test says which is missing. Elsewhere: drafts and Word files (`test_draft_page.py`,
`tests/sources/test_draft.py`), notices as XML (`tests/sources/test_eforms_safety.py`), what the
store holds and reports as files (`test_hostile_sources.py`), ledgers
(`tests/workflows/test_hostile_ledger.py`), evidence files (`tests/sources_evidence/test_file.py`),
tables that are read (`tests/workflows/test_csv.py`), mail headers (`tests/alerts/test_headers.py`),
signed links (`test_pages.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from procmatch.web.pages.supplier import website_of
from procmatch.web.tables import Column, Table, download

MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "{% for x in [].__class__ %}{% endfor %}",
    "'; DROP TABLE notices; --",
    "%",
    "_",
    "\x00\x01\x1b[31m",
    "\u202eevil\u202c",
    "\ud83e\udd56 brød",
    "a" * 5_000,
    "../../../../etc/passwd",
    "${jndi:ldap://x}",
    "(" * 500,
    "brød\r\nSet-Cookie: x=1",
)  # fmt: skip
PATHS = (
    "/search?q=", "/need?q=", "/tenders?q=", "/tenders?place=", "/tenders?cpv=", "/need?place=",
    "/need?cpv=", "/need?radius=", "/need?group=", "/need?evidence=", "/municipality?q=",
    "/tenders?page=", "/need?q=brød&page=", "/tender/", "/supplier/", "/municipality/",
    "/tender/2026-200105/suppliers?lot=", "/tenders?format=", "/need?q=brød&format=",
    "/municipality/9803/unit?q=", "/municipality/9803/unit?group=", "/subscribe?org=",
    "/about?lang=", "/tender/2026-200105/what-if?lot=", "/tender/2026-200103/what-if?way=",
    "/tender/2026-200103/what-if?parts=", "/municipality/9803/invitation?what=",
    "/municipality/9803/invitation?tender=", "/municipality/9803/levers?format=",
    "/municipality/9803/leader?format=", "/municipality/9803/purchaser?format=",
    "/municipality/9803/food?format=", "/municipality/9803/unit?lang=", "/draft?place=",
    "/subscribe?topic=", "/tender/2026-200105/suppliers?format=", "/tenders?reserved=",
    "/tender/2026-200103/what-if?way=unit&units=", "/tender/2026-200103/what-if?format=",
    "/feeds/", "/feeds/x/", "/api/tenders?q=", "/api/tenders?cpv=", "/api/tenders?place=",
    "/api/tenders?reserved=", "/api/tenders?small=", "/api/tenders?lang=", "/api/tenders/",
    "/api/tenders/2026-200105?lang=", "/api/tenders/2026-200105/lots/",
    "/api/tenders/2026-200105/lots/LOT-0001/suppliers?lang=", "/api/suppliers/",
    "/api/need/depth?q=", "/api/need/depth?q=x&place=", "/api/need/depth?q=x&cpv=",
    "/api/need/depth?q=x&radius=", "/api/need/depth?q=x&evidence=", "/api/need/depth?q=x&small=",
    "/api/need?q=", "/api/need?q=x&place=", "/api/need?q=x&cpv=", "/api/need?q=x&radius=",
    "/api/need?q=x&evidence=", "/api/need?q=x&small=", "/api/need?q=x&lang=",
    "/api/municipalities/", "/api/municipalities/9803/lots?lang=",
    *(f"/{page}/" for page in ("confirm", "leave", "change", "data", "feedback", "more", "review")),
    "/draft?gone=", "/draft/kept/", "/api/levers?lang=", "/api/municipalities/9803/trends?of=",
    "/api/municipalities/9803/trends?by=", "/api/municipalities/9803/purchases?of=",
    "/api/municipalities/9803/targets?of=",
    "/feedback/x?fits=", "/feedback/x?why=",
    "/you?org=", "/statement/", "/requests/",
    "/municipality/9803/invitation?tender=2026-200105&lot=", "/municipality/9803/trends?by=",
    "/municipality/9803/trends?of=", "/municipality/9803/trends?table=",
    "/municipality/9802/trends?of=ledger&format=",
    "/municipality/9802/leakage?table=", "/municipality/9802/leakage?format=",
)  # fmt: skip


def quoted(text: str) -> str:
    return quote(text.encode("utf-16", "surrogatepass").decode("utf-16"), safe="")


#: What is told of a request must be refused or answered, never an error of ours.
ANSWERED = range(200, 500)
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("path", PATHS)
def test_what_is_typed_stays_text(site: TestClient, path: str) -> None:
    # Forms, pages and languages are read in one place each: a few words show it.
    few = path.endswith(("format=", "page=", "lang="))
    for text in MARKUP[:3] if few else MARKUP:
        answer = site.get(f"{path}{quoted(text)}", follow_redirects=False)
        assert answer.status_code in ANSWERED, (path, text)
        assert "set-cookie" not in answer.headers
        if answer.headers["content-type"].startswith("application/json"):
            continue  # Text there is text, and no browser is told otherwise.
        for harmful in ("<script>alert", "<img src=x", ">49<", "root:x:0"):
            assert harmful not in answer.text, (path, text)
        assert not BIDI.search(answer.text), (path, text)


NUMBERS = ("9" * 400, "9" * 5_000, "1e999", "-1", "0", "NaN", "inf", "0x10", "١٢", "1_0", "²", "")
COUNTED = (
    "/tenders?page=", "/need?q=brød&page=", "/need?q=brød&radius=", "/api/need?q=x&radius=",
    "/tender/2026-200103/what-if?way=value&lot=LOT-0001&parts=", "/supplier/", "/municipality/",
    "/api/suppliers/", "/api/municipalities/", "/subscribe?org=", "/tenders?cpv=", "/need?cpv=",
    "/search?q=",
)  # fmt: skip


@pytest.mark.parametrize("path", COUNTED)
def test_a_number_that_is_none_is_answered_in_words(site: TestClient, path: str) -> None:
    for number in NUMBERS:
        answer = site.get(f"{path}{quoted(number)}", follow_redirects=False)
        assert answer.status_code in ANSWERED, (path, number[:20])


def declared(site: TestClient) -> Iterator[tuple[str, str]]:
    """Yield (address, parameter) of every page that is asked for; a part of the path is one too."""
    app = site.app
    assert isinstance(app, FastAPI)
    for route in app.routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            for field in (*route.dependant.path_params, *route.dependant.query_params):
                yield route.path, field.name


def test_every_address_and_parameter_is_tried(site: TestClient) -> None:
    app = site.app
    assert isinstance(app, FastAPI)
    tried = set()
    for path in PATHS:
        at, _, query = path.partition("?")
        full = at if query else f"{at}x"
        for route in app.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                if not route.path_regex.match(full):
                    continue
                last = query.rpartition("&")[2].removesuffix("=")
                names = [one.name for one in route.dependant.path_params]
                tried |= {(route.path, last)} if query else {(route.path, one) for one in names}
                tried |= {(route.path, one) for one in names}
                break
    # A municipality's and a firm's number are tried on their own pages, by the same reader.
    same = {"number", "key", "notice", "lot", "token"}
    missing = {(path, name) for path, name in set(declared(site)) - tried if name not in same}
    assert missing == set()


FIELD = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')


@pytest.mark.parametrize(
    "path", ["/subscribe", "/draft", "/municipality/9803/invitation", "/links"]
)
def test_a_form_takes_words_of_any_kind_in_each_field(site: TestClient, path: str) -> None:
    page = site.get("/subscribe" if path == "/links" else path).text
    fields = {*FIELD.findall(page), "email", "text", "place"} - {"file"}
    for text in MARKUP:
        word = text.encode("utf-8", "replace").decode()
        answer = site.post(path, data=dict.fromkeys(fields, word))
        assert answer.status_code in ANSWERED, (path, text)
        assert "set-cookie" not in answer.headers
        for harmful in ("<script>alert", "<img src=x", ">49<", "root:x:0"):
            assert harmful not in answer.text, (path, text)


@pytest.mark.parametrize("field", ["words", "cpv", "places", "evidence", "contact", "email", "org"])
def test_what_a_firm_types_of_itself_stays_text(site: TestClient, field: str) -> None:
    good = {"org": "359056079", "wish": "correct", "email": "nobody"}
    for text in MARKUP:
        word = text.encode("utf-8", "replace").decode()
        answer = site.post("/you?lang=en", data={**good, field: word})
        assert answer.status_code == 400, "no letter goes to what is no address"
        assert "set-cookie" not in answer.headers
        for harmful in ("<script>alert", "<img src=x", ">49<", "root:x:0"):
            assert harmful not in answer.text, text


def test_broken_escapes_are_words_too(site: TestClient) -> None:
    for path in ("/search?q=%ff%fe", "/tender/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/supplier/%00"):
        assert site.get(path).status_code in {200, 404}


FORMULAS = ('=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1",
            "＝1", "＠SUM(A1)")  # fmt: skip
EVIL = Table(
    title="x",
    columns=(Column(name="a", heading="=A"), Column(name="b", heading="b", is_number=True)),
    rows=[(text, -1) for text in FORMULAS],
)


def test_no_cell_of_a_csv_file_is_a_formula() -> None:
    text = bytes(download(EVIL, "csv", "x").body).decode("utf-8-sig")
    for row in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        assert row[0][:1] == "'", row
        assert row[1] == "-1", "a number stays one"


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    body = bytes(download(EVIL, "xlsx", "x").body)
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert cells[2].value == FORMULAS[0]


def test_a_table_of_days_and_nothing_is_written_in_every_form() -> None:
    table = Table(
        title="x",
        columns=(Column(name="a", heading="a"), Column(name="b", heading="b")),
        rows=[(date(2026, 1, 2), None), (True, 0.5)],
    )
    assert b"2026-01-02," in bytes(download(table, "csv", "x").body)
    assert bytes(download(table, "json", "x").body).startswith(b'[{"a":"2026-01-02","b":null}')
    assert bytes(download(table, "xlsx", "x").body)[:2] == b"PK"


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("www.baker.no", "https://www.baker.no"),
        ("http://baker.no/kaker", "https://baker.no/kaker"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ('baker.no" onclick="x', ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_firms_site_is_linked_only_if_it_is_one(printed: str, address: str) -> None:
    assert website_of(printed) == address


def test_every_answer_forbids_scripts_and_framing(site: TestClient) -> None:
    for path in ("/", "/need?q=brød", "/tenders?format=csv", "/nothing"):
        headers = site.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
