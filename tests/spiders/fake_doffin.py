"""A small Doffin for the spider's tests; a test changes one habit at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.spiders.conftest import KEY
from tests.spiders.site import Asked, Reply, Site

TODAY = datetime.now(UTC).date()
XML = b'<?xml version="1.0"?><ContractNotice/>'
Hit = dict[str, Any]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def notice(number: int, days_ago: int, **changes: object) -> Hit:
    day = ago(days_ago).isoformat()
    return {
        "id": f"2026-{number}",
        "type": "ADVISORY_NOTICE",
        "publicationDate": day,
        "issueDate": f"{day}T10:00:00Z",
    } | changes


class FakeDoffin:
    """Search and download over a list of hits.

    Attributes:
        cap: hits that one search shows.
        empty_beyond_cap: past the cap no hits, instead of 400.
        deaf: no filter is heard. forgets: names of parameters that are not heard.
        lossy: the last of a full page, newest first, gives its place to the one before it.
        hidden: ids that are counted and never shown.
        lone: a page of one hit holds the hit itself instead of a list.
        odd: a reply that replaces the usual one, or None.
    """

    def __init__(self, hits: Sequence[Hit], *, cap: int = 1000) -> None:
        self.hits = sorted(hits, key=lambda hit: str(hit["publicationDate"]), reverse=True)
        self.cap = cap
        self.empty_beyond_cap = False
        self.deaf = False
        self.lossy = False
        self.lone = False
        self.forgets: set[str] = set()
        self.hidden: set[str] = set()
        self.odd: Callable[[Asked], Reply | None] = lambda _asked: None

    def __call__(self, asked: Asked) -> Reply:
        if odd := self.odd(asked):
            return odd
        if asked.headers.get("ocp-apim-subscription-key") != KEY:
            message = "Access denied due to invalid subscription key."
            return Reply(json.dumps({"statusCode": 401, "message": message}).encode(), status=401)
        if asked.path.startswith("/public/v2/download/"):
            return Reply(XML, type="application/octet-stream")
        return self.search({name: values[0] for name, values in asked.query.items()})

    def found(self, query: dict[str, str]) -> list[Hit]:
        if self.deaf:
            return self.hits
        query = {name: value for name, value in query.items() if name not in self.forgets}
        first, last = query.get("issueDateFrom", ""), query.get("issueDateTo", "9")
        hits = [hit for hit in self.hits if first <= hit["issueDate"][:10] <= last]
        for name in ("type", "status"):
            hits = [hit for hit in hits if name not in query or hit.get(name) == query[name]]
        return hits if query["sortBy"].endswith("DESC") else hits[::-1]

    def search(self, query: dict[str, str]) -> Reply:
        hits = self.found(query)
        page, size = int(query["page"]), int(query["numHitsPerPage"])
        shown = [hit for hit in hits if hit["id"] not in self.hidden]
        shown = shown[(page - 1) * size : page * size]
        if page * size > self.cap:
            if not self.empty_beyond_cap:
                reason = {"reason": "Unable to access more than the top 1000 hits"}
                return Reply(json.dumps(reason).encode(), status=400)
            shown = []
        if self.lossy and len(shown) == size and query["sortBy"].endswith("DESC"):
            shown[-1] = shown[-2]
        answer = {
            "numHitsTotal": len(hits),
            "numHitsAccessible": min(len(hits), self.cap),
            "hits": shown[0] if self.lone and len(shown) == 1 else shown,
        }
        return Reply(json.dumps(answer).encode())


def downloaded(notes: dict[str, Any]) -> list[str]:
    return [answer["key"] for answer in notes["answers"] if answer["kind"] == "notice"]


def searches(site: Site) -> list[dict[str, str]]:
    """Return the searches asked for, without what is the same in all."""
    return [
        {name: values[0] for name, values in asked.query.items() if name != "numHitsPerPage"}
        for asked in site.asked
        if asked.path.endswith("search")
    ]
