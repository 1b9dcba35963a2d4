"""Status: what the store holds and how the newest runs went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procmatch.store import Store, ledger

__all__ = ["StatusReport", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """Holdings by name; one row a source; the newest answers that could not be read."""

    holdings: Mapping[str, int]
    sources: Sequence[Mapping[str, object]]
    set_aside: Sequence[Mapping[str, object]]


def status(store: Store) -> StatusReport:
    """Read the state of the store."""
    with store.read() as connection:
        return StatusReport(
            holdings=ledger.holdings(connection),
            sources=ledger.sources(connection),
            set_aside=ledger.newest_set_aside(connection),
        )
