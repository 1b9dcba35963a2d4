"""Import evidence from a file: read, kept, linked, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from procmatch.linkage import Linker
from procmatch.model.evidence import Reading, Unread
from procmatch.model.organisation import NORWAY
from procmatch.sources import evidence as sources
from procmatch.store import Store, evidence, runs
from procmatch.store.runs import Counts
from procmatch.workflows.link_evidence import (
    EvidenceLinks,
    count,
    find_owners,
    question,
    register_of,
    save_owner,
    to_tie,
)
from procmatch.workflows.readers.base import Clock
from procmatch.workflows.register_index import open_register

__all__ = ["ImportReport", "import_evidence"]

#: As the ledger knows it.
_SOURCE = "evidence-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What a file brought.

    Attributes:
        rows: rows that were read. new, changed: of them, compared with the store. closed: rows of
            an earlier file that this one, being whole, no longer has.
        unread: rows that were set aside.
        linked: what linkage made of those that were not certainly somebody's.
    """

    rows: int
    new: int
    changed: int
    closed: int
    unread: tuple[Unread, ...]
    linked: EvidenceLinks


def import_evidence(
    store: Store,
    body: bytes,
    *,
    clock: Clock,
    whole: bool = False,
    declared: bool = False,
    dry_run: bool = False,
    index: Path | None = None,
) -> ImportReport:
    """Take in a file of evidence; twice the same file changes nothing.

    Args:
        store: where it goes.
        body: the file; see ``docs/evidence.md``.
        clock: aware UTC now.
        whole: the file is the whole list of each source that it names: rows of an earlier file of
            the same source and kind that it no longer has are closed.
        declared: the rows are what suppliers say of themselves: shown, but no proof.
        dry_run: say what would be done and do nothing.
        index: see :func:`~procmatch.workflows.link.link`.

    Raises:
        SourceError: the file as a whole cannot be read.
        StoreError: the database says no.
    """
    reading = sources.read_file(body)
    linker = None
    if any(row.name for row in reading.rows):
        linker = open_register(store, index)  # before the transaction: nobody waits for it
    origin = "declared" if declared else "file"
    with store.begin() as connection, connection.begin_nested() as nested:
        report = _take_in(connection, reading, linker, clock=clock, origin=origin, whole=whole)
        if dry_run:
            nested.rollback()
    return report


def _take_in(
    connection: Connection,
    reading: Reading,
    linker: Linker | None,
    *,
    clock: Clock,
    origin: str,
    whole: bool,
) -> ImportReport:
    run = runs.open_run(connection, _SOURCE, clock())
    new, changed = evidence.save(
        connection, reading.rows, register=NORWAY, origin=origin, run=run, now=clock()
    )
    closed = 0
    if whole:
        for source, kind in sorted({(row.source, row.kind) for row in reading.rows}):
            closed += evidence.close_unlisted(
                connection, source, kind=kind, run=run, now=clock(), origin=origin
            )
    untied = to_tie(connection, run)
    owners = find_owners(connection, list(map(question, untied)), register_of(connection, linker))
    for row, owner in zip(untied, owners, strict=True):
        save_owner(connection, row, owner)
    counts = Counts(fetched=1, new=new, changed=changed + closed, set_aside=len(reading.unread))
    runs.add_counts(connection, run, counts)
    runs.close(connection, run, outcome="ok", message="", now=clock(), move_watermark_to=None)
    return ImportReport(
        rows=len(reading.rows),
        new=new,
        changed=changed,
        closed=closed,
        unread=reading.unread,
        linked=count(owners),
    )
