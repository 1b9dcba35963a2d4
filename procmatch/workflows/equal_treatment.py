"""Equal treatment: the order explained, what was shown noted, an open invitation to all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from procmatch.matching import RelevancePolicy
from procmatch.model.match import Match
from procmatch.model.organisation import OrgId
from procmatch.model.shown import Shown, ShownBefore
from procmatch.store import Store, shown_lists
from procmatch.workflows.ingest import Clock

__all__ = ["forget_shown", "note_shown", "order_of", "was_shown"]


def order_of(policy: RelevancePolicy) -> str:
    """Return the criteria that make an order, with their weights: ``trade 3, words 2``."""
    return ", ".join(f"{row.name} {row.weight:g}" for row in policy.rows if row.weight)


def note_shown(
    store: Store,
    *,
    kind: str,
    asked: str,
    policy: RelevancePolicy,
    shown: Sequence[Match],
    whole: int,
    clock: Clock,
) -> None:
    """Note which firms stood on a page, in which order; not who looked at it.

    Args:
        store: where it is kept.
        kind: ``need``, ``tender``, ``split`` or ``draft``.
        asked: the question in a line.
        policy: that made the order.
        shown: the firms on the page.
        whole: how many the whole list has.
        clock: aware UTC now.
    """
    one = Shown(
        kind=kind,
        asked=" ".join(asked.split()),
        ordered_by=order_of(policy),
        firms=tuple(match.supplier for match in shown),
        whole=whole,
    )
    with store.begin() as connection:
        shown_lists.log(connection, one, clock())


def was_shown(store: Store, *, org: OrgId | None = None, limit: int = 100) -> list[ShownBefore]:
    """Return what was shown, newest first; of one firm only, where it is given."""
    with store.read() as connection:
        return shown_lists.listed(connection, org=org, limit=limit)


def forget_shown(store: Store, *, days: int, clock: Clock) -> int:
    """Delete lists that were last shown more than so many days ago; return how many."""
    with store.begin() as connection:
        return shown_lists.forget_before(connection, clock() - timedelta(days=days))
