"""Link: which register unit is each buyer and winner?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from procmatch.linkage import Linker
from procmatch.store import Store, notices, organisations

__all__ = ["LinkReport", "link"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """How many parties were looked at, and what came of it."""

    parties: int
    certain: int
    uncertain: int
    nobody: int


def link(store: Store, *, progress: Progress = lambda _done, _all: None) -> LinkReport:
    """Link every party that has no certain link yet; safe to run again at any time.

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
    )
