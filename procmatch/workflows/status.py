"""Status: what the store holds, how the newest runs went, how large the sources are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procmatch.store import Store, brake, ledger, outbox, stopped
from procmatch.workflows import health
from procmatch.workflows.health import Size

__all__ = ["StatusReport", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """The state of the store.

    Attributes:
        holdings: how many rows of each kind. sources: one row a source, its newest run.
        sizes: what each source held in its last good run, and what is expected next.
        set_aside: the newest answers that could not be read.
        letters: state -> how many; stopped: how many addresses refused for good.
        held: why no letter leaves; ``""`` when the brake is not pulled.
    """

    holdings: Mapping[str, int]
    sources: Sequence[Mapping[str, object]]
    sizes: Sequence[Size]
    set_aside: Sequence[Mapping[str, object]]
    letters: Mapping[str, int]
    stopped: int
    held: str


def status(store: Store) -> StatusReport:
    """Read the state of the store."""
    with store.read() as connection:
        rows = ledger.sources(connection)
        return StatusReport(
            holdings=ledger.holdings(connection),
            sources=rows,
            sizes=[size for row in rows for size in health.sizes(connection, str(row["source"]))],
            set_aside=ledger.newest_set_aside(connection),
            letters=outbox.states(connection),
            stopped=stopped.count(connection),
            held=brake.state(connection).reason,
        )
