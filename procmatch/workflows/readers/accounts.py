"""Accounts of one unit."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from procmatch.errors import CodeError, NotFound, SourceError
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.sources import accounts as accounts_reader
from procmatch.store import accounts, organisations, runs
from procmatch.store.runs import Counts
from procmatch.workflows.readers.base import Ingested, Reader, Run, body, put_aside

__all__ = ["READERS"]


#: Sectors whose layout of accounts the service never shows: banks, mortgage and other credit
#: companies, funds, financial holding, insurance, pension (*institusjonellSektorkode*).
_FINANCE = frozenset(
    {"3200", "3500", "3600", "3900", "4100", "4300", "4500", "4900", "5500", "5700"}
)


def _unavailable(connection: Connection, run: Run, answer: Answer) -> Ingested:
    """Take an answer of 500: for good where the unit's sector explains it, else ask again later."""
    org = OrgId(NORWAY, answer.key)
    try:
        sector = organisations.find(connection, org).sector
    except NotFound:
        sector = None
    if sector in _FINANCE:
        accounts.save(connection, org, (), run.clock())
        runs.done_downloading(connection, answer.source, answer.key)
        return Ingested()
    error = "HTTP 500: not shown now, or a layout that the service does not know"
    runs.postpone(connection, answer.source, answer.key, error, run.clock())
    return Ingested(counts=Counts(postponed=1))


def _accounts(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    if answer.kind == "accounts-unavailable":
        return _unavailable(connection, run, answer)
    counts = Counts()
    try:
        years = accounts_reader.read(body(answer))
    except (SourceError, CodeError) as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        counts = Counts(set_aside=1)
    else:
        outcome = accounts.save(connection, OrgId(NORWAY, answer.key), years, run.clock())
        runs.clear_aside(connection, answer.source, answer.kind, answer.key)
        counts = Counts(new=int(outcome == "new"), changed=int(outcome == "changed"))
    runs.done_downloading(connection, answer.source, answer.key)
    return Ingested(counts=counts)


READERS: Mapping[tuple[str, str], Reader] = {("accounts", "accounts"): _accounts}
