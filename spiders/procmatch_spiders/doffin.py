"""Doffin, the Norwegian notice database: new and changed notices, and the XML of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Unpack

from scrapy import Request
from scrapy.http import Response

from procmatch.errors import SettingsError, SourceChanged, SourceError
from procmatch_spiders.desk import utc_now
from procmatch_spiders.doffin_windows import CAP, HITS_PER_PAGE, LAG, Window, weeks
from procmatch_spiders.notice_spider import SEARCH_FIRST, NoticeSpider, Period

if TYPE_CHECKING:
    from procmatch.workflows.ingest import Ingested

__all__ = ["Doffin"]

_PORTAL = "https://dof-notices-prod-api.developer.azure-api.net/"
_OK, _BAD_REQUEST = 200, 400
_KEY_REFUSED = frozenset({401, 403})


class Doffin(NoticeSpider):
    """Doffin's public API, two operations: search and download.

    Args:
        since: read back to this publication date even if the watermark is later.
        until: stop at this issue date; such a run leaves the watermark where it is.
    """

    name = "doffin"
    source = "doffin"
    fatal = _KEY_REFUSED

    def __init__(self, **arguments: Unpack[Period]) -> None:
        super().__init__(**arguments)
        self._everything: int | None = None
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
        yield from self.documents(self.run.pending)

    def parse_search(self, response: Response, window: Window, page: int) -> Iterator[Request]:
        """Hand in one page of hits; ask for their documents and for the next page."""
        if response.status == _BAD_REQUEST and page > 1:
            yield from self._beyond_the_cap(window)
            return
        if response.status != _OK:
            raise self.refusal(response)
        found = self.take(response, "search", f"{window.key} page {page}")
        self._believe(window, page, found)
        yield from self.documents(found.wanted)
        yield from self._following(window, page, found)

    def document(self, key: str) -> Request:
        """Make the request for the XML of one notice."""
        return self.ask(
            f"{self.options.sources.doffin_url}/v2/download/{key}",
            self.parse_notice,
            errback=self.not_downloaded,
            accept="application/xml, application/octet-stream",
            expects="xml",
            arguments={"key": key},
            headers=self._key(),
            meta={"max_retry_times": 2},
        )

    def refusal(self, response: Response) -> SourceError | SettingsError:  # type: ignore[override]
        """Say whether Doffin refused the key or the question."""
        if response.status in _KEY_REFUSED:
            return SettingsError(
                f"Doffin refused the key in PROCMATCH_DOFFIN_KEY (HTTP {response.status}); "
                f"see your subscriptions at {_PORTAL}"
            )
        return super().refusal(response)

    def _search(self, window: Window, page: int = 1) -> Request:
        return self.ask(
            f"{self.options.sources.doffin_url}/v2/search?{window.query(page)}",
            self.parse_search,
            accept="application/json",
            arguments={"window": window, "page": page},
            headers=self._key(),
            priority=SEARCH_FIRST,
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
