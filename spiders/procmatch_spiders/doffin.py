"""Doffin, the Norwegian notice database: new and changed notices, and the XML of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Unpack

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from twisted.python.failure import Failure

from procmatch.errors import SettingsError, SourceChanged, SourceError
from procmatch_spiders.desk import utc_now
from procmatch_spiders.doffin_windows import CAP, HITS_PER_PAGE, LAG, Window, weeks
from procmatch_spiders.source_spider import Common, SourceSpider

if TYPE_CHECKING:
    from procmatch.workflows.ingest import Ingested

__all__ = ["Doffin"]

_PORTAL = "https://dof-notices-prod-api.developer.azure-api.net/"
_FIRST_CRAWL = timedelta(days=60)
_OK, _BAD_REQUEST = 200, 400
_KEY_REFUSED = frozenset({401, 403})
#: Searches go before downloads: what is missing is known early, and kept.
_SEARCH_FIRST = 10


class Doffin(SourceSpider):
    """Doffin's public API, two operations: search and download.

    Args:
        since: read back to this publication date even if the watermark is later.
        until: stop at this issue date; such a run leaves the watermark where it is.
    """

    name = "doffin"
    source = "doffin"

    def __init__(
        self, *, since: date | None = None, until: date | None = None, **common: Unpack[Common]
    ) -> None:
        super().__init__(**common)
        self.since = since
        self.until = until
        self._everything: int | None = None
        self._asked: set[str] = set()
        #: Days that were split by type: how many notices, and how many the types have shown.
        self._days: dict[date, list[int]] = {}

    def check(self) -> None:
        """Refuse to start without a key.

        Raises:
            SettingsError: no key.
        """
        if not self.options.doffin_key:
            raise SettingsError(
                "Doffin needs a key: set PROCMATCH_DOFFIN_KEY. A free one: sign up at "
                f"{_PORTAL} and subscribe to the product 'Public'"
            )

    def requests(self) -> Iterable[Request]:
        """Ask for the documents that earlier runs could not get, and for the newest notices."""
        assert self.run is not None
        yield self._search(Window())
        yield from self._documents(self.run.pending)

    def back_to(self) -> date:
        """Return the publication date at which nothing older needs to be read."""
        assert self.run is not None
        dates = [self.since] if self.since else []
        if self.run.watermark and not self.until:
            # Without an end, a later --from must not leave a hole behind the new watermark.
            dates.append(self.run.watermark - timedelta(days=self.options.overlap_days))
        return min(dates, default=utc_now().date() - _FIRST_CRAWL)

    def parse_search(self, response: Response, window: Window, page: int) -> Iterator[Request]:
        """Hand in one page of hits; ask for their documents and for the next page."""
        if response.status == _BAD_REQUEST and page > 1:
            yield from self._beyond_the_cap(window)
            return
        if response.status != _OK:
            raise self.refusal(response)
        found = self.take(response, "search", f"{window.key} page {page}")
        self._believe(window, page, found)
        yield from self._documents(found.wanted)
        yield from self._following(window, page, found)

    def parse_notice(self, response: Response, key: str) -> None:
        """Hand in the XML of one notice, or note that Doffin has not got it yet.

        A new notice answers 404 for some minutes, a few answer 500 for days.
        """
        if response.status == _OK:
            self.take(response, "notice", key)
        elif response.status in _KEY_REFUSED:
            raise self.refusal(response)
        else:
            self.postpone(key, f"HTTP {response.status}")

    def not_downloaded(self, failure: Failure) -> None:
        """Note that the XML of one notice could not be had."""
        if not isinstance(failure.value, DownloadCancelledError):
            key: str = failure.request.cb_kwargs["key"]  # type: ignore[attr-defined]
            self.postpone(key, str(self.unavailable(failure)))

    def refusal(self, response: Response) -> SourceError | SettingsError:  # type: ignore[override]
        """Say whether Doffin refused the key or the question."""
        if response.status in _KEY_REFUSED:
            return SettingsError(
                f"Doffin refused the key in PROCMATCH_DOFFIN_KEY (HTTP {response.status}); "
                f"see your subscriptions at {_PORTAL}"
            )
        return super().refusal(response)

    def closed(self, reason: str) -> None:
        """End the run. One with an end date does not reach today: the watermark stays."""
        if self.until and self.run is not None:
            self.run.newest = None
        super().closed(reason)

    def _search(self, window: Window, page: int = 1) -> Request:
        return self.ask(
            f"{self.options.sources.doffin_url}/v2/search?{window.query(page)}",
            self.parse_search,
            accept="application/json",
            arguments={"window": window, "page": page},
            headers=self._key(),
            priority=_SEARCH_FIRST,
        )

    def _documents(self, keys: Iterable[str]) -> Iterator[Request]:
        """Ask for each document once a run, however many pages show the notice."""
        for key in keys:
            if key in self._asked:
                continue
            self._asked.add(key)
            yield self.ask(
                f"{self.options.sources.doffin_url}/v2/download/{key}",
                self.parse_notice,
                errback=self.not_downloaded,
                accept="application/xml, application/octet-stream",
                expects="xml",
                arguments={"key": key},
                headers=self._key(),
                meta={"max_retry_times": 2},
            )

    def _key(self) -> dict[str, str]:
        # In a header, not in the address, so that no log line holds the key.
        return {"Ocp-Apim-Subscription-Key": self.options.doffin_key}

    def _following(self, window: Window, page: int, found: Ingested) -> Iterator[Request]:
        total = found.total or 0
        reachable = min(total, found.accessible or CAP, CAP)
        if window.everything and self.until:
            yield from map(self._search, weeks(self.back_to(), self.until))
        elif window.everything and found.oldest and found.oldest < self.back_to():
            return
        elif not window.everything and reachable < total:
            # Nothing is lost by leaving now: the smaller windows show this page again.
            yield from self._beyond_the_cap(window)
        elif found.hits and page * HITS_PER_PAGE < reachable:
            yield self._search(window, page + 1)
        elif (page - 1) * HITS_PER_PAGE + found.hits < total:
            yield from self._beyond_the_cap(window)

    def _beyond_the_cap(self, window: Window) -> Iterator[Request]:
        """Go on where one search shows no more."""
        if window.everything:
            parts = tuple(weeks(self.back_to() - LAG, utc_now().date() + timedelta(days=1)))
        else:
            parts = window.split()
        if not parts:
            raise SourceChanged(
                f"more notices than one search shows, and nothing left to divide: {window.key}",
                source=self.source,
            )
        yield from map(self._search, parts)

    def _believe(self, window: Window, page: int, found: Ingested) -> None:
        """Check that a filter was heard: Doffin ignores what it does not understand."""
        total = found.total or 0
        if window.everything:
            self._everything = max(total, self._everything or 0)
            return
        assert self._everything is not None
        ignored = total > self._everything or total == self._everything > CAP
        too_old = window.first and found.oldest and found.oldest < window.first - timedelta(days=1)
        if ignored or too_old:
            raise SourceChanged(
                f"the filter {window.key} was ignored: {total} of {self._everything} notices",
                source=self.source,
                where="numHitsTotal",
            )
        if page == 1 and window.first is not None and window.first == window.last:
            self._count_types(window, window.first, total)

    def _count_types(self, window: Window, day: date, total: int) -> None:
        """Check that the types of one day make up the day: a new type must not be lost."""
        if window.type is None:
            self._days[day] = [total, 0, 0]
            return
        sums = self._days.setdefault(day, [0, 0, 0])
        sums[1] += total
        sums[2] += 1
        if sums[2] == len(Window(first=day, last=day).split()) and sums[1] < sums[0]:
            raise SourceChanged(
                f"{sums[0] - sums[1]} notices of {day} have a type that we do not know",
                source=self.source,
                where="type",
            )
