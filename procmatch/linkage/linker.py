"""The face of linkage: build once from a register, ask many times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from procmatch.linkage.blocking import Index, build_index
from procmatch.linkage.comparisons import Comparison, compare
from procmatch.linkage.decide import (
    Candidate,
    by_exact_name,
    by_likeness,
    by_number,
    candidate,
    is_tied,
)
from procmatch.linkage.query import Asked, Query, ask
from procmatch.model.match import Linked
from procmatch.model.organisation import Organisation, OrgId

__all__ = ["Linker"]

#: Enough to see the runner-up behind the unit that a number names.
_WITNESSES = 10


@dataclass(frozen=True, slots=True)
class Linker:
    """Tells which unit of a register a printed name or number means. Safe to share by threads."""

    _index: Index = field(repr=False)

    @classmethod
    def build(cls, organisations: Iterable[Organisation]) -> Linker:
        """Lay out a register for look-up.

        Args:
            organisations: the register; their order does not matter.
        """
        return cls(build_index(organisations))

    def link(
        self,
        name: str,
        *,
        number: str | None = None,
        place: str | None = None,
        postcode: str | None = None,
        kind: str | None = None,
    ) -> Linked | None:
        """Say which unit is meant, how surely and why.

        Args:
            name: as printed (BT-500).
            number: as printed (BT-501).
            place: town (BT-513), "5020 Bergen", or a municipality's four digits.
            postcode: BT-512.
            kind: legal form of the unit where the source tells it, as the register's code.

        Returns:
            None when nobody is meant clearly enough. Any text is answered; nothing is raised.
        """
        query = Query(name=name, number=number, place=place, postcode=postcode, kind=kind)
        return self._link(query)

    def link_many(self, queries: Iterable[Query]) -> list[Linked | None]:
        """Return what :meth:`link` returns, for each query in order."""
        return [self._link(query) for query in queries]

    def candidates(
        self,
        name: str,
        *,
        place: str | None = None,
        postcode: str | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """Return the units that ``name`` may mean, best first, each once.

        Args:
            name: as printed.
            place: as in :meth:`link`.
            postcode: as in :meth:`link`.
            limit: how many at most.
        """
        asked = ask(Query(name=name, place=place, postcode=postcode))
        return self._candidates(asked, limit)

    def _link(self, query: Query) -> Linked | None:
        asked = ask(query)
        candidates = self._candidates(asked, _WITNESSES)
        if linked := by_number(asked, self._index, candidates):
            return linked
        if linked := by_exact_name(asked, self._index, candidates):
            return linked
        if is_tied(asked, self._index):
            return None
        return by_likeness(asked, candidates)

    def _candidates(self, asked: Asked, limit: int) -> list[Candidate]:
        best: dict[OrgId, Comparison] = {}
        for key in asked.keys:
            for alias in self._index.gather(key.split()):
                found = compare(key, asked, alias, self._index.idf)
                known = best.get(alias.unit.id)
                if known is None or found.score > known.score:
                    best[alias.unit.id] = found
        order = sorted(best.items(), key=lambda one: (-one[1].score, one[0]))
        return [candidate(comparison) for _org, comparison in order[:limit]]
