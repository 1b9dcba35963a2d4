"""Doffin's public API v2, with its caps, refusals, ignored parameters and slips."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import Iterable
from datetime import date

from procmatch.demo.standins.content import Content
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.faults import Traps
from procmatch.demo.standins.hits import ROLLUPS, Publication, publications

__all__ = ["Doffin"]

_CAP = 1000
_DEFAULT_PAGE = 15
_LARGEST_PAGE = 100
_CODE_DIGITS = 8
_SORTS = (
    "PUBLICATION_DATE_DESC",
    "PUBLICATION_DATE_ASC",
    "DEADLINE",
    "RELEVANCE",
    "ESTIMATED_VALUE_DESC",
    "ESTIMATED_VALUE_ASC",
)
_STATUSES = ("ACTIVE", "EXPIRED", "AWARDED", "CANCELLED")
_TYPES = {*ROLLUPS, *(kind for below in ROLLUPS.values() for kind in below)}
_NO_KEY = (
    "Access denied due to missing subscription key. Make sure to include subscription key when "
    "making requests to an API."
)
_BAD_KEY = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an "
    "active subscription."
)
_FAULT = 'Cannot invoke "JsonNode.textValue()" because the return value is null'


class _Refusal(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


def _refuse(reason: str) -> _Refusal:
    return _Refusal(as_json({"reason": reason}, 400))


def _number(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _refuse(f"Parameter {name} must be a number") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _refuse("Wrong issue date format. Correct format: YYYY-MM-DD") from None


class Doffin:
    """Answers ``/public/v2/...`` from an index of publications."""

    def __init__(self, content: Content, traps: Traps, key: str) -> None:
        self.key = key
        self.traps = traps
        self.notices = dict(content.notices)
        self.index = publications(self.notices, content.today)
        order = sorted(self.notices)
        faults = traps.faults
        self.late = order[0] if faults.late_download == "first" and order else faults.late_download
        self.broken = (
            order[1]
            if faults.broken_download == "second" and len(order) > 1
            else faults.broken_download
        )
        self.asked: deque[float] = deque()
        self.lock = threading.Lock()

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        key = request.headers.get("ocp-apim-subscription-key") or request.one("subscription-key")
        if not key:
            return as_json({"statusCode": 401, "message": _NO_KEY}, 401)
        if key != self.key:
            return as_json({"statusCode": 401, "message": _BAD_KEY}, 401)
        if limited := self._limited():
            return limited
        path = request.path.removeprefix("/public")
        if path == "/v2/search":
            try:
                return self._search(request)
            except _Refusal as refusal:
                return refusal.reply
        if path.startswith("/v2/download/"):
            return self._download(path.removeprefix("/v2/download/"))
        return as_json({"statusCode": 404, "message": "Resource not found"}, 404)

    def _limited(self) -> Reply | None:
        faults = self.traps.faults
        if not faults.rate_limit:
            return None
        now = time.monotonic()
        with self.lock:
            while self.asked and now - self.asked[0] > faults.rate_window_s:
                self.asked.popleft()
            if len(self.asked) < faults.rate_limit:
                self.asked.append(now)
                return None
        wait = faults.retry_after_s
        message = f"Rate limit is exceeded. Try again in {wait} seconds."
        return as_json({"statusCode": 429, "message": message}, 429, Retry_After=str(wait))

    def _download(self, key: str) -> Reply:
        if key == self.late and self.traps.nth("late_download") == 1:
            return Reply(status=404)
        if key == self.broken and self.traps.nth("broken_download") <= 2:  # noqa: PLR2004
            return Reply(status=500, body=_FAULT.encode(), media_type="text/plain")
        xml = self.notices.get(key)
        if xml is None:
            return Reply(status=404)
        return Reply(body=xml, media_type="application/octet-stream")

    def _search(self, request: Request) -> Reply:
        size = _number(request.one("numHitsPerPage", str(_DEFAULT_PAGE)), "numHitsPerPage")
        page = _number(request.one("page", "1"), "page")
        faults = self.traps.faults
        if page < 1:
            raise _refuse("Parameter page must be >= 1")
        if size < 1 or (size > _LARGEST_PAGE and faults.refuse_large_pages):
            raise _refuse("Parameter numHitsPerPage must be between 1 and 100")
        sort = request.one("sortBy", _SORTS[0])
        if sort not in _SORTS:
            return Reply(status=404)
        found = self._ordered(list(self._found(request)), sort, size)
        envelope: dict[str, object] = {
            "numHitsTotal": len(found),
            "numHitsAccessible": min(len(found), _CAP),
        }
        if page * size > _CAP:
            if faults.refuse_past_cap:
                raise _refuse(
                    f"Unable to access more than the top {_CAP} hits, please lower either the "
                    "page or numHitsPerPage parameters."
                )
            return as_json({**envelope, "hits": []})
        start = (page - 1) * size
        # A tie that moved between two pages is seen twice.
        overlap = 1 if faults.shuffle_ties and start else 0
        hits = [one.hit for one in found[start - overlap : start + size - overlap or None]]
        return self._slips(as_json({**envelope, "hits": hits}))

    def _slips(self, reply: Reply) -> Reply:
        faults, nth = self.traps.faults, self.traps.nth("search")
        if faults.truncated_search and nth == 1:
            return Reply(body=reply.body[: len(reply.body) // 2])
        if faults.dropped_connection and nth == 3:  # noqa: PLR2004
            return Reply(body=reply.body, cut=True)
        if faults.html_error and nth == 5:  # noqa: PLR2004
            return Reply(
                body=b"<html><body>Service unavailable</body></html>", media_type="text/html"
            )
        if faults.raw_newline:
            return Reply(body=_raw_newline(reply.body))
        return reply

    def _found(self, request: Request) -> Iterable[Publication]:
        types = list(request.query.get("type", ()))
        for kind in types:
            if kind not in _TYPES:
                raise _refuse(
                    "No enum constant no.dfo.dof.notices.domain.elements.NoticeType." + kind
                )
        statuses = list(request.query.get("status", ()))
        for status in statuses:
            if status not in _STATUSES:
                raise _refuse(f"No enum constant no.dfo.dof.NoticeStatus.{status}")
        first, last = _day(request.one("issueDateFrom")), _day(request.one("issueDateTo"))
        low, high = request.one("estimatedValueFrom"), request.one("estimatedValueTo")
        codes, locations = request.query.get("cpvCode", ()), request.query.get("location", ())
        words = request.one("searchString").casefold()
        for one in self.index.values():
            wishes = (
                one.searchable,
                not types or one.types & set(types),
                not statuses or one.hit["status"] in statuses,
                # The hit's codes hold the ancestors, so equality is the whole branch.
                not codes or any(len(c) == _CODE_DIGITS and c in one.cpv for c in codes),
                not locations or any(at.startswith(w) for w in locations for at in one.locations),
                first is None or one.issued_on >= first,
                last is None or one.issued_on <= last,
                not low or (one.amount or 0) >= float(low),
                not high or (one.amount or 0) <= float(high),
                words in one.text,
            )
            if all(wishes):
                yield one

    def _ordered(self, found: list[Publication], sort: str, size: int) -> list[Publication]:
        seed = str(size) if self.traps.faults.shuffle_ties else ""
        found.sort(key=lambda one: hashlib.sha256(f"{seed}{one.id}".encode()).digest())
        if sort.startswith("ESTIMATED_VALUE"):
            found.sort(key=lambda one: one.amount or 0, reverse=sort.endswith("DESC"))
        elif sort == "DEADLINE":
            found.sort(key=lambda one: one.hit["deadline"] or "9999")
        else:
            found.sort(key=lambda one: one.published_on, reverse=not sort.endswith("ASC"))
        return found


def _raw_newline(body: bytes) -> bytes:
    """Put an unescaped line break into the first description, as the live answers sometimes do."""
    before, mark, after = body.partition(b'"description":"')
    if not mark or not json.loads(body)["hits"]:
        return body
    return before + mark + b"\n" + after
