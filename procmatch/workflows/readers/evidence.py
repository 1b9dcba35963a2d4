"""Evidence: lists of those who are certified, approved or funded, and look-ups by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec
from sqlalchemy import Connection

from procmatch.errors import SourceChanged, SourceError
from procmatch.model.answer import Answer
from procmatch.model.evidence import Unread
from procmatch.model.organisation import NORWAY
from procmatch.sources import evidence as sources
from procmatch.store import evidence, raw, runs
from procmatch.store.runs import Counts
from procmatch.workflows import health
from procmatch.workflows.readers.base import (
    Ender,
    Ingested,
    Minimiser,
    Reader,
    Run,
    body,
    put_aside,
)

__all__ = ["ENDERS", "MINIMISERS", "READERS"]


def _set_aside(connection: Connection, run: Run, answer: Answer, unread: Sequence[Unread]) -> None:
    """Put each unread row aside under its own key; those of an earlier reading are forgotten."""
    kind = f"{answer.kind}-record"
    keys: set[str] = set()
    for one in unread:
        key = f"{answer.key}: {one.key}"[:200]
        record = replace(answer, kind=kind, key=key, body=msgspec.json.encode(one))
        error = SourceError(one.reason, source=answer.source, where=one.where)
        put_aside(connection, run, record, key, raw.keep(connection, record), error)
        keys.add(key)
    runs.clear_asides(connection, answer.source, kind, answer.key, keep=keys)


def _read(connection: Connection, run: Run, answer: Answer, *, listing: bool) -> Ingested:
    reading = sources.read(answer.source, answer.key, body(answer))
    run.listing = run.listing or listing
    new, changed = evidence.save(
        connection,
        reading.rows,
        register=NORWAY,
        origin="crawl",
        run=run.id,
        now=run.clock(),
    )
    _set_aside(connection, run, answer, reading.unread)
    counts = Counts(new=new, changed=changed, set_aside=len(reading.unread))
    return Ingested(counts=counts, hits=len(reading.rows), pages=reading.pages)


def _list(connection: Connection, run: Run, answer: Answer, _sha256: str) -> Ingested:
    return _read(connection, run, answer, listing=True)


def _one(connection: Connection, run: Run, answer: Answer, _sha256: str) -> Ingested:
    """Read what a source says of one number, the key; an empty body says that it knows nothing."""
    found = Ingested()
    if body(answer):
        found = _read(connection, run, answer, listing=False)
    closed = evidence.close_missing(
        connection,
        run.source,
        printed_number=answer.key,
        run=run.id,
        now=run.clock(),
        forget=run.source in sources.FORGETS,
    )
    return replace(found, counts=found.counts + Counts(changed=closed))


def _end(connection: Connection, run: Run) -> None:
    """Close what a whole list no longer names.

    Raises:
        SourceChanged: the list names far fewer than in its last good run.
    """
    if not run.listing:
        return
    run.measures["rows"] = evidence.seen(connection, run.source, run.id)
    shrunk = None if run.accept_size else health.shrunk(connection, run.source, run.measures)
    if shrunk:
        raise SourceChanged(f"{shrunk}; nothing is closed", source=run.source)
    closed = evidence.close_unlisted(
        connection,
        run.source,
        run=run.id,
        now=run.clock(),
        forget=run.source in sources.FORGETS,
    )
    runs.add_counts(connection, run.id, Counts(changed=closed))


READERS: Mapping[tuple[str, str], Reader] = {
    **{(source, "list"): _list for source in sources.SOURCES},
    **{(source, "one"): _one for source in sources.SOURCES},
}
ENDERS: Mapping[str, Ender] = dict.fromkeys(sources.SOURCES, _end)
MINIMISERS: Mapping[str, Minimiser] = dict.fromkeys(sources.SOURCES, sources.minimised)
