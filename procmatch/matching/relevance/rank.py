"""All signals together: for many needs, how relevant is each firm, and by which criterion?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.capacity import carried
from procmatch.matching.relevance.history import History
from procmatch.matching.relevance.opening import open_places
from procmatch.matching.relevance.places import BY_VAN, RADIUS_KM, Sites
from procmatch.matching.relevance.policy import POLICY, RelevancePolicy
from procmatch.matching.relevance.records import Award, Firm, Need
from procmatch.matching.relevance.trades import Trades
from procmatch.matching.relevance.wording import Wording

__all__ = ["Ranked", "Relevance", "combine"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A firm in a list: score 0..1, and the points of each criterion that counts."""

    key: str
    score: float
    points: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """Firms and past awards prepared for scoring needs; each signal apart."""

    firms: Sequence[Firm]
    trades: Trades
    wording: Wording
    sites: Sites
    sizes: Points
    history: History | None

    @staticmethod
    def build(
        firms: Iterable[Firm], awards: Iterable[Award] = (), *, by_name: bool = False
    ) -> Relevance:
        """Prepare firms and what past awards teach; without awards nothing is learned.

        Firms come out in the order of their keys, so that equal scores stay in a stable order.
        ``by_name`` says that a written name is all that tells them apart (see :mod:`spellings`).
        """
        ordered = sorted(firms, key=lambda one: one.key)
        past = list(awards)
        return Relevance(
            firms=ordered,
            trades=Trades.build(ordered, past),
            wording=Wording.build(ordered),
            sites=Sites.build(ordered),
            sizes=np.array([firm.size or 0.0 for firm in ordered], dtype=np.float32),
            history=History.build(past, ordered, by_name=by_name) if past else None,
        )

    def signals(
        self, needs: Sequence[Need], *, policy: RelevancePolicy = POLICY
    ) -> Mapping[str, Points]:
        """Return the points of each criterion that counts: name -> needs x firms, each 0..1."""
        own: dict[str, Callable[[], Points]] = {
            "trade": lambda: self.trades.scores(needs),
            "place": lambda: self._near(needs),
            "capacity": lambda: carried(needs, self.firms),
            "size": lambda: np.broadcast_to(self.sizes, (len(needs), len(self.sizes))),
        }
        told = self.wording.scores(needs)
        own |= {name: lambda found=found: found for name, found in told.items()}  # type: ignore[misc]
        if past := self.history:
            own |= {
                "neighbours": lambda: past.neighbours(needs),
                "series": lambda: past.series(needs),
                "buyer": lambda: past.buyer(needs),
                "wins": lambda: past.branch(needs),
                "reach": lambda: past.reach(needs, self.firms),
                "names": lambda: past.names.points(needs, self.firms),
            }
        counted = [row.name for row in policy.rows if row.weight and row.name in own]
        return {name: np.clip(own[name](), 0.0, 1.0) for name in counted}

    def _near(self, needs: Sequence[Need]) -> Points:
        """Return how near each firm is to each need: those who deliver by van come farther."""
        far = self.sites.scores(needs, BY_VAN * RADIUS_KM)
        return np.where(self.trades.vans(needs), far, self.sites.scores(needs))

    def scores(self, needs: Sequence[Need], *, policy: RelevancePolicy = POLICY) -> Points:
        """Return needs x firms, 0..1, by the policy's weights."""
        return combine(self.signals(needs, policy=policy), policy, (len(needs), len(self.firms)))

    def rank(
        self, need: Need, *, policy: RelevancePolicy = POLICY, limit: int = 20
    ) -> list[Ranked]:
        """Return the firms for one need: by score, with every fourth place open.

        An open place goes to the next best firm by the criteria that ask for no past win
        (see :mod:`opening`), so that the scores of a list may rise there. Equal scores by key.
        """
        signals = self.signals([need], policy=policy)
        shape = (1, len(self.firms))
        scores = combine(signals, policy, shape)
        open_to_all = combine(signals, policy.open_to_all(), shape)
        order = np.argsort(open_places(scores, open_to_all)[0])[:limit]
        return [
            Ranked(
                self.firms[at].key,
                float(scores[0, at]),
                tuple((name, round(float(found[0, at]), 4)) for name, found in signals.items()),
            )
            for at in order
        ]


def combine(
    signals: Mapping[str, Points], policy: RelevancePolicy, shape: tuple[int, int]
) -> Points:
    """Return the mean of the signals by the policy's weights; a missing one counts as 0 points."""
    found = np.zeros(shape)
    for row in policy.rows:
        if row.weight and row.name in signals:
            found += row.weight * signals[row.name]
    return found / policy.total if policy.total else found
