"""An error that stops a run is said once, without a traceback, and closes the spider."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import Response

from procmatch.errors import ProcmatchError
from procmatch_spiders.source_spider import SourceSpider

__all__ = ["FailureMiddleware"]


class FailureMiddleware:
    """Spider middleware: a ``ProcmatchError`` raised by a callback ends the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FailureMiddleware:
        """Make the middleware (called by Scrapy)."""
        return cls(crawler)

    def process_spider_exception(
        self,
        response: Response,
        exception: Exception,
    ) -> Iterable[Any] | None:
        """Stop the spider for errors that we raise; leave all others to Scrapy."""
        spider = self._crawler.spider
        if isinstance(exception, ProcmatchError) and isinstance(spider, SourceSpider):
            spider.stop_because(exception)
            return ()
        return None
