"""What spiders of notice databases share: how far back to read, and each document once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import ClassVar, Unpack

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from twisted.python.failure import Failure

from procmatch_spiders.desk import utc_now
from procmatch_spiders.source_spider import Common, SourceSpider

__all__ = ["SEARCH_FIRST", "NoticeSpider", "Period"]

#: Searches go before downloads: what is missing is known early, and kept.
SEARCH_FIRST = 10
_OK = 200


class Period(Common, total=False):
    """Arguments of every spider of notices.

    Attributes:
        since: read back to this day even if the watermark is later.
        until: stop at this day; such a run leaves the watermark where it is.
    """

    since: date | None
    until: date | None


class NoticeSpider(SourceSpider):
    """A spider that searches for notices and downloads the XML of those that are new.

    Takes the arguments in :class:`Period`.
    """

    #: Statuses of a download that end the run; all others postpone that one document.
    fatal: ClassVar[frozenset[int]] = frozenset()
    #: What the documents are to the store; see :class:`~procmatch.model.answer.Answer`.
    kind: ClassVar[str] = "notice"
    #: How far back the first run reads.
    first_crawl: ClassVar[timedelta] = timedelta(days=60)

    def __init__(
        self, *, since: date | None = None, until: date | None = None, **common: Unpack[Common]
    ) -> None:
        super().__init__(**common)
        self.since = since
        self.until = until
        self._asked: set[str] = set()

    def document(self, key: str) -> Request:
        """Make the request for one document, answered by ``parse_notice``."""
        raise TypeError(f"{type(self).__name__} cannot ask for {key}")

    def back_to(self) -> date:
        """Return the publication date at which nothing older needs to be read."""
        assert self.run is not None
        dates = [self.since] if self.since else []
        if self.run.watermark and not self.until:
            # Without an end, a later --from must not leave a hole behind the new watermark.
            dates.append(self.run.watermark - timedelta(days=self.options.overlap_days))
        return min(dates, default=utc_now().date() - self.first_crawl)

    def documents(self, keys: Iterable[str]) -> Iterator[Request]:
        """Ask for each document once a run, however many pages show the notice."""
        for key in keys:
            if key not in self._asked:
                self._asked.add(key)
                yield self.document(key)

    def parse_notice(self, response: Response, key: str) -> None:
        """Hand in one document, or note that the source has not got it yet.

        At Doffin a new notice answers 404 for some minutes, a few answer 500 for days.
        """
        if response.status == _OK:
            self.take(response, self.kind, key)
        elif response.status in self.fatal:
            raise self.refusal(response)
        else:
            self.postpone(key, f"HTTP {response.status}")

    def not_downloaded(self, failure: Failure) -> None:
        """Note that one document could not be had."""
        if not isinstance(failure.value, DownloadCancelledError):
            key: str = failure.request.cb_kwargs["key"]  # type: ignore[attr-defined]
            self.postpone(key, str(self.unavailable(failure)))

    def closed(self, reason: str) -> None:
        """End the run. One with an end date does not reach today: the watermark stays."""
        if self.until and self.run is not None:
            self.run.newest = None
        super().closed(reason)
