"""Regnskapsregisteret: the yearly accounts of one unit."""

from __future__ import annotations

import re

from procmatch.demo.standins.content import Content
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.faults import Traps

__all__ = ["Accounts"]

_PATH = re.compile(r"/regnskapsregisteret/regnskap/([^/]+)(?:/(\d+))?")
_NUMBER = re.compile(r"\d{9}")
#: Sector codes of banks, mortgage companies, life and other insurance: layouts it cannot show.
_FINANCE = {"3200", "3500", "5500", "5700"}
_BUSY_TIMES = 2


def _failure(status: int, error: str, message: str, path: str) -> Reply:
    body = {
        "timestamp": "2026-09-23T18:35:36.992+0000",
        "status": str(status),
        "error": error,
        "message": message,
        "path": path,
        "trace": "00000000-0000-4000-8000-000000000000",
    }
    return as_json(body, status)


class Accounts:
    """Answers ``/regnskapsregisteret/regnskap/{number}`` and ``.../{number}/{id}``."""

    def __init__(self, content: Content, traps: Traps) -> None:
        self.traps = traps
        self.accounts = content.accounts
        self.finance = {
            unit["organisasjonsnummer"]
            for unit in content.units
            if unit.get("institusjonellSektorkode", {}).get("kode") in _FINANCE
        }

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        path = _PATH.fullmatch(request.path)
        if path is None:
            return Reply(status=404)
        if self.traps.faults.busy_accounts and self.traps.nth("accounts") <= _BUSY_TIMES:
            return Reply(status=503, body=b"Too many requests", media_type="text/plain")
        number, wanted = path.groups()
        if not _NUMBER.fullmatch(number):
            return _failure(400, "Bad Request", "Organisasjonsnummer er ugyldig", request.path)
        if number in self.finance:
            message = "An error occurred while processing the request."
            return _failure(500, "Internal Server Error", message, request.path)
        years = self.accounts(number)
        if wanted is None:
            return as_json(years) if years else Reply(status=404)
        one = next((year for year in years if str(year.get("id")) == wanted), None)
        return as_json(one) if one else Reply(status=404)
