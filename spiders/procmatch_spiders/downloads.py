"""Downloads: sites that asked for a pause get it, and large files go to disk piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.protocols.policies import TimeoutMixin
from twisted.python.failure import Failure
from twisted.web.client import Agent, ResponseDone, ResponseFailed, readBody
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers as TwistedHeaders

from procmatch_spiders.desk import utc_now
from procmatch_spiders.source_spider import SourceSpider

__all__ = ["ASKS_TO_WAIT", "PoliteHandler", "site_of"]

#: Statuses that may carry Retry-After.
ASKS_TO_WAIT = frozenset({429, 503})

_OK = 200
_SILENCE_S = 60


def site_of(request: Request) -> str:
    """Return host and port of a request."""
    return urlparse_cached(request).netloc


class _Writer(Protocol, TimeoutMixin):
    """Writes a body to a file; long silence is an error, long duration is not."""

    def __init__(self, file: BinaryIO, done: Deferred[None], going_on: Callable[[], bool]) -> None:
        self._file = file
        self._done = done
        self._going_on = going_on
        self.setTimeout(_SILENCE_S)  # type: ignore[no-untyped-call]

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        if self._done.called:  # what was under way when we broke off
            return
        self.resetTimeout()  # type: ignore[no-untyped-call]
        self._file.write(data)
        if not self._going_on():
            self._break_off(DownloadCancelledError("the crawl is stopped"))

    def timeoutConnection(self) -> None:  # noqa: N802
        self._break_off(DownloadTimeoutError(f"silent for {_SILENCE_S} s"))

    def _break_off(self, error: Exception) -> None:
        if not self._done.called:
            self._done.errback(error)
        assert self.transport is not None
        self.transport.loseConnection()  # type: ignore[misc]

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        self.setTimeout(None)  # type: ignore[no-untyped-call]
        if self._done.called:
            return
        # A body without a stated length just ends; its gzip trailer says whether it was whole.
        if isinstance(reason.value, ResponseDone | PotentialDataLoss):
            self._done.callback(None)
        else:
            self._done.errback(ResponseDataLossError(str(reason.value)))


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler; with ``to_file`` in a request's meta a 200 is written there.

    The response then has an empty body. Such requests go straight to the site, never by a proxy.

    A pause begins and is kept here, not in a middleware: with one request at a time to a site, the
    next leaves as soon as this returns, and nothing overtakes one that waits.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._owner = crawler

    def _going_on(self) -> bool:
        engine, spider = self._owner.engine, self._owner.spider
        stopped = isinstance(spider, SourceSpider) and spider.failure is not None
        return engine is not None and engine.running and not stopped

    async def download_request(self, request: Request) -> Response:
        """Download one request (called by Scrapy).

        Raises:
            DownloadCancelledError: the crawl was stopped meanwhile.
        """
        spider = self._owner.spider
        assert isinstance(spider, SourceSpider)
        await spider.pauses.wait(site_of(request), self._going_on)
        if not self._going_on():
            raise DownloadCancelledError("the crawl is stopped")
        target = request.meta.get("to_file")
        if target is None:
            response = await super().download_request(request)
        else:
            response = await self._to_file(request, Path(target))
        if response.status in ASKS_TO_WAIT:
            spider.pauses.hold(
                site_of(request),
                tries=request.meta.get("retry_times", 0),
                asked=(response.headers.get("Retry-After") or b"").decode("latin-1"),
                busy=True,
                now=utc_now(),
            )
        return response

    async def _to_file(self, request: Request, target: Path) -> Response:
        from twisted.internet import reactor  # noqa: PLC0415  installed by now, not before

        agent = Agent(reactor, connectTimeout=30)  # type: ignore[no-untyped-call]
        headers = TwistedHeaders(request.headers)
        try:
            answer = await maybe_deferred_to_future(
                agent.request(b"GET", request.url.encode("ascii"), headers)
            )
        except ResponseFailed as error:
            raise DownloadFailedError(str(error)) from error
        if answer.code == _OK:
            body = b""
            done: Deferred[None] = Deferred()
            with target.open("wb") as file:
                writer = _Writer(file, done, self._going_on)
                answer.deliverBody(writer)  # type: ignore[no-untyped-call, call-arg, misc]
                await maybe_deferred_to_future(done)
        else:
            body = await maybe_deferred_to_future(readBody(answer))
        found = Headers(dict(answer.headers.getAllRawHeaders()))
        return Response(request.url, status=answer.code, headers=found, body=body)
