"""Ingest: take raw answers of a source into the store, one transaction each.

A spider (or anything that fetches) calls :func:`begin`, hands over each answer with
:func:`ingest`, reports failed downloads with :func:`postpone` and ends with :func:`finish`. It may
be killed at any moment: what was handed over stays, what is missing is asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from procmatch.errors import SourceChanged
from procmatch.model.answer import Answer
from procmatch.settings import Settings
from procmatch.store import Store, measures, raw, runs
from procmatch.store.runs import Counts
from procmatch.workflows import health
from procmatch.workflows.readers import BULK, ENDERS, MINIMISERS, reader_of
from procmatch.workflows.readers.base import Clock, Ingested, Run
from procmatch.workflows.settle import settle

__all__ = ["Clock", "Ingested", "Run", "RunReport", "begin", "finish", "ingest", "postpone"]


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
    if answer.source in MINIMISERS and isinstance(answer.body, bytes):
        body = MINIMISERS[answer.source](answer.source, answer.body)
        answer = replace(answer, body=body)
    with store.begin() as connection:
        sha256 = raw.keep(connection, answer)
        runs.add_counts(connection, run.id, Counts(fetched=1))
    if kind in BULK:
        return Ingested(counts=BULK[kind](store, run, answer))
    read = reader_of(*kind)
    with store.begin() as connection:
        ingested = read(connection, run, answer, sha256)
        runs.add_counts(connection, run.id, ingested.counts)
    return ingested


def postpone(store: Store, run: Run, key: str, error: str) -> None:
    """Note that a download failed; it is tried again by a later run, and never given up."""
    with store.begin() as connection:
        runs.postpone(connection, run.source, key, error, run.clock())
        runs.add_counts(connection, run.id, Counts(postponed=1))


def finish(store: Store, run: Run, *, complete: bool, error: str | None = None) -> RunReport:
    """End a run, and derive the procedures of what came.

    A whole run fails all the same if the source has become smaller than it may.

    The watermark moves only when the whole run was kept.

    Args:
        store: where the run was begun.
        run: the run.
        complete: the source was read to the end of what was asked for.
        error: why the run failed, one line.
    """
    outcome = "failed" if error else "ok" if complete else "incomplete"
    with store.begin() as connection:
        if outcome == "ok":
            error = _doubt(connection, run)
            outcome = "failed" if error else outcome
        measures.save(connection, run.id, run.measures)
        runs.close(
            connection,
            run.id,
            outcome=outcome,
            message=error or "",
            now=run.clock(),
            move_watermark_to=run.newest if outcome == "ok" else None,
        )
        counts = runs.counts(connection, run.id)
    settle(store)
    return RunReport(outcome=outcome, counts=counts, message=error or "")


def _doubt(connection: Connection, run: Run) -> str | None:
    """Say why a run that was read to the end is not believed, or close what it lists no more."""
    shrunk = None if run.accept_size else health.shrunk(connection, run.source, run.measures)
    if shrunk or run.source not in ENDERS:
        return shrunk
    try:
        ENDERS[run.source](connection, run)
    except SourceChanged as problem:
        return problem.reason
    return None
