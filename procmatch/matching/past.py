"""Past awards beside an index: what they say of the firms that won any; of all others nothing.

They count only where the policy lets them (``RelevancePolicy.looks_back``). A list then stays open:
every fourth place goes to the next best firm by the criteria that ask nobody for a past win.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy import sparse

from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.history import History
from procmatch.matching.relevance.opening import EVERY
from procmatch.matching.relevance.policy import RelevancePolicy
from procmatch.matching.relevance.records import Award, Firm, Need

__all__ = ["Past", "PastOfNeeds", "opened"]

Ranked = TypeVar("Ranked")
#: Needs that are worked out in one go: each takes as much room as there are winners.
_TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Past:
    """Firms that won, by key, and what their awards were."""

    winners: tuple[str, ...]
    history: History

    @staticmethod
    def build(awards: Iterable[Award]) -> Past | None:
        """Prepare awards; None where nobody won anything."""
        kept = list(awards)
        winners = tuple(sorted({key for award in kept for key in award.winners}))
        if not winners:
            return None
        return Past(winners, History.build(kept, [Firm(key=key, name="") for key in winners]))

    def points(self, needs: Sequence[Need], policy: RelevancePolicy) -> list[dict[str, Points]]:
        """Return for each need the points of the criteria that count: name -> by winner, 0..1."""
        counted = _counted(policy)
        found = {
            name: np.clip(tell(needs), 0.0, 1.0)
            for name, tell in self._tellers().items()
            if name in counted
        }
        return [{name: rows[at] for name, rows in found.items()} for at in range(len(needs))]

    def of_needs(self, needs: Sequence[Need]) -> PastOfNeeds:
        """Return the same for many needs and every criterion, to be asked winner by winner."""
        batches = [needs[at : at + _TOGETHER] for at in range(0, len(needs), _TOGETHER)]
        none = sparse.csr_matrix((0, len(self.winners)))
        return PastOfNeeds(
            self.winners,
            {
                name: sparse.vstack(
                    [none, *(sparse.csr_matrix(np.clip(tell(one), 0.0, 1.0)) for one in batches)],
                    "csc",
                )
                for name, tell in self._tellers().items()
            },
        )

    def _tellers(self) -> dict[str, Callable[[Sequence[Need]], Points]]:
        return {
            "neighbours": self.history.neighbours,
            "series": self.history.series,
            "buyer": self.history.buyer,
            "wins": self.history.branch,
        }

    def likely(self, points: dict[str, Points], policy: RelevancePolicy, limit: int) -> list[str]:
        """Return the winners for whom past awards speak most, those for whom none does left out."""
        total = np.zeros(len(self.winners))
        for name, values in points.items():
            total += policy.weight(name) * values
        order = np.lexsort((np.arange(len(total)), -total))[:limit]
        return [self.winners[at] for at in order.tolist() if total[at] > 0]

    def of(self, points: dict[str, Points], keys: Sequence[str]) -> dict[str, list[float]]:
        """Return the points of some firms, criterion -> by firm; 0 for those that won nothing."""
        at = {key: number for number, key in enumerate(self.winners)}
        own = [at.get(key) for key in keys]
        return {
            name: [0.0 if one is None else float(values[one]) for one in own]
            for name, values in points.items()
        }


@dataclass(frozen=True, slots=True)
class PastOfNeeds:
    """What past awards say of many needs.

    Attributes:
        winners: keys of the firms that won, in order.
        points: criterion -> needs x winners (CSC), 0..1.
    """

    winners: tuple[str, ...]
    points: Mapping[str, Sparse]

    def of(self, key: str, policy: RelevancePolicy) -> dict[str, Points]:
        """Return the points of a firm by need; 0 for one that won nothing."""
        counted = _counted(policy)
        at = bisect_left(self.winners, key)
        won = at < len(self.winners) and self.winners[at] == key
        return {
            name: found[:, at].toarray()[:, 0] if won else np.zeros(found.shape[0])
            for name, found in self.points.items()
            if name in counted
        }


def _counted(policy: RelevancePolicy) -> set[str]:
    return {row.name for row in policy.rows if row.weight}


def opened(ranked: Sequence[Ranked], open_to_all: Callable[[Ranked], float]) -> list[Ranked]:
    """Return a ranking in which every fourth place goes to the best by ``open_to_all``.

    Args:
        ranked: best first.
        open_to_all: the score by the criteria that a firm can meet without ever having won.
    """
    second = sorted(range(len(ranked)), key=lambda at: (-open_to_all(ranked[at]), at))
    listed = [False] * len(ranked)
    kept, given = iter(range(len(ranked))), iter(second)
    found = []
    for place in range(len(ranked)):
        order = given if place % EVERY == EVERY - 1 else kept
        chosen = next(at for at in order if not listed[at])
        listed[chosen] = True
        found.append(ranked[chosen])
    return found
