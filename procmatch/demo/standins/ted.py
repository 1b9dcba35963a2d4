"""TED's search API v3 and its notice pages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from procmatch.demo.standins.content import Content
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.faults import Traps
from procmatch.demo.standins.notice_facts import read_facts
from procmatch.demo.standins.ted_query import Query, QueryError, parse
from procmatch.demo.standins.ted_rows import FIELDS, fields_of, ted_copy, ted_row

__all__ = ["Ted"]

_TYPES: dict[str, type] = {
    "query": str,
    "fields": list,
    "limit": int,
    "page": int,
    "scope": str,
    "paginationMode": str,
    "iterationNextToken": str,
    "onlyLatestVersions": bool,
    "checkQuerySyntax": bool,
}
_CHOICES = {
    "scope": {"ALL", "ACTIVE", "LATEST"},
    "paginationMode": {"PAGE_NUMBER", "ITERATION"},
}
_LARGEST, _PRODUCT, _WINDOW = 250, 10_000, 15_000
_PAGE = re.compile(r"/en/notice/(\d+-\d{4})/xml")
_HTML_429 = (
    b"<html><head><title>429 Too Many Requests</title></head>"
    b"<body><center><h1>429 Too Many Requests</h1></center><hr><center>nginx</center></body></html>"
)
_LIMITED = 2
_DEADLINES = ("deadline-receipt-tender-date-lot", "deadline-receipt-request-date-lot")
Body = dict[str, Any]


class _Refusal(Exception):
    def __init__(self, body: Body) -> None:
        super().__init__()
        self.reply = as_json(body, 400)


def _invalid(field: str, message: str) -> _Refusal:
    where = {"objectName": "publicExpertSearchRequestV1", "field": field, "message": message}
    return _Refusal({"message": "Validation error", "error": [where]})


def _typed(kind: str, message: str, **more: object) -> _Refusal:
    return _Refusal({"message": message, "error": {"type": kind, **more}})


class Ted:
    """Answers ``/v3/notices/search`` and ``/en/notice/{number}/xml``."""

    def __init__(self, content: Content, traps: Traps) -> None:
        self.traps = traps
        self.today = content.today
        self.notices = content.ted
        self.rows = list(content.ted_rows if content.ted_rows is not None else _read_rows(content))
        self.rows.sort(key=lambda row: (row["publication-date"], row["publication-number"]))
        self.superseded = {
            reference
            for row in self.rows
            if (reference := row.get("change-notice-version-identifier"))
        }
        self.published = {row["publication-number"]: row["publication-date"] for row in self.rows}

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if found := _PAGE.fullmatch(request.path):
            key = found[1]
            if key not in self.published:
                return Reply(status=404, body=b"<html>Not found</html>", media_type="text/html")
            xml = ted_copy(key, self.notices[key], self.published[key])
            return Reply(body=xml, media_type="application/xml")
        if request.path.startswith("/en/"):
            return Reply(status=404, body=b"<html>Not found</html>", media_type="text/html")
        if request.path != "/v3/notices/search":
            return as_json({"message": "Unauthorized"}, 401)
        if request.method != "POST":
            return as_json({"message": "Request method is not supported"}, 405)
        if self.traps.faults.html_429 and self.traps.nth("ted_search") == _LIMITED:
            return Reply(status=429, body=_HTML_429, media_type="text/html")
        try:
            body = _read(request.body)
            return self._searched(body)
        except _Refusal as refusal:
            return refusal.reply

    def _searched(self, body: Body) -> Reply:
        try:
            query = parse(body["query"], self.today)
        except QueryError as error:
            place = {"line": 1, "column": error.column}
            named = {"fieldName": error.field} if error.field else {}
            raise _typed(error.kind, error.message, location=place, **named) from error
        if body.get("checkQuerySyntax"):
            return _page([], None, None)
        rows = self._sorted(query, self._found(query, body))
        limit = body.get("limit", 10)
        iterating = body.get("paginationMode") == "ITERATION"
        start = _offset(body) if iterating else (body.get("page", 1) - 1) * limit
        wanted = frozenset(body["fields"])
        part = [fields_of(row, wanted) for row in rows[start : start + limit]]
        if self.traps.faults.timed_out_page and self.traps.nth("ted_page") == 1:
            here = _token(body, start) if iterating else None
            return _page(part[: len(part) // 2], len(rows), here, timed_out=True)
        # The last page may be short or empty, and still carries a token.
        following = _token(body, start + limit) if iterating else None
        return _page(part, len(rows), following)

    def _found(self, query: Query, body: Body) -> list[Body]:
        rows = [row for row in self.rows if query.fits(row)]
        if body.get("onlyLatestVersions"):
            rows = [row for row in rows if not self._is_superseded(row)]
        if body.get("scope") == "ACTIVE":
            rows = [row for row in rows if _is_open(row, self.today)]
        elif body.get("scope") == "LATEST":
            last = max((row["publication-date"] for row in self.rows), default="")
            rows = [row for row in rows if row["publication-date"] == last]
        return rows

    def _is_superseded(self, row: Body) -> bool:
        version = f"{row.get('notice-identifier')}-{row.get('notice-version')}"
        return bool({version, row["publication-number"]} & self.superseded)

    @staticmethod
    def _sorted(query: Query, rows: list[Body]) -> list[Body]:
        for name, down in reversed(query.sort):
            rows.sort(key=lambda row, name=name: str(row.get(name, "")), reverse=down)  # type: ignore[misc]
        return rows


def _read_rows(content: Content) -> list[Body]:
    return [ted_row(key, read_facts(key, xml)) for key, xml in content.ted.items()]


def _is_open(row: Body, today: date) -> bool:
    days = [day for name in _DEADLINES for day in row.get(name, ())]
    return bool(days) and date.fromisoformat(days[0][:10]) >= today


def _page(
    notices: Sequence[Body], total: int | None, token: str | None, *, timed_out: bool = False
) -> Reply:
    return as_json(
        {
            "notices": notices,
            "totalNoticeCount": total,
            "iterationNextToken": token,
            "timedOut": timed_out,
        }
    )


def _read(raw: bytes) -> Body:
    """Return the checked body; TED refuses what it does not know."""
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise _Refusal({"message": f"JSON parse error: {error}"}) from error
    if not isinstance(body, dict):
        raise _Refusal({"message": "JSON parse error: Cannot deserialize value"})
    if unknown := set(body) - set(_TYPES):
        name = min(unknown)
        raise _Refusal(
            {"message": f'JSON parse error: Unrecognized field "{name}", not marked as ignorable'}
        )
    for name, value in body.items():
        if not isinstance(value, _TYPES[name]) or (_TYPES[name] is int and value is True):
            raise _Refusal({"message": f"JSON parse error: Cannot deserialize value of {name}"})
        if name in _CHOICES and value not in _CHOICES[name]:
            raise _Refusal({"message": f"JSON parse error: not one of the values of {name}"})
    for name in ("query", "fields"):
        if not body.get(name):
            raise _invalid(name, "must not be empty")
    if not set(body["fields"]) <= FIELDS:
        # It lists what it knows, and does not say which name was wrong.
        names = ",".join(sorted(FIELDS))
        message = f"Parameter 'fields' contains unsupported value (supported values are: {names})"
        raise _Refusal({"message": message})
    _check_size(body)
    return body


def _check_size(body: Body) -> None:
    limit, page = body.get("limit", 10), body.get("page", 1)
    if limit < 1 or page < 1:
        raise _invalid("limit" if limit < 1 else "page", "must be greater than or equal to 1")
    kind = "SEARCH_EXCEEDS_MAX_LIMIT"
    if limit > _LARGEST:
        raise _typed(kind, f"Parameter 'limit' exceeds maximum allowed value ({_LARGEST})")
    if limit * len(body["fields"]) > _PRODUCT:
        raise _typed(kind, f"Fields x limit exceeds maximum allowed value ({_PRODUCT})")
    if body.get("paginationMode") != "ITERATION" and page * limit > _WINDOW:
        message = f"Window size (page x limit) exceeds maximum allowed value ({_WINDOW})"
        raise _typed("SEARCH_EXCEEDS_MAX_WINDOW", message)


def _mark(body: Body) -> str:
    asked = json.dumps([body["query"], sorted(body["fields"]), body.get("scope")])
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


def _token(body: Body, offset: int) -> str:
    return base64.urlsafe_b64encode(f"{_mark(body)}:{offset}".encode()).decode()


def _offset(body: Body) -> int:
    """Return where a token goes on; it is bound to query and fields."""
    token = body.get("iterationNextToken")
    if not token:
        return 0
    try:
        mark, _, offset = base64.urlsafe_b64decode(token).decode().partition(":")
    except ValueError:
        mark = offset = ""
    if mark != _mark(body) or not offset.isdecimal():
        raise _invalid("iterationNextToken", "is not a token of this search")
    return int(offset)
