"""Ask again where that may help: busy sites, dropped connections, broken bodies."""

from __future__ import annotations

import json

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from procmatch.errors import SourceUnavailable
from procmatch_spiders.desk import utc_now
from procmatch_spiders.downloads import ASKS_TO_WAIT, site_of
from procmatch_spiders.source_spider import SourceSpider

__all__ = ["RetryAfterMiddleware", "fault"]

_OK = 200


def fault(body: bytes, expects: str | None) -> str | None:
    """Return what is wrong with the body of a 200, or None.

    Args:
        body: as it came.
        expects: ``json``, ``xml``, or None for anything.
    """
    start = body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if expects and start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page instead of data"
    if expects == "xml" and not start.startswith(b"<"):
        return "no XML"
    if expects == "json":
        try:
            # Control characters inside strings are a known habit of one source, not a fault.
            json.loads(body, strict=False)
        except ValueError:
            return "truncated or broken JSON"
    return None


class RetryAfterMiddleware:
    """Downloader middleware in place of Scrapy's own retries, which do not heed Retry-After.

    Tries ``RETRY_TIMES`` times again (``max_retry_times`` in a request's meta), each time after a
    pause of its site.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings: BaseSettings = crawler.settings
        self._statuses = {int(code) for code in settings.getlist("RETRY_HTTP_CODES")}
        self._exceptions = tuple(load_object(e) for e in settings.getlist("RETRY_EXCEPTIONS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfterMiddleware:
        """Make the middleware (called by Scrapy)."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Try again a busy site or a broken body.

        Raises:
            SourceUnavailable: a 200 that holds no data, however often we ask.
        """
        if response.status in self._statuses:
            # The download handler has made the site pause already when it asked to wait.
            pause = response.status not in ASKS_TO_WAIT
            return self._again(request, f"HTTP {response.status}", pause=pause) or response
        if response.status != _OK:
            return response
        problem = fault(response.body, request.meta.get("expects"))
        if problem is None:
            return response
        if again := self._again(request, problem):
            return again
        source = self._crawler.spider.name if self._crawler.spider else ""
        raise SourceUnavailable(f"{problem} from {request.url}", source=source)

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Try again after a dropped or refused connection, or a timeout."""
        if isinstance(exception, DownloadCancelledError):
            return None
        if isinstance(exception, self._exceptions):
            return self._again(request, type(exception).__name__)
        return None

    def _again(self, request: Request, reason: str, *, pause: bool = True) -> Request | None:
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)
        again = get_retry_request(request, spider=spider, reason=reason)
        if again is not None and pause:
            tries = request.meta.get("retry_times", 0)
            spider.pauses.hold(site_of(request), tries=tries, now=utc_now())
        return again
