"""Lists of publications, and the publications themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from procmatch.errors import CodeError, SourceError
from procmatch.model.answer import Answer
from procmatch.sources import doffin, eforms, ted
from procmatch.store import notices, runs
from procmatch.store.runs import Counts
from procmatch.workflows.readers.base import Ingested, Reader, Run, body, put_aside

__all__ = ["READERS", "list_hits"]

#: How the spider names the search that asks for all there is.
_UNFILTERED = "newest page"


def _doffin_search(connection: Connection, run: Run, answer: Answer, _sha256: str) -> Ingested:
    page = doffin.read_search(body(answer))
    if answer.key.startswith(_UNFILTERED):
        run.measures["notices"] = page.total
    return list_hits(connection, run, page)


def _keep(connection: Connection, run: Run, rows: Sequence[notices.Listing]) -> tuple[str, ...]:
    """Write what a list says, and queue what is new or changed in it; return those keys."""
    known = notices.listing_digests(connection, run.source, [row.source_id for row in rows])
    once: dict[str, notices.Listing] = {}
    for row in rows:
        once.setdefault(row.source_id, row)
    wanted = [row for row in once.values() if known.get(row.source_id) != row.digest]
    keys = tuple(row.source_id for row in wanted)
    notices.save_listings(connection, wanted)
    runs.queue(connection, run.source, keys, run.clock())
    dates = [row.published_on for row in rows if row.published_on]
    if dates:
        run.newest = max(dates) if run.newest is None else max(run.newest, *dates)
    return keys


def list_hits(connection: Connection, run: Run, page: doffin.SearchPage) -> Ingested:
    """Write what a page of hits says, and queue what is new or changed for download."""
    rows = [
        notices.Listing(
            source=run.source,
            source_id=hit.id,
            digest=hit.digest,
            kind=hit.type,
            status=hit.status,
            published_on=hit.publication_date,
            document=hit.raw.decode(),
        )
        for hit in page.hits
    ]
    dates = [hit.publication_date for hit in page.hits]
    issued = [hit.issue_date.date() for hit in page.hits if hit.issue_date]
    return Ingested(
        wanted=_keep(connection, run, rows),
        keys=tuple(hit.id for hit in page.hits),
        oldest=min(dates, default=None),
        newest=max(dates, default=None),
        issued=(min(issued), max(issued)) if issued else None,
        hits=len(page.hits),
        total=page.total,
        accessible=page.accessible,
    )


def _ted_search(connection: Connection, run: Run, answer: Answer, _sha256: str) -> Ingested:
    page = ted.read_search(body(answer))
    if page.timed_out:
        return Ingested(partial=True, total=page.total)
    rows = [
        notices.Listing(
            source=run.source,
            source_id=row.publication_number,
            digest=row.digest,
            kind=row.notice_type or "",
            status=None,
            published_on=row.published_on,
            document=row.raw.decode(),
        )
        for row in page.rows
    ]
    return Ingested(
        wanted=_keep(connection, run, rows),
        oldest=min((row.published_on for row in page.rows), default=None),
        hits=len(page.rows),
        total=page.total,
        following=page.token,
    )


def _notice(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    counts = Counts()
    try:
        notice = eforms.read(body(answer), source=answer.source, source_id=answer.key)
    except (SourceError, CodeError) as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        counts = Counts(set_aside=1)
    else:
        outcome = notices.save(connection, notice, sha256)
        runs.clear_aside(connection, answer.source, answer.kind, answer.key)
        counts = Counts(new=int(outcome == "new"), changed=int(outcome == "changed"))
    runs.done_downloading(connection, answer.source, answer.key)
    return Ingested(counts=counts)


READERS: Mapping[tuple[str, str], Reader] = {
    ("doffin", "search"): _doffin_search,
    ("doffin", "notice"): _notice,
    ("ted", "search"): _ted_search,
    ("ted", "notice"): _notice,
}
