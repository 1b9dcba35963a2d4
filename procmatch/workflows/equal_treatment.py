"""Equal treatment: the order explained, what was shown noted, an open invitation to all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from procmatch.matching import RelevancePolicy
from procmatch.model.organisation import OrgId
from procmatch.model.shown import Shown, ShownBefore
from procmatch.store import Store, shown_lists
from procmatch.workflows.ingest import Clock

__all__ = ["ShownLog", "forget_shown", "list_shown", "order_of", "was_shown"]

_log = logging.getLogger(__name__)


def order_of(policy: RelevancePolicy) -> str:
    """Return the criteria that make an order, with their weights: ``trade 3, words 2``."""
    return ", ".join(f"{row.name} {row.weight:g}" for row in policy.rows if row.weight)


def list_shown(
    *, kind: str, asked: str, ordered_by: str, firms: Sequence[OrgId], whole: int
) -> Shown:
    """Return which firms stand on a page, in which order; not who looks at it.

    Args:
        kind: ``need``, ``search``, ``unit``, ``tender`` or ``split``.
        asked: the question in a line.
        ordered_by: what makes the order: :func:`order_of` a policy, or in words.
        firms: on the page.
        whole: how many the whole list has.
    """
    return Shown(
        kind=kind,
        asked=" ".join(asked.split()),
        ordered_by=ordered_by,
        firms=tuple(firms),
        whole=whole,
    )


@dataclass(slots=True)
class ShownLog:
    """Notes lists that pages show, some seconds' worth in one go, so that no reader waits.

    Attributes:
        store, clock: where it is kept, and aware UTC now.
        every_s: seconds between two writings. most: lists that wait at the most.
    """

    store: Store
    clock: Clock
    every_s: float = 5.0
    most: int = 1_000
    _waiting: list[tuple[Shown, datetime]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _written: float = float("-inf")

    def note(self, one: Shown) -> None:
        """Note a list; what waits is written when it is time."""
        with self._lock:
            if len(self._waiting) < self.most:
                self._waiting.append((one, self.clock()))
            due = time.monotonic() - self._written >= self.every_s
        if due:
            self.flush()

    def flush(self) -> None:
        """Write what waits; a store that cannot be written to is told of in the log."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            self._written = time.monotonic()
        try:
            with self.store.begin() as connection:
                for one, moment in waiting:
                    shown_lists.log(connection, one, moment)
        except SQLAlchemyError as error:
            _log.warning("%d lists shown are not noted: %s", len(waiting), type(error).__name__)


def was_shown(store: Store, *, org: OrgId | None = None, limit: int = 100) -> list[ShownBefore]:
    """Return what was shown, newest first; of one firm only, where it is given."""
    with store.read() as connection:
        return shown_lists.listed(connection, org=org, limit=limit)


def forget_shown(store: Store, *, days: int, clock: Clock) -> int:
    """Delete lists that were last shown more than so many days ago; return how many."""
    with store.begin() as connection:
        return shown_lists.forget_before(connection, clock() - timedelta(days=days))
