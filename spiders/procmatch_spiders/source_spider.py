"""What all spiders share: a run that is begun, fed and ended, whatever happens between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypedDict, Unpack

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from twisted.python.failure import Failure

from procmatch.errors import ProcmatchError, SourceChanged, SourceError, SourceUnavailable
from procmatch.model.answer import Answer
from procmatch.settings import Settings, load
from procmatch_spiders.desk import Desk, StoreDesk, utc_now
from procmatch_spiders.pauses import Pauses

if TYPE_CHECKING:
    from procmatch.workflows.ingest import Ingested, Run, RunReport

__all__ = ["Common", "SourceSpider", "Tally"]

_TOO_BUSY = frozenset({408, 429})
_SERVER_ERROR = 500


@dataclass(slots=True)
class Tally:
    """How far a crawl has come, counted by the spider itself."""

    fetched: int = 0
    new: int = 0
    changed: int = 0
    set_aside: int = 0
    postponed: int = 0


class Common(TypedDict, total=False):
    """Arguments of every spider.

    Attributes:
        desk: where answers go; default the store of the settings.
        options: procmatch's settings; default as ``procmatch.settings.load`` finds them.
        watch: called with the tally after every answer.
        log_failure: whether the spider logs why it failed; False when the caller says it.
        accept_size: do not fail because the source has become smaller than it may.
    """

    desk: Desk | None
    options: Settings | None
    watch: Callable[[Tally], None] | None
    log_failure: bool
    accept_size: bool


class SourceSpider(Spider):
    """A spider of one source; takes the arguments in :class:`Common`.

    Attributes:
        failure: why the run failed, or None.
        report: what the desk said of the finished run, or None.
        outcome: Scrapy's reason of closing: ``finished``, ``shutdown``, ``failed``.
        remark: what whoever started the run should know of it, or empty.
    """

    #: The source as the store knows it.
    source: ClassVar[str]

    def __init__(self, **common: Unpack[Common]) -> None:
        super().__init__()
        options, self._watch = common.get("options"), common.get("watch")
        self.options = load() if options is None else options
        self.desk = common.get("desk")
        self.run: Run | None = None
        self.pauses = Pauses()
        self.tally = Tally()
        self.failure: ProcmatchError | None = None
        self.report: RunReport | None = None
        self.outcome = ""
        self.remark = ""
        self._log_failure = common.get("log_failure", True)
        self._accept_size = common.get("accept_size", False)
        self._started = False
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401
        """Make the spider (called by Scrapy)."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.pauses = Pauses(
            margin=crawler.settings.getfloat("RETRY_AFTER_MARGIN"),
            cap=crawler.settings.getfloat("RETRY_AFTER_CAP"),
            first=crawler.settings.getfloat("RETRY_BACKOFF"),
            refused=crawler.settings.getfloat("RETRY_REFUSED"),
        )
        crawler.signals.connect(spider.on_bug, signal=signals.spider_error)
        return spider

    def requests(self) -> Iterable[Request]:
        """Yield the first requests of the run; ``self.run`` is open."""
        raise TypeError(f"{type(self).__name__} names no first requests")

    def check(self) -> None:
        """Look for what is missing or wrong before a run is opened.

        Raises:
            ProcmatchError: nothing can be fetched like this.
        """

    async def start(self) -> AsyncIterator[Any]:
        """Open the run and yield the first requests."""
        try:
            self.check()
            self.desk = self.desk or StoreDesk(self.options)
            self.run = self.desk.begin(self.source)
            self.run.accept_size = self._accept_size
            for request in self.requests():
                yield request
            self._started = True
        except ProcmatchError as error:
            self.stop_because(error)

    def ask(
        self,
        url: str,
        callback: Callable[..., Any],
        *,
        accept: str,
        expects: str | None = "json",
        errback: Callable[[Failure], None] | None = None,
        headers: Mapping[str, str] | None = None,
        meta: Mapping[str, object] | None = None,
        arguments: Mapping[str, object] | None = None,
        priority: int = 0,
        body: bytes | None = None,
    ) -> Request:
        """Make a request.

        Args:
            url: without secrets.
            callback: gets the response, whatever its status.
            errback: gets the failure; by default a request without an answer ends the run.
            accept: media types.
            headers: more headers.
            meta: more of Scrapy's meta.
            priority: higher goes first.
            expects: what a 200 must look like: ``json``, ``xml`` or None.
            arguments: keyword arguments of the callback.
            body: JSON to post; None asks with GET.
        """
        own = {"Accept": accept} | ({} if body is None else {"Content-Type": "application/json"})
        return Request(
            url,
            method="GET" if body is None else "POST",
            body=body,
            callback=callback,
            errback=errback or self.lost,
            headers={**own, **(headers or {})},
            meta={"expects": expects, **(meta or {})},
            cb_kwargs=dict(arguments or {}),
            priority=priority,
            dont_filter=True,
        )

    def take(
        self, response: Response, kind: str, key: str, *, body: bytes | Path | None = None
    ) -> Ingested:
        """Hand an answer in.

        Args:
            response: the answer.
            kind: see :class:`~procmatch.model.answer.Answer`.
            key: likewise.
            body: what to hand in instead of the response's own body.

        Raises:
            ProcmatchError: the answer cannot be kept, or says that the source has changed.
        """
        assert self.desk is not None
        assert self.run is not None
        answer = Answer(
            source=self.source,
            kind=kind,
            key=key,
            url=response.url,
            body=response.body if body is None else body,
            fetched_at=utc_now(),
            media_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        )
        ingested = self.desk.ingest(self.run, answer)
        self.tally.fetched += 1
        self.tally.new += ingested.new
        self.tally.changed += ingested.changed
        self.tally.set_aside += ingested.set_aside
        self.tally.postponed += ingested.postponed
        if self._watch:
            self._watch(self.tally)
        return ingested

    def postpone(self, key: str, error: str) -> None:
        """Note that a document could not be had now; a later run tries again."""
        assert self.desk is not None
        assert self.run is not None
        self.desk.postpone(self.run, key, error)
        self.tally.postponed += 1
        if self._watch:
            self._watch(self.tally)

    def remember(self, name: str, value: str) -> None:
        """Remember a small fact of the source for later runs."""
        assert self.desk is not None
        assert self.run is not None
        self.desk.remember(self.run, name, value)

    def remembered(self, name: str) -> str | None:
        """Return what was remembered under ``name``."""
        assert self.desk is not None
        assert self.run is not None
        return self.desk.remembered(self.run, name)

    def refusal(self, response: Response) -> SourceError:
        """Return the error that says what a status other than 200 means."""
        said = " ".join(response.body[:200].decode("utf-8", "replace").split())
        reason = f"HTTP {response.status} from {response.url}" + (f": {said}" if said else "")
        if response.status in _TOO_BUSY or response.status >= _SERVER_ERROR:
            return SourceUnavailable(reason, source=self.source)
        return SourceChanged(reason, source=self.source)

    def lost(self, failure: Failure) -> None:
        """End the run: a request without which it is not whole got no answer."""
        if not isinstance(failure.value, DownloadCancelledError):
            self.stop_because(self.unavailable(failure))

    def unavailable(self, failure: Failure) -> ProcmatchError:
        """Return the error for a request that got no usable answer."""
        if isinstance(failure.value, ProcmatchError):
            return failure.value
        request: Request = failure.request  # type: ignore[attr-defined]
        reason = f"no answer from {request.url}: {type(failure.value).__name__}"
        return SourceUnavailable(reason, source=self.source)

    def stop_because(self, error: ProcmatchError) -> None:
        """Note why the run failed (the first reason counts) and close the spider."""
        self.failure = self.failure or error
        if self._closing is None:
            assert self.crawler.engine is not None
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason="failed")
            )

    def on_bug(self, failure: Failure) -> None:
        """Fail the run when a callback broke; Scrapy has logged where."""
        reason = f"the spider broke: {type(failure.value).__name__}: {failure.value}"
        self.stop_because(ProcmatchError(reason))

    def closed(self, reason: str) -> None:
        """End the run (called by Scrapy, also after a signal)."""
        self.outcome = reason
        if reason == "finished" and not self._started and self.failure is None:
            self.failure = ProcmatchError("the spider broke before all was asked for")
        if self.run is not None and self.desk is not None:
            self._finish(self.desk, self.run)
        if self.failure is not None and self._log_failure:
            self.logger.error("%s", self.failure)

    def _finish(self, desk: Desk, run: Run) -> None:
        try:
            self.report = desk.finish(
                run,
                complete=self.failure is None and self.outcome == "finished",
                error=str(self.failure) if self.failure else None,
            )
        except ProcmatchError as error:
            self.failure = self.failure or error
            return
        if self.report.outcome == "failed" and self.failure is None:
            self.failure = SourceChanged(self.report.message, source=self.source)
