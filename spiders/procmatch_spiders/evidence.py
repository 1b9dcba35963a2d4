"""Evidence: lists of firms that are certified, approved, funded or registered, a spider each.

They differ in address and form only, which :data:`LISTED` tells; lærebedrift is paged, and Sentral
godkjenning also answers for one number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Unpack

from scrapy import Request
from scrapy.http import Response

from procmatch.codes import orgnr
from procmatch.errors import SettingsError, SourceChanged
from procmatch_spiders.source_spider import Common, SourceSpider

__all__ = ["EVIDENCE", "LISTED", "Evidence", "Listed"]

_OK, _NOT_FOUND = 200, 404
_MOST_PAGES = 1000
_ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Where a source's list is: the name of a setting in ``[sources]``, what follows, its form."""

    setting: str
    tail: str = ""
    accept: str = "application/json"
    expects: str | None = "json"


_CSV = "text/csv, */*;q=0.5"
LISTED: Mapping[str, Listed] = {
    "debio": Listed(setting="debio_url"),
    "frivillighet": Listed(
        setting="brreg_url",
        tail="/frivillighetsregisteret/api/lastned/csv",
        accept=_CSV,
        expects=None,
    ),
    "innovasjon-norge": Listed(setting="innovasjon_norge_url", accept=_CSV, expects=None),
    "larebedrift": Listed(
        setting="utdanning_url",
        tail="?sporring_type=bedrifter_godkjente&fag={trade}&page={page}",
    ),
    "renhold": Listed(
        setting="renhold_url", accept="application/xml, text/xml;q=0.9, */*;q=0.5", expects="xml"
    ),
    # Without this version the list leaves out the approved areas.
    "sentral-godkjenning": Listed(
        setting="dibk_url", tail=".json", accept="application/vnd.sgpub.v2"
    ),
    "smilefjes": Listed(setting="smilefjes_url", accept=_CSV, expects=None),
}


class Evidence(SourceSpider):
    """The whole list of one source, each time: none of them tells what has changed."""

    def check(self) -> None:
        """Refuse to go without a name: Arbeidstilsynet shuts the door on nameless callers.

        Raises:
            SettingsError: no user agent.
        """
        if not self.options.user_agent.strip():
            raise SettingsError("user_agent is empty: name who is asking, and a contact")

    def requests(self) -> Iterable[Request]:
        """Ask for the list."""
        yield self._list(_ALL)

    def parse_list(self, response: Response, key: str) -> Iterable[Request]:
        """Hand in the list."""
        if response.status != _OK:
            raise self.refusal(response)
        self.take(response, "list", key)
        return ()

    def _list(self, key: str, **filled: str | int) -> Request:
        wanted = LISTED[self.source]
        return self.ask(
            getattr(self.options.sources, wanted.setting) + wanted.tail.format(**filled),
            self.parse_list,
            accept=wanted.accept,
            expects=wanted.expects,
            arguments={"key": key},
        )


class Debio(Evidence):
    """Debio: certified organic producers."""

    name = source = "debio"


class Frivillighet(Evidence):
    """Frivillighetsregisteret: voluntary organisations."""

    name = source = "frivillighet"


class InnovasjonNorge(Evidence):
    """Innovasjon Norge: grants, loans and guarantees."""

    name = source = "innovasjon-norge"


class Larebedrift(Evidence):
    """Finn lærebedrift: firms approved to train apprentices, by trade and page."""

    name = source = "larebedrift"

    def requests(self) -> Iterable[Request]:
        """Ask for the first page of each trade."""
        for trade in dict.fromkeys(self.options.apprenticeship_trades):
            yield self._page(trade, 1)

    def parse_list(self, response: Response, key: str) -> Iterator[Request]:
        """Hand in one page and ask for the next."""
        if response.status != _OK:
            raise self.refusal(response)
        pages = self.take(response, "list", key).pages
        if pages > _MOST_PAGES:
            reason = f"{pages} pages of one trade"
            raise SourceChanged(reason, source=self.source, where="pagination.total_pages")
        trade, page = key.split(" ")
        if int(page) < pages:
            yield self._page(trade, int(page) + 1)

    def _page(self, trade: str, page: int) -> Request:
        return self._list(f"{trade} {page}", trade=trade, page=page)


class Renhold(Evidence):
    """Renholdsregisteret: cleaning firms, approved or not."""

    name = source = "renhold"


class SentralGodkjenning(Evidence):
    """Sentral godkjenning: firms approved for building work.

    Args:
        numbers: units to look up; without any, the whole list is taken.
    """

    name = source = "sentral-godkjenning"

    def __init__(self, *, numbers: Iterable[str] = (), **common: Unpack[Common]) -> None:
        super().__init__(**common)
        self.numbers = tuple(numbers)

    def check(self) -> None:
        """Refuse a number that is none.

        Raises:
            CodeError: not nine digits with a right check digit.
        """
        super().check()
        self.numbers = tuple(dict.fromkeys(orgnr.clean(number) for number in self.numbers))

    def requests(self) -> Iterable[Request]:
        """Ask for the units by number, else for the list."""
        if not self.numbers:
            yield self._list(_ALL)
        for number in self.numbers:
            yield self.ask(
                f"{self.options.sources.dibk_url}/{number}",
                self.parse_one,
                accept=LISTED[self.source].accept,
                arguments={"number": number},
            )

    def parse_one(self, response: Response, number: str) -> None:
        """Hand in one unit; 404 says that it is not approved, which is an answer."""
        if response.status == _OK:
            self.take(response, "one", number)
        elif response.status == _NOT_FOUND:
            self.take(response, "one", number, body=b"")
        else:
            raise self.refusal(response)


class Smilefjes(Evidence):
    """Smilefjes: inspections of places that serve food."""

    name = source = "smilefjes"


EVIDENCE: tuple[type[SourceSpider], ...] = (
    Debio,
    Frivillighet,
    InnovasjonNorge,
    Larebedrift,
    Renhold,
    SentralGodkjenning,
    Smilefjes,
)
