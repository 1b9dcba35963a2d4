"""Enhetsregisteret, the register of units: the nightly files, what changed since, single units."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Unpack

from scrapy import Request
from scrapy.http import Response

from procmatch.codes import orgnr
from procmatch.errors import ProcmatchError, SourceUnavailable
from procmatch_spiders.desk import utc_now
from procmatch_spiders.register_updates import Updates, begin_at
from procmatch_spiders.source_spider import Common, SourceSpider

__all__ = ["Enhetsregisteret"]

_OK, _NOT_MODIFIED, _NOT_FOUND, _GONE = 200, 304, 404, 410
_BULK_KINDS = {"enheter": "units", "underenheter": "establishments"}
#: A file is stamped when it is done; it shows the register as it was some while before.
_MARGIN = timedelta(hours=6)
#: The files are made every night: one without a stamp is no older.
_UNSTAMPED = timedelta(days=1)


class Enhetsregisteret(SourceSpider):
    """Units and establishments of Brønnøysundregistrene's open data.

    Args:
        numbers: units or establishments to look up, and nothing else.
        bulk: take both nightly files, then the feed of changes since they were made.
        updates: take only the feed.

    Without any, the files are taken when there are none yet or they are old, else the feed only.
    """

    name = "enhetsregisteret"
    source = "enhetsregisteret"

    def __init__(
        self,
        *,
        numbers: Iterable[str] = (),
        bulk: bool = False,
        updates: bool = False,
        **common: Unpack[Common],
    ) -> None:
        super().__init__(**common)
        self.numbers = tuple(numbers)
        self.bulk, self.only_updates = bulk, updates
        self.updates = Updates(self, self._address)
        #: Numbers that the register has never given out.
        self.unknown: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="procmatch-")

    def check(self) -> None:
        """Refuse a number that is none.

        Raises:
            CodeError: not nine digits with a right check digit.
        """
        self.numbers = tuple(dict.fromkeys(orgnr.clean(number) for number in self.numbers))

    def requests(self) -> Iterable[Request]:
        """Ask for the units by number, for the files, or for what changed.

        Raises:
            ProcmatchError: only changes are wanted, and there is nothing yet that they change.
        """
        for number in self.numbers:
            yield self._look_up("unit", "enheter", number)
        if self.numbers:
            return
        if self._bulk_is_due():
            yield self._bulk("enheter")
        else:
            yield from self.updates.start()

    def _bulk_is_due(self) -> bool:
        taken = self.remembered("bulk")
        if self.bulk:
            return True
        if self.only_updates:
            if taken is None:
                raise ProcmatchError("the nightly files were never read: crawl without --updates")
            return False
        days = timedelta(days=self.options.register_bulk_days)
        return taken is None or utc_now() - datetime.fromisoformat(taken) >= days

    def parse_bulk(self, response: Response, path: str) -> Iterator[Request]:
        """Hand in a nightly file, unless it is the one we have; then the next, then the feed."""
        if response.status == _OK:
            self._rewind(path, response)
            self._take_file(response, _BULK_KINDS[path], Path(response.meta["to_file"]))
            for header in ("ETag", "Last-Modified"):
                value = (response.headers.get(header) or b"").decode("latin-1")
                self.remember(f"{header} {path}", value)
        elif response.status != _NOT_MODIFIED:
            raise self.refusal(response)
        if path == "enheter":
            yield self._bulk("underenheter")
        else:
            self.remember("bulk", utc_now().isoformat())
            yield from self.updates.start()

    def _take_file(self, response: Response, kind: str, path: Path) -> None:
        try:
            with path.open("rb") as file:
                if file.read(1) == b"<":
                    reason = f"an HTML page instead of data from {response.url}"
                    raise SourceUnavailable(reason, source=self.source)
            self.take(response, kind, path.name, body=path)
        finally:
            path.unlink()

    def _rewind(self, path: str, response: Response) -> None:
        """Have the feed replayed from before the file was made.

        Done before the file is read: it may bring back what the feed had already changed.
        """
        stamp = (response.headers.get("Last-Modified") or b"").decode("latin-1")
        try:
            made = parsedate_to_datetime(stamp)
        except ValueError:
            made = utc_now() - _UNSTAMPED
        name = f"feed {path}"
        self.remember(name, begin_at(self.remembered(name), made - _MARGIN))

    def parse_one(self, response: Response, kind: str, number: str) -> Iterator[Request]:
        """Hand in one unit: living or deleted (200), or removed (410); 404 may be an establishment.

        A 410 says that every copy must go, so it is handed in like any answer.
        """
        if response.status == _OK:
            self.take(response, kind, number)
        elif response.status == _GONE:
            self.updates.take_removed(response, kind, number)
        elif response.status != _NOT_FOUND:
            raise self.refusal(response)
        elif kind == "unit":
            yield self._look_up("establishment", "underenheter", number)
        else:
            self.unknown.append(number)
            self.logger.warning("Enhetsregisteret does not know %s", number)

    def closed(self, reason: str) -> None:
        """End the run and remove what was downloaded."""
        super().closed(reason)
        self._folder.cleanup()

    def _bulk(self, path: str) -> Request:
        known = {
            "If-None-Match": self.remembered(f"ETag {path}"),
            "If-Modified-Since": self.remembered(f"Last-Modified {path}"),
        }
        return self.ask(
            self._address(f"{path}/lastned"),
            self.parse_bulk,
            accept="application/gzip, */*;q=0.5",
            expects=None,
            arguments={"path": path},
            # The file is gzip itself; a second layer on the way would only be in our way.
            headers={"Accept-Encoding": "identity"}
            | {name: value for name, value in known.items() if value},
            meta={"to_file": str(Path(self._folder.name) / f"{path}.json.gz")},
        )

    def _look_up(self, kind: str, path: str, number: str) -> Request:
        return self.ask(
            self._address(f"{path}/{number}"),
            self.parse_one,
            accept="application/json",
            arguments={"kind": kind, "number": number},
        )

    def _address(self, path: str) -> str:
        return f"{self.options.sources.brreg_url}/enhetsregisteret/api/{path}"
