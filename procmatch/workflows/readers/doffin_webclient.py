"""What stands behind Doffin's own pages: it finds publications for the official source to fetch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from procmatch.errors import SourceError
from procmatch.model.answer import Answer
from procmatch.sources import doffin
from procmatch.store import listings, runs
from procmatch.store.runs import Counts
from procmatch.workflows.readers.base import Ingested, Reader, Run, body, put_aside
from procmatch.workflows.readers.tenders import list_hits

__all__ = ["READERS"]

_OFFICIAL = "doffin"


def _hand_over(connection: Connection, run: Run, keys: Iterable[str]) -> int:
    """Queue the XML of what the official source does not know for its next run."""
    found = listings.unknown(connection, _OFFICIAL, tuple(keys))
    runs.queue(connection, _OFFICIAL, found, run.clock())
    return len(found)


def _search(connection: Connection, run: Run, answer: Answer, _sha256: str) -> Ingested:
    page = doffin.read_search(body(answer), of_pages=True)
    _hand_over(connection, run, {hit.id for hit in page.hits})
    return list_hits(connection, run, page)


def _detail(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    counts = Counts()
    try:
        others = doffin.read_detail(body(answer), answer.key)
    except SourceError as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        counts = Counts(set_aside=1)
    else:
        runs.clear_aside(connection, answer.source, answer.kind, answer.key)
        counts = Counts(new=_hand_over(connection, run, {answer.key, *others}))
    runs.done_downloading(connection, answer.source, answer.key)
    return Ingested(counts=counts)


READERS: Mapping[tuple[str, str], Reader] = {
    ("doffin-webclient", "search"): _search,
    ("doffin-webclient", "detail"): _detail,
}
