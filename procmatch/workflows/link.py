"""Link: which register unit is each buyer and winner, and whose is each piece of evidence?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from procmatch.linkage import Linker
from procmatch.store import Store, notices, organisations
from procmatch.workflows.link_evidence import EvidenceLinks, link_evidence

__all__ = ["LinkReport", "link"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """How many parties, and rows of evidence, were looked at, and what came of it."""

    parties: int
    certain: int
    uncertain: int
    nobody: int
    evidence: EvidenceLinks = field(default_factory=EvidenceLinks)


def link(store: Store, *, progress: Progress = lambda _done, _all: None) -> LinkReport:
    """Link every party and piece of evidence without a certain link; safe to run again.

    Args:
        store: holds the register and the notices.
        progress: called with (done, all) now and then.
    """
    with store.read() as connection:
        linker = Linker.build(organisations.iterate(connection))
        parties = notices.unlinked_parties(connection)
    certain = uncertain = 0
    with store.begin() as connection:
        for done, party in enumerate(parties, start=1):
            linked = linker.link(
                party.name, number=party.number, place=party.city, postcode=party.postcode
            )
            notices.save_link(
                connection,
                notice=party.notice,
                role=party.role,
                position=party.position,
                linked=linked,
            )
            if linked:
                certain += linked.certain
                uncertain += not linked.certain
            progress(done, len(parties))
    return LinkReport(
        parties=len(parties),
        certain=certain,
        uncertain=uncertain,
        nobody=len(parties) - certain - uncertain,
        evidence=link_evidence(store, linker=linker),
    )
