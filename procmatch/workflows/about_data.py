"""About the data: which sources, under which licence, how fresh, how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procmatch.codes.evidence import kinds
from procmatch.codes.tables import rows
from procmatch.store import Store, evidence_known, ledger

__all__ = ["AboutData", "EvidenceHeld", "SourceHeld", "about_data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHeld:
    """A source.

    Attributes:
        name: e.g. ``"doffin"``. publisher, licence: whose it is; ``""`` when not noted.
        read_at: when it was last read to the end, UTC. outcome: of the newest run.
        waiting: publications that wait for download.
    """

    name: str
    publisher: str
    licence: str
    read_at: datetime | None
    outcome: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceHeld:
    """A kind of evidence from one source: how many rows are certainly, possibly, nobody's."""

    kind: str
    source: str
    certain: int
    possible: int
    nobody: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutData:
    """What the store holds and where it comes from."""

    sources: Sequence[SourceHeld]
    evidence: Sequence[EvidenceHeld]
    notices: int
    procedures: int
    organisations: int


def about_data(store: Store) -> AboutData:
    """Read it."""
    owners = {row["source"]: row for row in rows("source_licences")}
    for kind in kinds().values():
        owners.setdefault(kind.source, {"publisher": kind.attribution, "licence": kind.licence})
    with store.read() as connection:
        runs = ledger.sources(connection)
        held = ledger.holdings(connection)
        overview = evidence_known.overview(connection)
    sources = []
    for run in runs:
        name, read_at, waiting = str(run["source"]), run["last_good"], run["waiting"]
        owner = owners.get(name, {})
        sources.append(
            SourceHeld(
                name=name,
                publisher=owner.get("publisher", ""),
                licence=owner.get("licence", ""),
                read_at=read_at if isinstance(read_at, datetime) else None,
                outcome=str(run["outcome"]),
                waiting=waiting if isinstance(waiting, int) else 0,
            )
        )
    return AboutData(
        sources=sources,
        evidence=[
            EvidenceHeld(
                kind=row["kind"],
                source=row["source"],
                certain=row["certain"],
                possible=row["possible"],
                nobody=row["nobody"],
            )
            for row in overview
        ],
        notices=held["notices"],
        procedures=held["procedures"],
        organisations=held["organisations"],
    )
