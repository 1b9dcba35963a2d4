"""Code lists and places: KLASS (Statistics Norway), Kartverket, Bring, CPV and NUTS (EU)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scrapy import Request
from scrapy.http import Response

from procmatch.errors import SourceChanged
from procmatch_spiders.desk import utc_now
from procmatch_spiders.source_spider import SourceSpider

__all__ = ["LISTS", "CodeList", "Codes"]

_OK, _NOT_FOUND = 200, 404
_MUNICIPALITIES = "geonorge-municipalities"
_NUMBER = re.compile(rb'"kommunenummer"\s*:\s*"(\d{4})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """One list: its name for the reader, whose address it is under, where, and what it looks like.

    ``path`` may hold ``{today}``. ``site`` is the name of a setting in ``[sources]``.
    """

    kind: str
    site: str
    path: str
    accept: str = "application/json"
    expects: str | None = "json"


_KLASS = "/api/klass/v1/classifications"
LISTS = (
    # Back to 2018: older notices and registers carry numbers from before the mergers of 2020.
    CodeList(kind="klass-131", site="klass_url", path=f"{_KLASS}/131/codes?from=2018-01-01"),
    CodeList(kind="klass-104", site="klass_url", path=f"{_KLASS}/104/codes?from=2018-01-01"),
    # The last day before SN2025 took over.
    CodeList(kind="klass-6-sn2007", site="klass_url", path=f"{_KLASS}/6/codesAt?date=2024-12-31"),
    CodeList(kind="klass-6-sn2025", site="klass_url", path=f"{_KLASS}/6/codesAt?date={{today}}"),
    # Between two versions of one list there is a table, which no question by date finds.
    CodeList(
        kind="klass-sn2007-sn2025",
        site="klass_url",
        path="/api/klass/v1/correspondencetables/2919",
    ),
    CodeList(kind=_MUNICIPALITIES, site="geonorge_url", path="/kommuneinfo/v1/fylkerkommuner"),
    CodeList(
        kind="bring-postcodes",
        site="bring_url",
        path="/postnummerregister-ansi.txt",
        accept="text/plain, */*;q=0.5",
        expects=None,
    ),
    CodeList(
        kind="cpv", site="eu_codes_url", path="/codelists/cpv.gc", accept="*/*", expects="xml"
    ),
    CodeList(
        kind="nuts",
        site="eu_codes_url",
        path="/codelists/nuts_nuts-lvl3.gc",
        accept="*/*",
        expects="xml",
    ),
)


class Codes(SourceSpider):
    """Everything that gives a code its name and a place its neighbours."""

    name = "codes"
    source = "codes"

    def requests(self) -> Iterable[Request]:
        """Ask for every list."""
        for wanted in LISTS:
            path = wanted.path.format(today=utc_now().date().isoformat())
            yield self.ask(
                getattr(self.options.sources, wanted.site) + path,
                self.parse_list,
                expects=wanted.expects,
                # KLASS answers XML unless asked for JSON.
                accept=wanted.accept,
                arguments={"kind": wanted.kind},
            )

    def parse_list(self, response: Response, kind: str) -> Iterator[Request]:
        """Hand in one list; the municipalities lead to the neighbours of each."""
        if response.status != _OK:
            raise self.refusal(response)
        self.take(response, kind, kind)
        if kind != _MUNICIPALITIES:
            return
        numbers = sorted({number.decode() for number in _NUMBER.findall(response.body)})
        if not numbers:
            raise SourceChanged("no municipality", source=self.source, where=kind)
        for number in numbers:
            yield self.ask(
                f"{self.options.sources.geonorge_url}/kommuneinfo/v1/kommuner/{number}/nabokommuner",
                self.parse_neighbours,
                accept="application/json",
                arguments={"number": number},
            )

    def parse_neighbours(self, response: Response, number: str) -> None:
        """Hand in the neighbours of one municipality; an island may have none (404)."""
        if response.status == _NOT_FOUND:
            return
        if response.status != _OK:
            raise self.refusal(response)
        self.take(response, "geonorge-neighbours", number)
