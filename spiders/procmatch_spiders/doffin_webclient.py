"""The search behind Doffin's own pages: unofficial, without a key, off unless it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Unpack

from scrapy import Request
from scrapy.http import Response

from procmatch.errors import SettingsError, SourceChanged
from procmatch_spiders.desk import utc_now
from procmatch_spiders.doffin_searches import Search
from procmatch_spiders.doffin_windows import CAP, HITS_PER_PAGE, Window, weeks
from procmatch_spiders.notice_spider import SEARCH_FIRST, NoticeSpider, Period

if TYPE_CHECKING:
    from procmatch.workflows.ingest import Ingested

__all__ = ["DoffinWebclient"]

_LIVE = "https://api.doffin.no/webclient/api"
_OK = 200
_NEXT_WEEK = -10
#: A week has at most half as many as one search shows; this many are the whole database.
_FAR_TOO_MANY = 10 * CAP


class DoffinWebclient(NoticeSpider):
    """Finds publications by the day they were published, and keeps the page of each.

    It fetches no XML: what it finds waits for the next run of the official source, ``doffin``.

    Args:
        since: read from this publication date even if the watermark is later.
        until: stop at this publication date; such a run leaves the watermark where it is.
    """

    name = "doffin-webclient"
    source = "doffin-webclient"

    kind = "detail"
    first_crawl = timedelta(days=14)

    def __init__(self, **period: Unpack[Period]) -> None:
        super().__init__(**period)
        self._weeks: Iterator[Window] = iter(())
        self._short: list[str] = []

    def check(self) -> None:
        """Refuse to start unless somebody decided to use it.

        Raises:
            SettingsError: no address is set.
        """
        if not self.options.sources.doffin_webclient_url:
            raise SettingsError(
                "the search behind Doffin's pages is not an official API and is off; to use it "
                f"all the same, set PROCMATCH_SOURCES_DOFFIN_WEBCLIENT_URL to {_LIVE}"
            )

    def requests(self) -> Iterable[Request]:
        """Ask for the pages that earlier runs could not get, and week by week for the new."""
        assert self.run is not None
        self._weeks = weeks(self.back_to(), self.until or utc_now().date())
        yield from self._next_week()
        yield from self.documents(self.run.pending)

    def parse_search(self, response: Response, search: Search, page: int) -> Iterator[Request]:
        """Hand in one page of hits; ask for their details and for the next page."""
        if response.status != _OK:
            raise self.refusal(response)
        found = self.take(response, "search", f"{search.window.key} page {page}")
        search.saw(found.total or 0, found.keys)
        self._believe(search.window, found)
        yield from self.documents(found.wanted)
        more = bool(found.hits) and page * HITS_PER_PAGE < search.reachable(found.accessible)
        if more and search.goes_on(found.accessible, utc_now().date()):
            yield self._search(search, page + 1)
            return
        yield from [self._search(part) for part in search.divided(utc_now().date())]
        if (whole := search.end()) is None:
            return
        if whole.missing:
            self._short.append(f"{whole.window.key}: {len(whole.seen)} of {whole.total}")
        yield from self._next_week()

    def closed(self, reason: str) -> None:
        """End the run; it fails if searches showed fewer than they count."""
        if self._short and self.failure is None:
            self.failure = SourceChanged(
                f"more notices are counted than shown: {'; '.join(self._short[:3])}",
                source=self.source,
                where="numHitsTotal",
            )
        super().closed(reason)

    def _next_week(self) -> Iterator[Request]:
        if (window := next(self._weeks, None)) is not None:
            yield self._search(Search(window=window), priority=_NEXT_WEEK)

    def _search(self, search: Search, page: int = 1, priority: int = SEARCH_FIRST) -> Request:
        request = self.ask(
            f"{self.options.sources.doffin_webclient_url}/v2/search-api/search",
            self.parse_search,
            accept="application/json",
            arguments={"search": search, "page": page},
            headers={"Content-Type": "application/json"},
            priority=priority,
        )
        return request.replace(method="POST", body=_question(search.window, page))

    def document(self, key: str) -> Request:
        """Make the request for what stands behind the page of one notice."""
        return self.ask(
            f"{self.options.sources.doffin_webclient_url}/v2/notices-api/notices/{key}",
            self.parse_notice,
            errback=self.not_downloaded,
            accept="application/json",
            arguments={"key": key},
            meta={"max_retry_times": 2},
        )

    def _believe(self, window: Window, found: Ingested) -> None:
        """Check that the dates were heard: what is not understood is ignored."""
        assert window.first is not None
        assert window.last is not None
        too_old = found.oldest is not None and found.oldest < window.first
        too_new = found.newest is not None and found.newest > window.last
        if too_old or too_new or (found.total or 0) > _FAR_TOO_MANY:
            raise SourceChanged(
                f"the filter {window.key} was ignored: {found.total} notices",
                source=self.source,
                where="numHitsTotal",
            )


def _question(window: Window, page: int) -> bytes:
    """Return the body of a search: filters are heard inside ``facets`` only."""
    days = {
        "from": window.first and window.first.isoformat(),
        "to": window.last and window.last.isoformat(),
    }
    question = {
        "numHitsPerPage": HITS_PER_PAGE,
        "page": page,
        "searchString": "",
        "sortBy": window.order,
        "facets": {
            "type": {"checkedItems": [window.type] if window.type else []},
            "publicationDate": days,
        },
    }
    return json.dumps(question).encode()
