"""Ingest: take raw answers of a source into the store, one transaction each.

A spider (or anything that fetches) calls :func:`begin`, hands over each answer with
:func:`ingest`, reports failed downloads with :func:`postpone` and ends with :func:`finish`. It may
be killed at any moment: what was handed over stays, what is missing is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from procmatch.errors import CodeError, SourceError
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.settings import Settings
from procmatch.sources import accounts as accounts_reader
from procmatch.sources import codelists, doffin, eforms, enhetsregisteret
from procmatch.store import Store, accounts, notices, organisations, raw, runs
from procmatch.store.runs import Counts

__all__ = ["Clock", "Ingested", "Run", "RunReport", "begin", "finish", "ingest", "postpone"]

Clock = Callable[[], datetime]
T = TypeVar("T")
_BulkWriter = Callable[[Connection, "Run", Answer, Sequence[bytes]], Counts]

#: Raised when a reader changes so that set-aside answers are worth reading again.
PARSER = "1"
_BATCH = 2000


@dataclass(slots=True, kw_only=True)
class Run:
    """A run in progress.

    Attributes:
        id: its row in the ledger. source: which source.
        watermark: the source is complete up to this publication date; None at first.
        pending: keys still to download whose time has come.
        newest: the newest publication date seen in this run.
    """

    id: int
    source: str
    settings: Settings
    clock: Clock
    watermark: date | None
    pending: tuple[str, ...]
    newest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What one answer brought.

    Attributes:
        wanted: keys whose document must be fetched now.
        oldest: oldest publication date on a search page.
        hits: number of hits on the page. total, accessible: as the source says.
        counts: new, changed and set aside records.
    """

    wanted: tuple[str, ...] = ()
    oldest: date | None = None
    hits: int = 0
    total: int | None = None
    accessible: int | None = None
    counts: Counts = field(default_factory=Counts)

    @property
    def new(self) -> int:
        """New records."""
        return self.counts.new

    @property
    def changed(self) -> int:
        """Changed records."""
        return self.counts.changed

    @property
    def set_aside(self) -> int:
        """Records that could not be read."""
        return self.counts.set_aside


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """How a run ended: ``outcome`` is ok, incomplete or failed."""

    outcome: str
    counts: Counts
    message: str = ""


def begin(store: Store, source: str, *, settings: Settings, clock: Clock) -> Run:
    """Open a run of ``source`` in the ledger."""
    with store.begin() as connection:
        return Run(
            id=runs.open_run(connection, source, clock()),
            source=source,
            settings=settings,
            clock=clock,
            watermark=runs.watermark(connection, source),
            pending=runs.pending(connection, source, clock()),
        )


def ingest(store: Store, run: Run, answer: Answer) -> Ingested:
    """Keep a raw answer, then read it into the store.

    The raw answer is committed before it is read; what is read from it is one transaction (a bulk
    file: one a batch). An answer, or one record of it, that cannot be read is set aside with its
    error and counted; the rest goes on.

    Raises:
        SourceError: a search page or a bulk file as a whole cannot be read: without the list
            nothing can be trusted.
        StoreError: the database says no.
    """
    kind = (answer.source, answer.kind.partition("-")[0])
    with store.begin() as connection:
        sha256 = raw.keep(connection, answer)
        runs.add_counts(connection, run.id, Counts(fetched=1))
    if kind in _BULK:
        return Ingested(counts=_ingest_bulk(store, run, answer, _BULK[kind]))
    if kind not in _READERS:
        raise SourceError(f"no reader for answers of kind {answer.kind!r}", source=answer.source)
    with store.begin() as connection:
        ingested = _READERS[kind](connection, run, answer, sha256)
        runs.add_counts(connection, run.id, ingested.counts)
    return ingested


def postpone(store: Store, run: Run, key: str, error: str) -> None:
    """Note that a download failed; it is tried again by a later run, and never given up."""
    with store.begin() as connection:
        runs.postpone(connection, run.source, key, error, run.clock())
        runs.add_counts(connection, run.id, Counts(postponed=1))


def finish(store: Store, run: Run, *, complete: bool, error: str | None = None) -> RunReport:
    """End a run. The watermark moves only when the whole run was kept.

    Args:
        store: where the run was begun.
        run: the run.
        complete: the source was read to the end of what was asked for.
        error: why the run failed, one line.
    """
    outcome = "failed" if error else "ok" if complete else "incomplete"
    with store.begin() as connection:
        runs.close(
            connection,
            run.id,
            outcome=outcome,
            message=error or "",
            now=run.clock(),
            move_watermark_to=run.newest if outcome == "ok" else None,
        )
        counts = runs.counts(connection, run.id)
    return RunReport(outcome=outcome, counts=counts, message=error or "")


def _aside(
    connection: Connection, run: Run, answer: Answer, key: str, sha256: str, error: Exception
) -> None:
    problem = (
        error if isinstance(error, SourceError) else SourceError(str(error), source=answer.source)
    )
    runs.put_aside(
        connection,
        source=answer.source,
        kind=answer.kind,
        key=key,
        sha256=sha256,
        error=problem,
        parser=PARSER,
        now=run.clock(),
    )


def _bytes(answer: Answer) -> bytes:
    return answer.body.read_bytes() if isinstance(answer.body, Path) else answer.body


def _search(connection: Connection, run: Run, answer: Answer, _sha256: str) -> Ingested:
    page = doffin.read_search(_bytes(answer))
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
    return Ingested(
        wanted=tuple(wanted),
        oldest=min(dates, default=None),
        hits=len(page.hits),
        total=page.total,
        accessible=page.accessible,
    )


