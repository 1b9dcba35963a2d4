"""How well a firm's industry answers a need's CPV codes: typed, and learned from awards.

The typed table is :mod:`procmatch.matching.affinity`. What awards teach is how much more often
firms of an industry win in a CPV branch than they stand in the register; where a branch has few
awards, the branch above it speaks. Both are kept and blended by the number of awards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from procmatch.codes import builtin
from procmatch.matching.affinity import affinity, trades
from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.records import Award, Firm, Need
from procmatch.model.organisation import IndustryCode

__all__ = ["Trades", "own_trades"]

#: A national extension says more than NACE does; the class is what all countries share.
_CLASS = 5
_REVISIONS = {"2": "SN2007", "2.1": "SN2025"}
_LEVELS = (2, 3, 4, 5)
_INDUSTRY_LEVELS = (2, 4, 5)
#: Awards in a branch after which they count as much as the branch above, or as the typed table.
_PRIOR, _TRUST = 10.0, 30.0
#: An industry that wins this many times its share of the register answers fully.
_FULL = 20.0
#: What the further codes of a need add.
_REST = 0.5
#: Points of a firm whose industry is not known: unknown is not "no".
_UNKNOWN = 0.25


def own_trades(firm: Firm) -> tuple[tuple[str, float], ...]:
    """Return (NACE 2.1 class, weight) of a firm; the first industry weighs most."""
    revision = _REVISIONS.get(firm.nace, "SN2025")
    classes = dict.fromkeys(code[:_CLASS] for code in firm.industries if code)
    known = (IndustryCode(revision=revision, code=code) for code in classes)
    return trades(known, builtin())


@dataclass(frozen=True, slots=True)
class Trades:
    """Firms by their industries, and what awards taught.

    Attributes:
        groups: distinct industries of firms; of: each firm's group.
        shares: NACE prefix -> share of the register's firms.
        wins: CPV prefix -> NACE prefix -> wins.
    """

    groups: Sequence[tuple[tuple[str, float], ...]]
    of: npt.NDArray[np.int64]
    shares: Mapping[str, float]
    wins: Mapping[str, Counter[str]] = field(default_factory=dict)

    @staticmethod
    def build(firms: Sequence[Firm], awards: Iterable[Award] = ()) -> Trades:
        """Prepare firms, and learn from the awards that any of them won."""
        own = [own_trades(firm) for firm in firms]
        groups = list(dict.fromkeys(own))
        number = {group: at for at, group in enumerate(groups)}
        by_key = {firm.key: trade for firm, trade in zip(firms, own, strict=True)}
        seen = Counter(prefix for trade in own for prefix in _prefixes(trade))
        wins: dict[str, Counter[str]] = {}
        for award in awards:
            for code in award.need.cpv[:1]:
                for key in award.winners:
                    for prefix in _prefixes(by_key.get(key, ())):
                        for length in _LEVELS:
                            wins.setdefault(code[:length], Counter())[prefix] += 1
        return Trades(
            groups=groups,
            of=np.array([number[trade] for trade in own], dtype=np.int64),
            shares={prefix: count / max(1, len(firms)) for prefix, count in seen.items()},
            wins=wins,
        )

    def scores(self, needs: Sequence[Need]) -> Points:
        """Return how well each firm's industries answer each need, 0..1, needs x firms."""
        known: dict[str, Points] = {}
        found = np.zeros((len(needs), len(self.of)), dtype=np.float32)
        for row, need in enumerate(needs):
            for at, code in enumerate(need.cpv):
                if code not in known:
                    known[code] = np.array([self._strength(code, group) for group in self.groups])
                if at == 0:
                    points = known[code].copy()
                else:
                    points += (1 - points) * known[code] * _REST / (len(need.cpv) - 1)
            if need.cpv:
                found[row] = points[self.of]
        return found

    def _strength(self, code: str, own: tuple[tuple[str, float], ...]) -> float:
        typed = affinity(code, own).strength
        if not own:
            return _UNKNOWN
        if not self.wins:
            return typed
        awards = sum(
            count
            for prefix, count in self.wins.get(code[:3], {}).items()
            if len(prefix) == _LEVELS[0]
        )
        trust = awards / (awards + _TRUST)
        return (1 - trust) * typed + trust * self._learned(code, own)

    def _learned(self, code: str, own: tuple[tuple[str, float], ...]) -> float:
        """Lift of the firm's main industry in the branch on a log scale, 0..1."""
        best = 0.0
        for trade, weight in own:
            for length in _INDUSTRY_LEVELS:
                prefix = trade[:length]
                base = self.shares.get(prefix, 0.0)
                if base:
                    share = base
                    for branch in (code[:n] for n in _LEVELS):
                        wins = self.wins.get(branch, Counter())
                        total = sum(n for key, n in wins.items() if len(key) == length)
                        share = (wins[prefix] + _PRIOR * share) / (total + _PRIOR)
                    lift = float(np.log(max(1.0, share / base)) / np.log(_FULL))
                    best = max(best, weight * min(1.0, lift))
        return best


def _prefixes(own: Iterable[tuple[str, float]]) -> set[str]:
    """The main industry as division, group and class."""
    return {trade[:length] for trade, weight in own if weight == 1 for length in _INDUSTRY_LEVELS}
