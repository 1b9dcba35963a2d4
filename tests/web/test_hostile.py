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
"""

from __future__ import annotations

import csv
import io
from datetime import date
from urllib.parse import quote

import openpyxl
import pytest
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
    "/municipality/9803/invitation?tender=2026-200105&lot=",
)  # fmt: skip


def quoted(text: str) -> str:
    return quote(text.encode("utf-16", "surrogatepass").decode("utf-16"), safe="")


@pytest.mark.parametrize("path", PATHS)
def test_what_is_typed_stays_text(site: TestClient, path: str) -> None:
    for text in MARKUP:
        answer = site.get(f"{path}{quoted(text)}", follow_redirects=False)
        assert answer.status_code in {200, 303, 400, 404}, (path, text)
        assert "set-cookie" not in answer.headers
        for harmful in ("<script>alert", "<img src=x", ">49<", "root:x:0"):
            assert harmful not in answer.text, (path, text)


def test_broken_escapes_are_words_too(site: TestClient) -> None:
    for path in ("/search?q=%ff%fe", "/tender/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/supplier/%00"):
        assert site.get(path).status_code in {200, 404}


FORMULAS = ('=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1")
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