def _notice(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    counts = Counts()
    try:
        notice = eforms.read(_bytes(answer), source=answer.source, source_id=answer.key)
    except (SourceError, CodeError) as error:
        _aside(connection, run, answer, answer.key, sha256, error)
        counts = Counts(set_aside=1)
    else:
        outcome = notices.save(connection, notice, sha256)
        runs.clear_aside(connection, answer.source, answer.kind, answer.key)
        counts = Counts(new=int(outcome == "new"), changed=int(outcome == "changed"))
    runs.done_downloading(connection, answer.source, answer.key)
    return Ingested(counts=counts)


def _save_unit(
    connection: Connection, unit: Organisation | enhetsregisteret.Removed
) -> tuple[int, int]:
    if isinstance(unit, enhetsregisteret.Removed):
        organisations.purge(connection, unit.id)
        return (0, 1)
    return organisations.save_organisations(connection, [unit])


def _unit(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    try:
        new, changed = _save_unit(connection, enhetsregisteret.read_unit(_bytes(answer)))
    except (SourceError, CodeError) as error:
        _aside(connection, run, answer, answer.key, sha256, error)
        return Ingested(counts=Counts(set_aside=1))
    runs.clear_aside(connection, answer.source, answer.kind, answer.key)
    return Ingested(counts=Counts(new=new, changed=changed))


def _establishment(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    try:
        pair = enhetsregisteret.read_establishment(_bytes(answer))
    except (SourceError, CodeError) as error:
        _aside(connection, run, answer, answer.key, sha256, error)
        return Ingested(counts=Counts(set_aside=1))
    new, changed = organisations.save_establishments(connection, NORWAY, [pair])
    return Ingested(counts=Counts(new=new, changed=changed))


def _batches(items: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Group records; when the stream breaks off, what came whole is handed on first."""
    batch: list[bytes] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    except SourceError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _pieces(answer: Answer) -> Iterator[bytes]:
    if isinstance(answer.body, bytes):
        yield answer.body
        return
    with answer.body.open("rb") as file:
        while piece := file.read(1 << 18):
            yield piece


def _ingest_bulk(store: Store, run: Run, answer: Answer, write: _BulkWriter) -> Counts:
    """Read a bulk file in constant memory; a bad record is set aside alone."""
    total = Counts()
    for batch in _batches(enhetsregisteret.stream(_pieces(answer))):
        with store.begin() as connection:
            counts = write(connection, run, answer, batch)
            runs.add_counts(connection, run.id, counts)
        total += counts
    return total


def _read_records(
    connection: Connection,
    run: Run,
    answer: Answer,
    batch: Sequence[bytes],
    read: Callable[[bytes], T],
) -> list[T]:
    good: list[T] = []
    for record in batch:
        try:
            good.append(read(record))
        except (SourceError, CodeError) as error:
            key = enhetsregisteret.number_of(record)
            one = replace(answer, kind=f"{answer.kind}-record", key=key, body=record)
            _aside(connection, run, one, key, raw.keep(connection, one), error)
    return good


def _units(connection: Connection, run: Run, answer: Answer, batch: Sequence[bytes]) -> Counts:
    good = _read_records(connection, run, answer, batch, enhetsregisteret.read_unit)
    for unit in good:
        if isinstance(unit, enhetsregisteret.Removed):
            organisations.purge(connection, unit.id)
    living = [unit for unit in good if isinstance(unit, Organisation)]
    new, changed = organisations.save_organisations(connection, living)
    return Counts(new=new, changed=changed, set_aside=len(batch) - len(good))


def _establishments(
    connection: Connection, run: Run, answer: Answer, batch: Sequence[bytes]
) -> Counts:
    good = _read_records(connection, run, answer, batch, enhetsregisteret.read_establishment)
    new, changed = organisations.save_establishments(connection, NORWAY, good)
    return Counts(new=new, changed=changed, set_aside=len(batch) - len(good))


def _codes(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    try:
        entries = codelists.read(answer.kind, answer.key, _bytes(answer))
    except (SourceError, CodeError) as error:
        _aside(connection, run, answer, answer.key, sha256, error)
        return Ingested(counts=Counts(set_aside=1))
    new, changed = organisations.save_codes(connection, entries)
    return Ingested(counts=Counts(new=new, changed=changed))


def _accounts(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    counts = Counts()
    try:
        years = accounts_reader.read(_bytes(answer))
    except (SourceError, CodeError) as error:
        _aside(connection, run, answer, answer.key, sha256, error)
        counts = Counts(set_aside=1)
    else:
        outcome = accounts.save(connection, OrgId(NORWAY, answer.key), years)
        runs.clear_aside(connection, answer.source, answer.kind, answer.key)
        counts = Counts(new=int(outcome == "new"), changed=int(outcome == "changed"))
    runs.done_downloading(connection, answer.source, answer.key)
    return Ingested(counts=counts)


_Reader = Callable[[Connection, Run, Answer, str], Ingested]
_READERS: dict[tuple[str, str], _Reader] = {
    ("accounts", "accounts"): _accounts,
    ("doffin", "search"): _search,
    ("doffin", "notice"): _notice,
    ("enhetsregisteret", "unit"): _unit,
    ("enhetsregisteret", "establishment"): _establishment,
    **{("codes", kind): _codes for kind in ("klass", "geonorge", "bring", "cpv", "nuts")},
}
_BULK: dict[tuple[str, str], _BulkWriter] = {
    ("enhetsregisteret", "units"): _units,
    ("enhetsregisteret", "establishments"): _establishments,
}
