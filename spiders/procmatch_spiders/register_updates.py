"""The register's feed of changes: what changed is asked for anew, page by page, list by list.

One request leads to the next, so that the position in the feed can follow what was kept: it is
moved only past events whose units are in the store or wait in the queue. A crawl that is killed
goes on from there; what it had done beyond is done again, to the same effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from scrapy import Request
from scrapy.http import Response

from procmatch.errors import SourceChanged
from procmatch.sources import enhetsregisteret_feed as feed
from procmatch.sources.enhetsregisteret_feed import Change, ChangeKind
from procmatch_spiders.desk import utc_now
from procmatch_spiders.source_spider import SourceSpider

__all__ = ["LISTS", "Updates", "begin_at", "position"]

_OK, _BAD_REQUEST, _NOT_FOUND, _GONE = 200, 400, 404, 410
#: An outage, not a fault of one unit: the run ends and the next one goes on.
_OUTAGES = frozenset({408, 429, 502, 503, 504})
_PAGE, _BATCH = 10_000, 100
#: Path of a list -> kind of its answers. Units first: their establishments are read by them.
LISTS = {"enheter": "unit", "underenheter": "establishment"}


def _told(moment: datetime) -> str:
    """Write a moment as the feed does."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def position(number: int | None, moment: datetime) -> str:
    """Write a position in the feed: the last event kept, if any is known, and its time."""
    return f"{'' if number is None else number}@{_told(moment)}"


def begin_at(known: str | None, moment: datetime) -> str:
    """Return the earlier of a known position and a moment.

    A bulk file lacks what was deleted: a position from before the file was made must stay, or
    deletions between the two were never heard of.
    """
    if known and known.partition("@")[2] <= _told(moment):
        return known
    return position(None, moment)


@dataclass(slots=True)
class _Walk:
    """How far the walk along the feed of one list has come.

    Attributes:
        alone: numbers to be asked for one by one.
        changes: of the page, not yet asked for.
        page_end: the position after the page; "" before the first.
        asked_from: the lowest event id that the next page may hold.
    """

    path: str
    alone: list[str]
    changes: list[Change] = field(default_factory=list)
    page_end: str = ""
    asked_from: int = 0

    @property
    def kind(self) -> str:
        return LISTS[self.path]


class Updates:
    """Walks the feed for a spider.

    Args:
        spider: hands in the answers; its run is open when :meth:`start` is called.
        address: makes an address from a path below the register's API.
    """

    def __init__(self, spider: SourceSpider, address: Callable[[str], str]) -> None:
        self._spider = spider
        self._address = address

    def start(self) -> Iterator[Request]:
        """Begin with what earlier runs could not get, then the feed, list by list."""
        yield from self._list("enheter")

    def take_removed(self, response: Response, kind: str, number: str) -> None:
        """Hand in that a unit is gone for legal reasons: every copy must go."""
        gone = {"organisasjonsnummer": number, "slettedato": utc_now().date()}
        self._spider.take(response, kind, number, body=msgspec.json.encode(gone))

    def _list(self, path: str) -> Iterator[Request]:
        run = self._spider.run
        assert run is not None
        mine = [key.removeprefix(f"{path}/") for key in run.pending if key.startswith(f"{path}/")]
        yield from self._go_on(_Walk(path, alone=mine))

    def _go_on(self, walk: _Walk) -> Iterator[Request]:
        if walk.alone:
            yield self._ask(walk, f"{walk.path}/{walk.alone[0]}", self.parse_one)
            return
        if walk.page_end:
            rest = walk.changes
            here = position(rest[0].first - 1, rest[0].since) if rest else walk.page_end
            self._spider.remember(f"feed {walk.path}", here)
        if not walk.changes:
            yield self._next_page(walk)
            return
        batch, walk.changes = walk.changes[:_BATCH], walk.changes[_BATCH:]
        walk.alone = [change.number for change in batch]
        numbers = ",".join(walk.alone)
        search = f"{walk.path}?organisasjonsnummer={numbers}&size={_BATCH}"
        yield self._ask(walk, search, self.parse_search)

    def _next_page(self, walk: _Walk) -> Request:
        known = self._spider.remembered(f"feed {walk.path}") or position(None, utc_now())
        last, _, moment = known.partition("@")
        # Both bounds are inclusive.
        walk.asked_from = int(last) + 1 if last else 0
        since = f"oppdateringsid={walk.asked_from}" if last else f"dato={moment}"
        path = f"oppdateringer/{walk.path}?{since}&size={_PAGE}"
        return self._ask(walk, path, self.parse_page)

    def _ask(self, walk: _Walk, path: str, callback: Callable[..., Iterator[Request]]) -> Request:
        return self._spider.ask(
            self._address(path), callback, accept="application/json", arguments={"walk": walk}
        )

    def parse_page(self, response: Response, walk: _Walk) -> Iterator[Request]:
        """Read one page of the feed; an empty one ends the list, however full the last one was."""
        if response.status != _OK:
            raise self._spider.refusal(response)
        changes = feed.changes(response.body)
        if not changes:
            if walk.path == "enheter":
                yield from self._list("underenheter")
            return
        if changes[0].first < walk.asked_from:
            reason = f"event {changes[0].first} on a page asked for from {walk.asked_from}"
            raise SourceChanged(reason, source=self._spider.source, where="oppdateringsid")
        for change in changes:
            if change.kind is ChangeKind.REMOVED:
                self.take_removed(response, walk.kind, change.number)
        walk.changes = [change for change in changes if change.kind is not ChangeKind.REMOVED]
        newest = max(changes, key=lambda change: change.last)
        walk.page_end = position(newest.last, newest.at)
        yield from self._go_on(walk)

    def parse_search(self, response: Response, walk: _Walk) -> Iterator[Request]:
        """Hand in the units of a batch; those that a search does not show are asked for alone."""
        if response.status == _OK:
            found = feed.units(response.body)
            for number in walk.alone:
                if number in found:
                    self._spider.take(response, walk.kind, number, body=found[number])
            walk.alone = [number for number in walk.alone if number not in found]
        elif response.status != _BAD_REQUEST:
            raise self._spider.refusal(response)
        yield from self._go_on(walk)

    def parse_one(self, response: Response, walk: _Walk) -> Iterator[Request]:
        """Hand in one unit: living or deleted (200), or removed (410); else it waits."""
        number = walk.alone.pop(0)
        if response.status == _OK:
            self._spider.take(response, walk.kind, number)
        elif response.status == _GONE:
            self.take_removed(response, walk.kind, number)
        elif response.status in _OUTAGES:
            raise self._spider.refusal(response)
        else:
            # 404: told of before it can be looked up. 500: one unit must not stop the others.
            self._spider.postpone(f"{walk.path}/{number}", f"HTTP {response.status}")
        yield from self._go_on(walk)
