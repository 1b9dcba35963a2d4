"""Upkeep: let go of what is over, and of what was kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from procmatch.settings import Jobs
from procmatch.store import Store, job_ledger, retention
from procmatch.workflows import subscribe
from procmatch.workflows.equal_treatment import forget_shown
from procmatch.workflows.ingest import Clock
from procmatch.workflows.kept_drafts import forget_drafts
from procmatch.workflows.settle import settle
from procmatch.workflows.statement_letters import drop_sent
from procmatch.workflows.statements import drop_unconfirmed as drop_requests

__all__ = ["clean_up", "expire"]


def expire(store: Store, *, clock: Clock) -> dict[str, int]:
    """Let go of the rankings of lots that nobody can bid on any more; return what was counted."""
    settle(store)
    with store.begin() as connection:
        return {"lots": retention.forget_closed(connection, clock())}


def clean_up(
    store: Store, *, settings: Jobs, clock: Clock, outbox_folder: Path | None = None
) -> dict[str, int]:
    """Delete what is older than the settings keep; safe to break off and to run again.

    Args:
        store: where it is.
        settings: ``keep_raw_days``, ``keep_runs_days``, ``keep_unconfirmed_days``,
            ``keep_shown_days``.
        clock: aware UTC now.
        outbox_folder: where letters lie as files, if any do.

    Returns:
        How many raw answers, runs, unconfirmed subscriptions and requests, letters about decisions
        on requests, old news, lists shown and kept drafts were deleted.
    """
    now = clock()
    raw = 0
    if settings.keep_raw_days:
        before = now - timedelta(days=settings.keep_raw_days)
        while gone := _forget_raw(store, before):
            raw += gone
    with store.begin() as connection:
        before = now - timedelta(days=settings.keep_runs_days)
        runs = retention.forget_runs_before(connection, before)
        runs += job_ledger.forget_before(connection, before)
    unconfirmed = subscribe.drop_unconfirmed(
        store, clock=clock, after=timedelta(days=settings.keep_unconfirmed_days)
    )
    unconfirmed += drop_requests(store, outbox_folder=outbox_folder, clock=clock)
    letters = drop_sent(store, outbox_folder=outbox_folder)
    news = subscribe.drop_old_news(store, clock=clock)
    shown = forget_shown(store, days=settings.keep_shown_days, clock=clock)
    return {
        "raw_answers": raw,
        "runs": runs,
        "unconfirmed": unconfirmed,
        "letters": letters,
        "news": news,
        "shown": shown,
        "drafts": forget_drafts(store, clock=clock),
    }


def _forget_raw(store: Store, before: datetime) -> int:
    with store.begin() as connection:
        return retention.forget_raw_before(connection, before)
