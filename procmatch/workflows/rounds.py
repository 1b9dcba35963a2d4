"""What a crawl remembers between runs, and rounds over what a source lists already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from procmatch.sources import doffin
from procmatch.store import Store, listings, marks
from procmatch.workflows.readers.base import Run

__all__ = ["no_longer_active", "remember", "remembered", "unlist"]

#: The longest that a notice is known to have waited between issue and publication, and a little.
_LAG_DAYS = 10


def remembered(store: Store, run: Run, name: str) -> str | None:
    """Return what an earlier run of the source remembered under ``name``, or None."""
    with store.read() as connection:
        return marks.get(connection, run.source, name)


def remember(store: Store, run: Run, name: str, value: str | None) -> None:
    """Remember ``value`` for later runs of the source: a feed's position, an ETag; None forgets."""
    with store.begin() as connection:
        if value is None:
            marks.forget(connection, run.source, name)
        else:
            marks.remember(connection, run.source, name, value, run.clock())


def no_longer_active(
    store: Store, run: Run, active: Collection[str]
) -> Mapping[str, tuple[date, ...]]:
    """Return what is listed as active and is not among ``active``, with its days of issue.

    Args:
        store: where the listings are.
        run: the run that has read the source's list of active publications.
        active: source ids on that list.

    Returns:
        Source id -> days; a search for what was issued on these shows the publication, if any
        does.
    """
    with store.read() as connection:
        known = listings.with_status(connection, run.source, "ACTIVE")
    return {
        one.source_id: doffin.issue_days(one.document) or _before(one.published_on)
        for one in known
        if one.source_id not in active
    }


def _before(published_on: date | None) -> tuple[date, ...]:
    if published_on is None:
        return ()
    return tuple(published_on - timedelta(days=n) for n in range(_LAG_DAYS + 1))


def unlist(store: Store, run: Run, keys: Collection[str]) -> None:
    """Note that the source's list shows ``keys`` no more: replaced by a correction, or withdrawn.

    What they say stays. One that is shown again is taken as changed.
    """
    with store.begin() as connection:
        listings.unlist(connection, run.source, keys)
