"""TED, the Union's notice database: new notices of chosen countries, and the XML of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from scrapy import Request
from scrapy.http import Response

from procmatch.errors import SettingsError, SourceChanged, SourceError, SourceUnavailable
from procmatch.sources.ted import read_refusal
from procmatch_spiders.desk import utc_now
from procmatch_spiders.downloads import site_of
from procmatch_spiders.notice_spider import SEARCH_FIRST, NoticeSpider, Period
from procmatch_spiders.ted_search import CAP, Walk, Window, months

if TYPE_CHECKING:
    from procmatch.workflows.ingest import Ingested

__all__ = ["Ted"]

_DAY = timedelta(days=1)
_OK, _BAD_REQUEST = 200, 400
#: A page that comes in part so often is asked for in smaller windows, or given up.
_TIMEOUTS = 4
#: Fields of the query that hold what the operator chose.
_CHOSEN = {"buyer-country": "ted_countries", "notice-type": "ted_notice_types"}


class Ted(NoticeSpider):
    """TED's search API v3, which wants no key, and its notice pages.

    Args:
        since, until: publication dates, see :class:`NoticeSpider`.
    """

    name = "ted"
    source = "ted"
    #: It says 429 in HTML, without Retry-After, after a dozen quick requests.
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]  # Scrapy's is no ClassVar
        "RETRY_REFUSED": 30.0,
        "DOWNLOAD_DELAY": 1.0,
    }
    fatal = frozenset({401, 403, 429, 503})

    def __init__(self, **arguments: Unpack[Period]) -> None:
        super().__init__(**arguments)
        self._shown = 0

    def requests(self) -> Iterable[Request]:
        """Ask for the notices of the days in question, and what earlier runs could not get."""
        assert self.run is not None
        # TED's day may have begun before ours.
        last = self.until or utc_now().date() + _DAY
        yield from map(self._search, months(self.back_to(), last))
        yield from self.documents(self.run.pending)

    def parse_search(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Hand in one page; ask for the documents it names and for the next page."""
        if response.status != _OK:
            raise self.refusal(response)
        found = self.take(response, "search", walk.key)
        if found.partial:
            yield from self._again(response, walk)
            return
        if found.oldest and found.oldest < walk.window.first - _DAY:
            raise SourceChanged(
                f"a search for {walk.window.key} shows a notice of {found.oldest}",
                source=self.source,
                where="publication-date",
            )
        self._shown += found.hits
        yield from self.documents(found.wanted)
        yield from self._following(walk, found)

    def document(self, key: str) -> Request:
        """Make the request for the XML of one notice."""
        return self.ask(
            f"{self.options.sources.ted_page_url}/en/notice/{key}/xml",
            self.parse_notice,
            errback=self.not_downloaded,
            accept="application/xml",
            expects="xml",
            arguments={"key": key},
        )

    def refusal(self, response: Response) -> SourceError | SettingsError:  # type: ignore[override]
        """Say what TED did not like in the question."""
        if response.status != _BAD_REQUEST:
            return super().refusal(response)
        said = read_refusal(response.body)
        if setting := _CHOSEN.get(said.field):
            values = " ".join(getattr(self.options, setting))
            return SettingsError(f"TED refuses a value of {setting} ({values}): {said.reason}")
        reason = f"{said.kind}: {said.reason}" if said.kind else said.reason
        return SourceChanged(
            f"TED refuses our search: {reason}", source=self.source, where=said.field
        )

    def closed(self, reason: str) -> None:
        """End the run; one that shows nothing where there was something is not believed."""
        whole = reason == "finished" and self._started and self.failure is None
        if whole and self.run and self.run.watermark and not self.until and not self._shown:
            self.failure = SourceChanged(
                f"not one notice since {self.back_to()}, though earlier runs found some up to "
                f"{self.run.watermark}",
                source=self.source,
                where="totalNoticeCount",
            )
        super().closed(reason)

    def _search(self, window: Window) -> Request:
        return self._ask_for(Walk(window))

    def _ask_for(self, walk: Walk) -> Request:
        return self.ask(
            f"{self.options.sources.ted_url}/v3/notices/search",
            self.parse_search,
            accept="application/json",
            body=walk.body(self.options.ted_countries, self.options.ted_notice_types),
            arguments={"walk": walk},
            priority=SEARCH_FIRST,
        )

    def _following(self, walk: Walk, found: Ingested) -> Iterator[Request]:
        walk.seen += found.hits
        if walk.page == 1 and (found.total or 0) > CAP and (parts := walk.window.split()):
            # Nothing is lost by leaving now: the smaller windows show this page again.
            yield from map(self._search, parts)
            return
        token = found.following
        if not found.hits or token is None:
            self._believe(walk, found)
            return
        if token in walk.tokens:
            raise SourceChanged(
                f"{walk.key} points back to a page that was read",
                source=self.source,
                where="iterationNextToken",
            )
        walk.tokens.append(token)
        walk.page += 1
        walk.timeouts = 0
        yield self._ask_for(walk)

    def _again(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Ask again for a page of which TED sent a part; nothing of it was believed."""
        assert response.request is not None
        walk.timeouts += 1
        self.pauses.hold(site_of(response.request), tries=walk.timeouts - 1, now=utc_now())
        if walk.timeouts <= _TIMEOUTS:
            yield self._ask_for(walk)
            return
        parts = walk.window.split()
        if not parts:
            raise SourceUnavailable(
                f"timed out {walk.timeouts} times on {walk.key}", source=self.source
            )
        yield from map(self._search, parts)

    def _believe(self, walk: Walk, found: Ingested) -> None:
        """Check that the end of a search is its end."""
        total = found.total or 0
        if walk.seen < total:
            raise SourceChanged(
                f"a search for {walk.window.key} ended after {walk.seen} of {total} notices",
                source=self.source,
                where="iterationNextToken",
            )
