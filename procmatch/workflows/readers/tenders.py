"""Lists of publications, and the publications themselves."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from procmatch.errors import CodeError, SourceError
from procmatch.model.answer import Answer
from procmatch.sources import doffin, eforms
from procmatch.store import notices, runs
from procmatch.store.runs import Counts
from procmatch.workflows.readers.base import Ingested, Reader, Run, body, put_aside

__all__ = ["READERS", "list_hits"]

#: How the spider names the search that asks for all there is.
_UNFILTERED = "newest page"


def _search(connection: Connection, run: Run, answer: Answer, _sha256: str) -> Ingested:
    page = doffin.read_search(body(answer))
    if answer.key.startswith(_UNFILTERED):
        run.measures["notices"] = page.total
    return list_hits(connection, run, page)


def list_hits(connection: Connection, run: Run, page: doffin.SearchPage) -> Ingested:
    """Write what a page of hits says, and queue what is new or changed for download."""
    known = notices.listing_digests(connection, run.source, [hit.id for hit in page.hits])
    rows: list[notices.Listing] = []
    wanted: list[str] = []
    for hit in page.hits:
        digest = hit.digest
        if known.get(hit.id) == digest or any(row.source_id == hit.id for row in rows):
            continue
        wanted.append(hit.id)
        rows.append(
            notices.Listing(
                source=run.source,
                source_id=hit.id,
                digest=digest,
                kind=hit.type,
                status=hit.status,
                published_on=hit.publication_date,
                document=hit.raw.decode(),
            )
        )
    notices.save_listings(connection, rows)
    runs.queue(connection, run.source, wanted, run.clock())
    dates = [hit.publication_date for hit in page.hits]
    if dates:
        run.newest = max(dates) if run.newest is None else max(run.newest, *dates)
    issued = [hit.issue_date.date() for hit in page.hits if hit.issue_date]
    return Ingested(
        wanted=tuple(wanted),
        keys=tuple(hit.id for hit in page.hits),
        oldest=min(dates, default=None),
        newest=max(dates, default=None),
        issued=(min(issued), max(issued)) if issued else None,
        hits=len(page.hits),
        total=page.total,
        accessible=page.accessible,
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
    ("doffin", "search"): _search,
    ("doffin", "notice"): _notice,
}
