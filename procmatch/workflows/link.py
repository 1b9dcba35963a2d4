"""Link: which register unit is each buyer and winner, and whose is each piece of evidence?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from procmatch.linkage import link_decided, rulings_of
from procmatch.linkage.decisions import DECIDED, Rulings, is_overruled
from procmatch.model.label import Printed
from procmatch.model.organisation import OrgId
from procmatch.store import Store, labels, notices
from procmatch.workflows.link_evidence import EvidenceLinks, link_evidence
from procmatch.workflows.register_index import open_register

__all__ = ["LinkReport", "link", "printed_party"]

Progress = Callable[[int, int], None]

#: Distinct parties asked together; one transaction writes what came of them.
_BATCH = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """How many parties, and rows of evidence, were looked at, and what came of it."""

    parties: int
    certain: int
    uncertain: int
    nobody: int
    evidence: EvidenceLinks = field(default_factory=EvidenceLinks)


def link(
    store: Store,
    *,
    index: Path | None = None,
    progress: Progress = lambda _done, _all: None,
) -> LinkReport:
    """Link every party and piece of evidence without a certain link; safe to run again.

    What a person decided wins over linkage, also over links that were certain before.

    Args:
        store: holds the register and the notices.
        index: folder that keeps the register laid out for the next time; None keeps nothing.
        progress: called with (done, all) now and then.
    """
    linker = open_register(store, index)
    with store.read() as connection:
        rulings = rulings_of(labels.iterate(connection))
        asked = _to_link(connection, rulings)
    every = sum(map(len, asked.values()))
    done = certain = uncertain = 0
    each = list(asked)
    for start in range(0, len(each), _BATCH):
        batch = each[start : start + _BATCH]
        answers = link_decided(linker, batch, rulings)
        with store.begin() as connection:
            for printed, linked in zip(batch, answers, strict=True):
                for party in asked[printed]:
                    notices.save_link(
                        connection,
                        notice=party.notice,
                        role=party.role,
                        position=party.position,
                        linked=linked,
                    )
                if linked:
                    certain += linked.certain * len(asked[printed])
                    uncertain += (not linked.certain) * len(asked[printed])
                done += len(asked[printed])
                progress(done, every)
    return LinkReport(
        parties=every,
        certain=certain,
        uncertain=uncertain,
        nobody=every - certain - uncertain,
        evidence=link_evidence(store, linker=linker),
    )


def printed_party(row: Row[Any]) -> Printed:
    """Return what a notice prints of a party."""
    return Printed(name=row.name, number=row.number, place=row.city, postcode=row.postcode)


def _to_link(connection: Connection, rulings: Rulings) -> dict[Printed, list[Row[Any]]]:
    """Return parties to be linked, those printed alike together: they are asked for once."""
    found: dict[Printed, list[Row[Any]]] = {}
    for row in notices.unlinked_parties(connection):
        found.setdefault(printed_party(row), []).append(row)
    # Without any decision only links that a withdrawn one made can be wrong.
    for row in notices.certain_parties(connection, None if rulings else DECIDED):
        printed = printed_party(row)
        if is_overruled(printed, OrgId(row.register, row.org), row.method, rulings):
            found.setdefault(printed, []).append(row)
    return found
