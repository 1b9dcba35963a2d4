"""Accounts of one unit."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from procmatch.errors import CodeError, SourceError
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.sources import accounts as accounts_reader
from procmatch.store import accounts, runs
from procmatch.store.runs import Counts
from procmatch.workflows.readers.base import Ingested, Reader, Run, body, put_aside

__all__ = ["READERS"]


def _accounts(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    counts = Counts()
    try:
        years = accounts_reader.read(body(answer))
    except (SourceError, CodeError) as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        counts = Counts(set_aside=1)
    else:
        outcome = accounts.save(connection, OrgId(NORWAY, answer.key), years)
        runs.clear_aside(connection, answer.source, answer.kind, answer.key)
        counts = Counts(new=int(outcome == "new"), changed=int(outcome == "changed"))
    runs.done_downloading(connection, answer.source, answer.key)
    return Ingested(counts=counts)


READERS: Mapping[tuple[str, str], Reader] = {("accounts", "accounts"): _accounts}
