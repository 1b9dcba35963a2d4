"""Regnskapsregisteret: yearly accounts, asked for one by one and only where somebody needs them."""

from __future__ import annotations

from collections.abc import Iterable

from scrapy import Request
from scrapy.http import Response

from procmatch_spiders.source_spider import SourceSpider

__all__ = ["Accounts"]

_OK, _NOT_FOUND, _SERVER_ERROR = 200, 404, 500
_NONE = b"[]"


class Accounts(SourceSpider):
    """The accounts that the last matching asked for; there is no bulk file to take instead."""

    name = "accounts"
    source = "accounts"

    def requests(self) -> Iterable[Request]:
        """Ask for every unit whose accounts are wanted and not known."""
        assert self.run is not None
        for number in self.run.pending:
            yield self.ask(
                f"{self.options.sources.brreg_url}/regnskapsregisteret/regnskap/{number}",
                self.parse_accounts,
                accept="application/json",
                arguments={"number": number},
            )

    def parse_accounts(self, response: Response, number: str) -> None:
        """Hand in the accounts; 404 says that there are none, 500 that they cannot be shown now."""
        if response.status == _OK:
            self.take(response, "accounts", number)
        elif response.status == _NOT_FOUND:
            self.take(response, "accounts", number, body=_NONE)
        elif response.status == _SERVER_ERROR:
            # Banks and insurers have a layout that this service never shows; the store knows them.
            self.take(response, "accounts-unavailable", number)
        else:
            raise self.refusal(response)
