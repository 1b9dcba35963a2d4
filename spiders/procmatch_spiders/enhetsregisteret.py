"""Enhetsregisteret, the register of units: the nightly files, or single units by number."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Unpack

import msgspec
from scrapy import Request
from scrapy.http import Response

from procmatch.codes import orgnr
from procmatch.errors import SourceUnavailable
from procmatch_spiders.desk import utc_now
from procmatch_spiders.source_spider import Common, SourceSpider

__all__ = ["Enhetsregisteret"]

_OK, _NOT_FOUND, _GONE = 200, 404, 410


class Enhetsregisteret(SourceSpider):
    """Units and establishments of Brønnøysundregistrene's open data.

    Args:
        numbers: units or establishments to look up; without any, both nightly files are taken.
    """

    name = "enhetsregisteret"
    source = "enhetsregisteret"

    def __init__(self, *, numbers: Iterable[str] = (), **common: Unpack[Common]) -> None:
        super().__init__(**common)
        self.numbers = tuple(numbers)
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
        """Ask for the units by number, else for the file of all units."""
        if not self.numbers:
            yield self._bulk("units", "enheter")
        for number in self.numbers:
            yield self._look_up("unit", "enheter", number)

    def parse_bulk(self, response: Response, kind: str) -> Iterator[Request]:
        """Hand in a nightly file; after the units come their establishments."""
        if response.status != _OK:
            raise self.refusal(response)
        path = Path(response.meta["to_file"])
        try:
            with path.open("rb") as file:
                if file.read(1) == b"<":
                    reason = f"an HTML page instead of data from {response.url}"
                    raise SourceUnavailable(reason, source=self.source)
            self.take(response, kind, path.name, body=path)
        finally:
            path.unlink()
        if kind == "units":
            yield self._bulk("establishments", "underenheter")

    def parse_one(self, response: Response, kind: str, number: str) -> Iterator[Request]:
        """Hand in one unit: living or deleted (200), or removed (410); 404 may be an establishment.

        A 410 says that every copy must go, so it is handed in like any answer.
        """
        if response.status == _OK:
            self.take(response, kind, number)
        elif response.status == _GONE:
            gone = {"organisasjonsnummer": number, "slettedato": utc_now().date()}
            body = response.body or msgspec.json.encode(gone)
            self.take(response, kind, number, body=body)
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

    def _bulk(self, kind: str, path: str) -> Request:
        return self.ask(
            self._address(f"{path}/lastned"),
            self.parse_bulk,
            accept="application/gzip, */*;q=0.5",
            expects=None,
            arguments={"kind": kind},
            # The file is gzip itself; a second layer on the way would only be in our way.
            headers={"Accept-Encoding": "identity"},
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
