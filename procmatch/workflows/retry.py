"""Retry: read again what was set aside, from the raw store, with no network."""

from __future__ import annotations

from dataclasses import dataclass

from procmatch.settings import Settings
from procmatch.store import Store, raw, runs
from procmatch.workflows.readers import reader_of
from procmatch.workflows.readers.base import Clock, Run, parser
from procmatch.workflows.settle import settle

__all__ = ["RetryReport", "retry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryReport:
    """What came of it.

    Attributes:
        tried: how many answers or records were read again. read: how many could be read now.
        still: how many could not. skipped: set aside by this very version of the readers.
    """

    tried: int = 0
    read: int = 0
    still: int = 0
    skipped: int = 0


def retry(
    store: Store,
    *,
    settings: Settings,
    clock: Clock,
    source: str | None = None,
    everything: bool = False,
) -> RetryReport:
    """Read set-aside answers again; each in a transaction of its own, safe to break off.

    Args:
        store: holds what was set aside and the raw answers.
        settings: procmatch's settings.
        clock: aware UTC now.
        source: of this source only.
        everything: also what the present readers have refused already.
    """
    with store.read() as connection:
        aside = runs.aside(connection, source)
    wanted = [row for row in aside if everything or row.parser != parser()]
    if not wanted:
        return RetryReport(skipped=len(aside))
    with store.begin() as connection:
        entry = runs.open_run(connection, "retry", clock())
    read = 0
    for row in wanted:
        with store.begin() as connection:
            answer = raw.answer(
                connection, source=row.source, kind=row.kind, key=row.key, sha256=row.sha256
            )
            run = Run(
                id=entry,
                source=row.source,
                settings=settings,
                clock=clock,
                watermark=None,
                pending=(),
            )
            found = reader_of(row.source, row.kind)(connection, run, answer, row.sha256)
            runs.add_counts(connection, entry, found.counts)
            read += not found.set_aside
    settle(store)
    with store.begin() as connection:
        runs.close(connection, entry, outcome="ok", message="", now=clock(), move_watermark_to=None)
    return RetryReport(
        tried=len(wanted), read=read, still=len(wanted) - read, skipped=len(aside) - len(wanted)
    )
