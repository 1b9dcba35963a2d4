"""Doffin, the Norwegian notice database: new and changed notices, and the XML of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Unpack

from scrapy import Request
from scrapy.http import Response

from procmatch.errors import ProcmatchError, SettingsError, SourceChanged, SourceError
from procmatch_spiders.desk import utc_now
from procmatch_spiders.doffin_searches import Search
from procmatch_spiders.doffin_windows import CAP, HITS_PER_PAGE, LAG, Window, spans, weeks
from procmatch_spiders.notice_spider import SEARCH_FIRST, NoticeSpider, Period

if TYPE_CHECKING:
    from procmatch.workflows.ingest import Ingested

__all__ = ["Doffin"]

_PORTAL = "https://dof-notices-prod-api.developer.azure-api.net/"
_OK, _BAD_REQUEST = 200, 400
_KEY_REFUSED = frozenset({401, 403})
#: The next week of a backfill waits for the downloads of the last, or all its requests would be in
#: memory at once.
_NEXT_WEEK = -10
_DAY = timedelta(days=1)
#: Notices whose status can change are looked at again this often.
_ROUND = timedelta(days=7)
_LAST_ROUND = "last round of active notices"
#: So many, and more than half, of what was active gone from every search is an outage of theirs.
_FEW = 20


class Doffin(NoticeSpider):
    """Doffin's public API, two operations: search and download.

    Args:
        since: read back to this publication date even if the watermark is later.
        until: stop at this issue date; such a run leaves the watermark where it is.
        active: only look again at the notices that are, or were, active.
    """

    name = "doffin"
    source = "doffin"
    fatal = _KEY_REFUSED

    def __init__(self, *, active: bool = False, **period: Unpack[Period]) -> None:
        super().__init__(**period)
        self.active = active
        self._everything: int | None = None
        #: Windows that did not show as many notices as they count.
        self._short: list[str] = []
        self._weeks: Iterator[Window] = iter(())
        #: Under which name finished weeks are remembered, and whether all so far were whole.
        self._mark = ""
        self._gapless = True
        #: What is listed as active and was not shown as such; what its days have shown.
        self._gone: set[str] = set()
        self._shown: set[str] = set()
        self._days_to_read = 0

    def check(self) -> None:
        """Refuse to start without a key, or with one that no header can hold.

        Raises:
            SettingsError: no key, or a malformed one; the text does not show it.
        """
        key = self.options.doffin_key
        if not key:
            raise SettingsError(
                "Doffin needs a key: set PROCMATCH_DOFFIN_KEY. A free one: sign up at "
                f"{_PORTAL} and subscribe to the product 'Public'"
            )
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise SettingsError(
                "PROCMATCH_DOFFIN_KEY is no key: it holds a space, a line break or a character "
                "beyond ASCII"
            )

    def requests(self) -> Iterable[Request]:
        """Ask for the documents that earlier runs could not get, and for the newest notices."""
        assert self.run is not None
        yield self._search(Search(window=Window()))
        yield from self.documents(self.run.pending)

    def parse_search(self, response: Response, search: Search, page: int) -> Iterator[Request]:
        """Hand in one page of hits; ask for their documents and for the next page."""
        if page > 1 and _says_too_far(response, page):
            yield from self._by_weeks() if search.window.everything else self._ended(search)
            return
        if response.status != _OK:
            raise self.refusal(response)
        found = self.take(response, "search", f"{search.window.key} page {page}")
        search.saw(found.total or 0, found.keys)
        self._believe(search.window, found)
        yield from self.documents(found.wanted)
        yield from self._following(search, page, found)

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
        """Say whether Doffin refused the key or the question; never with the key in it."""
        if response.status in _KEY_REFUSED:
            return SettingsError(
                f"Doffin refused the key in PROCMATCH_DOFFIN_KEY (HTTP {response.status}); "
                f"see your subscriptions at {_PORTAL}"
            )
        error = super().refusal(response)
        return type(error)(error.reason.replace(self.options.doffin_key, "***"), source=self.source)

    def closed(self, reason: str) -> None:
        """End the run. One that does not reach today leaves the watermark where it is."""
        if self.run is not None and self.desk is not None:
            if self.active:
                self.run.newest = None
            if self._short and self.failure is None:
                some = "; ".join(self._short[:3]) + ("; ..." if self._short[3:] else "")
                self.failure = SourceChanged(
                    f"more notices are counted than shown, or have a type that we do not know: "
                    f"{some}",
                    source=self.source,
                    where="numHitsTotal",
                )
            if self._mark and self.failure is None and reason == "finished":
                self._forget(self._mark)
        super().closed(reason)

    def _search(self, search: Search, page: int = 1, priority: int = SEARCH_FIRST) -> Request:
        return self.ask(
            f"{self.options.sources.doffin_url}/v2/search?{search.window.query(page)}",
            self.parse_search,
            accept="application/json",
            arguments={"search": search, "page": page},
            headers=self._key(),
            priority=priority,
        )

    def _key(self) -> dict[str, str]:
        # In a header, not in the address, so that no log line holds the key.
        return {"Ocp-Apim-Subscription-Key": self.options.doffin_key}

    def _following(self, search: Search, page: int, found: Ingested) -> Iterator[Request]:
        more = bool(found.hits) and page * HITS_PER_PAGE < search.reachable(found.accessible)
        if search.window.everything:
            yield from self._newest(search, page, found, more=more)
        elif more and search.goes_on(found.accessible, utc_now().date()):
            yield self._search(search, page + 1)
        else:
            yield from self._ended(search)

    def _newest(
        self, search: Search, page: int, found: Ingested, *, more: bool
    ) -> Iterator[Request]:
        """Go on with the newest notices, or with what they are only the beginning of."""
        if page == 1 and (self.active or self._round_is_due()):
            window = Window(status="ACTIVE")
            yield self._search(Search(window=window, then=self._active_read))
        if self.active:
            return
        if self.until:
            yield from self._by_weeks()
        elif found.oldest and found.oldest < self.back_to():
            return
        elif more:
            yield self._search(search, page + 1)
        elif search.missing:
            yield from self._by_weeks()

    def _ended(self, search: Search) -> Iterator[Request]:
        """Go on where a search shows no more; when all its parts have ended, with what follows."""
        yield from [self._search(part) for part in search.divided(utc_now().date())]
        whole = search.end()
        if whole is None:
            return
        if whole.missing:
            self._short.append(f"{whole.window.key}: {len(whole.seen)} of {whole.total}")
        if whole.then:
            yield from whole.then(whole)

    def _by_weeks(self) -> Iterator[Request]:
        """Read week by week, oldest first; a backfill goes on after the last week it finished."""
        assert self.run is not None
        assert self.desk is not None
        first, last = self.back_to(), self.until
        if last is None:
            first, last = first - LAG, utc_now().date() + _DAY
        if self.since:
            self._mark = f"backfill {first}..{self.until or ''}"
            if done := self.desk.remembered(self.run, self._mark):
                first = date.fromisoformat(done) + _DAY
                self.remark = f"went on after {done}"
        self._weeks = weeks(first, last)
        yield from self._next_week()

    def _next_week(self) -> Iterator[Request]:
        window = next(self._weeks, None)
        if window is not None:
            search = Search(window=window, then=self._week_read)
            yield self._search(search, priority=_NEXT_WEEK)

    def _week_read(self, search: Search) -> Iterator[Request]:
        """Remember that a week is in the store: what it listed is kept, or waits for download."""
        self._gapless = self._gapless and not search.missing
        if self._mark and self._gapless and search.window.last:
            self._remember(self._mark, search.window.last.isoformat())
        yield from self._next_week()

    def _remember(self, name: str, value: str) -> None:
        assert self.run is not None
        assert self.desk is not None
        self.desk.remember(self.run, name, value)

    def _forget(self, name: str) -> None:
        assert self.run is not None
        assert self.desk is not None
        try:
            self.desk.remember(self.run, name, None)
        except ProcmatchError as error:
            self.failure = error

    def _round_is_due(self) -> bool:
        assert self.run is not None
        assert self.desk is not None
        if self.since or self.until:
            return False
        last = self.desk.remembered(self.run, _LAST_ROUND)
        return last is None or utc_now().date() - date.fromisoformat(last) >= _ROUND

    def _active_read(self, search: Search) -> Iterator[Request]:
        """Look at the days of those that were active and are no more: what are they now?"""
        assert self.run is not None
        assert self.desk is not None
        if search.missing:
            return
        gone = self.desk.no_longer_active(self.run, search.seen)
        self._gone = {key for key, days in gone.items() if days}
        windows = tuple(spans(day for days in gone.values() for day in days))
        self._days_to_read = len(windows)
        for window in windows:
            yield self._search(Search(window=window, then=self._day_read))
        if not windows:
            self._end_the_round()

    def _day_read(self, search: Search) -> Iterator[Request]:
        self._days_to_read -= 1
        self._shown |= search.seen
        if not self._days_to_read and not self._short:
            self._end_the_round()
        return iter(())

    def _end_the_round(self) -> None:
        """What no search shows any more was replaced or withdrawn."""
        assert self.run is not None
        assert self.desk is not None
        lost = self._gone - self._shown
        if len(lost) > max(_FEW, len(self._gone) // 2):
            raise SourceChanged(
                f"{len(lost)} of {len(self._gone)} notices that were active are in no search now",
                source=self.source,
                where="status",
            )
        self.desk.unlist(self.run, lost)
        self._remember(_LAST_ROUND, utc_now().date().isoformat())

    def _believe(self, window: Window, found: Ingested) -> None:
        """Check that a filter was heard: Doffin ignores what it does not understand."""
        total = found.total or 0
        if window.everything:
            self._everything = max(total, self._everything or 0)
            return
        assert self._everything is not None
        ignored = total > self._everything or total == self._everything > CAP
        if ignored or _outside(window, found):
            raise SourceChanged(
                f"the filter {window.key} was ignored: {total} of {self._everything} notices",
                source=self.source,
                where="numHitsTotal",
            )


def _outside(window: Window, found: Ingested) -> bool:
    """Whether a page shows what was issued on other days; one day is left for time zones."""
    if not found.issued:
        return False
    first, last = found.issued
    return bool(
        (window.first and first < window.first - _DAY)
        or (window.last and last > window.last + _DAY)
    )


def _says_too_far(response: Response, page: int) -> bool:
    """Whether a page was refused because it lies beyond the hits that one search shows."""
    named = b"more than the top" in response.body
    return response.status == _BAD_REQUEST and (named or page * HITS_PER_PAGE > CAP)
