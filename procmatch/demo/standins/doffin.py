"""Doffin's public API v2, with its caps, refusals, ignored parameters and slips."""

from __future__ import annotations

import math
import threading
import time
from collections import deque

from procmatch.demo.standins.content import Content
from procmatch.demo.standins.doffin_search import Refusal, find, number, page_of, sort_of
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.faults import Traps
from procmatch.demo.standins.hits import Publication, publications

__all__ = ["Doffin"]

_CAP = 1000
_DEFAULT_PAGE = 15
_LARGEST_PAGE = 100
_REMEMBERED = 500
_NO_KEY = (
    "Access denied due to missing subscription key. Make sure to include subscription key when "
    "making requests to an API."
)
_BAD_KEY = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an "
    "active subscription."
)
_FAULT = (
    'Cannot invoke "com.fasterxml.jackson.databind.JsonNode.textValue()" because the return value '
    'of "com.fasterxml.jackson.databind.node.ObjectNode.get(String)" is null'
)
_HTML = b"<html><body>Service unavailable</body></html>"
_TRUNCATED, _DROPPED, _PAGE_OF_HTML = 1, 3, 5
_BROKEN_TIMES = 2


def _too_many(wait_s: int) -> Reply:
    message = f"Rate limit is exceeded. Try again in {wait_s} seconds."
    return as_json({"statusCode": 429, "message": message}, 429, Retry_After=str(wait_s))


class Doffin:
    """Answers ``/public/v2/...`` from an index of publications."""

    def __init__(self, content: Content, traps: Traps, key: str) -> None:
        self.key = key
        self.traps = traps
        self.notices = content.notices
        index = content.index
        if index is None:
            index = publications(self.notices, content.today, content.overrides)
        self.index = index
        known = sorted(key for key, one in self.index.items() if one.searchable)
        named = {"first": 0, "second": 1}
        late, broken = (
            known[named[name]] if name in named and named[name] < len(known) else name
            for name in (traps.faults.late_download, traps.faults.broken_download)
        )
        self.late, self.broken = late, broken
        described = [key for key in known if self.index[key].hit["description"]]
        self.newline = described[len(described) // 2] if described else None
        self.asked: deque[float] = deque()
        self.lock = threading.Lock()
        self.remembered: dict[tuple[tuple[str, tuple[str, ...]], ...], Reply] = {}

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        key = request.headers.get("ocp-apim-subscription-key") or request.one("subscription-key")
        if not key:
            return as_json({"statusCode": 401, "message": _NO_KEY}, 401)
        if key != self.key:
            return as_json({"statusCode": 401, "message": _BAD_KEY}, 401)
        if limited := self._limited() or self._refused():
            return limited
        path = request.path.removeprefix("/public")
        if request.method in {"GET", "HEAD"}:
            if path == "/v2/search":
                return self._slips(self._search(request))
            if path.startswith("/v2/download/"):
                return self._download(path.removeprefix("/v2/download/"))
        return as_json({"statusCode": 404, "message": "Resource not found"}, 404)

    def _limited(self) -> Reply | None:
        """Refuse what is too much for the sliding window; a refused request does not count."""
        faults = self.traps.faults
        if not faults.rate_limit:
            return None
        now = time.monotonic()
        with self.lock:
            while self.asked and now - self.asked[0] >= faults.rate_window_s:
                self.asked.popleft()
            if len(self.asked) < faults.rate_limit:
                self.asked.append(now)
                return None
            left = self.asked[0] + faults.rate_window_s - now
        wait = faults.retry_after_s
        if wait is None:
            wait = max(1, math.ceil(left))
        return _too_many(wait)

    def _refused(self) -> Reply | None:
        """Refuse some requests in a row, whatever the rate."""
        faults = self.traps.faults
        if not faults.refuse_every:
            return None
        if self.traps.nth("doffin") % faults.refuse_every >= faults.refuse_times:
            return None
        return _too_many(faults.retry_after_s or 0)

    def _download(self, key: str) -> Reply:
        if key == self.late and self.traps.nth("late_download") == 1:
            return Reply(status=404)
        if key == self.broken and self.traps.nth("broken_download") <= _BROKEN_TIMES:
            return Reply(status=500, body=_FAULT.encode(), media_type="text/plain")
        status, times = self.traps.faults.failing_downloads.get(key, (0, 0))
        if times and self.traps.nth(f"download {key}") <= times:
            return Reply(status=status)
        xml = self.notices.get(key)
        if xml is None:
            return Reply(status=404)
        return Reply(body=xml, media_type="application/octet-stream")

    def _search(self, request: Request) -> Reply:
        """Answer a search; nothing in the index changes, so an answer is kept for next time."""
        asked = tuple(sorted((name, tuple(values)) for name, values in request.query.items()))
        reply = self.remembered.get(asked)
        if reply is None:
            try:
                reply = self._searched(request)
            except Refusal as refusal:
                reply = refusal.reply
            if len(self.remembered) < _REMEMBERED:
                self.remembered[asked] = reply
        return reply

    def _searched(self, request: Request) -> Reply:
        size = number(request, "numHitsPerPage", _DEFAULT_PAGE)
        page = number(request, "page", 1)
        faults = self.traps.faults
        if page < 1:
            raise Refusal.because("Parameter page must be >= 1")
        if size < 1 or (size > _LARGEST_PAGE and faults.refuse_large_pages):
            raise Refusal.because("Parameter numHitsPerPage must be between 1 and 100")
        sort = sort_of(request)
        found = find(self.index, request)
        hits: list[Publication] = []
        if page * size <= _CAP:
            hits = page_of(found, sort, page, size, shuffle=faults.shuffle_ties)
        elif faults.refuse_past_cap:
            raise Refusal.because(
                f"Unable to access more than the top {_CAP} hits, please lower either the page or "
                "numHitsPerPage parameters."
            )
        head = b'{"numHitsTotal":%d,"numHitsAccessible":%d,"hits":[' % (
            len(found),
            min(len(found), _CAP),
        )
        if len(hits) == 1 and faults.lone_hit:
            return Reply(body=head.removesuffix(b"[") + self._body(hits[0]) + b"}")
        return Reply(body=head + b",".join(map(self._body, hits)) + b"]}")

    def _body(self, one: Publication) -> bytes:
        if one.id != self.newline or not self.traps.faults.raw_newline:
            return one.body
        before, mark, after = one.body.partition(b'"description":"')
        return before + mark + b"\n" + after

    def _slips(self, reply: Reply) -> Reply:
        """Let a good answer go wrong now and then."""
        if reply.status != 200:  # noqa: PLR2004
            return reply
        faults, nth = self.traps.faults, self.traps.nth("search")
        if faults.truncated_search and nth == _TRUNCATED:
            return Reply(body=reply.body[: len(reply.body) // 2])
        if faults.dropped_connection and nth == _DROPPED:
            return Reply(drop=True)
        if faults.html_error and nth == _PAGE_OF_HTML:
            return Reply(body=_HTML, media_type="text/html")
        return reply
