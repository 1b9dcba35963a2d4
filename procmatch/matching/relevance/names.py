"""What firms are called that win in a branch: who saw roofers win knows "Couverture Martin".

A naive Bayes model of runs of letters in the names of winners, by CPV branch (what little a narrow
branch shows is smoothed by the branch above it) and by the number of the lot: the lots of a
building come in the order of its trades, those of other purchases in no order. A firm's own wins
are left out of what is said of its name, so that this asks nobody for a past win.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.records import Award, Firm, Need
from procmatch.matching.relevance.words import subwords

__all__ = ["Names", "lot_number"]

#: Winners after which a branch counts as much as the one above it.
_PRIOR = 20.0
#: A run of letters that fewer winners share is theirs alone.
_SHARED = 3
#: Mean log-likelihood ratio of a name's runs that answers fully.
_FULL = 0.25
#: Digits of the CPV prefixes that are learned from, the widest first.
_LEVELS = (2, 3, 5, 8)
_LOT = re.compile(
    r"(?:LOT|(?<![A-Z])L)[ _-]?0?([1-9]\d?)(?!\d)|(?:[^0-9]|^)0?([1-9]\d?)$", re.IGNORECASE
)
#: Two last digits of a longer number, which in many file numbers are those of the lot.
_ENDING = re.compile(r".{4,}(0[1-9]|[12]\d)")
_BUILDING = "45"


def lot_number(reference: str) -> str:
    """Return the number of the lot that a buyer's file number ends in or names, or ""."""
    found = _LOT.search(reference)
    return (found[1] or found[2]) if found else ""


@dataclass(frozen=True, slots=True)
class _Branch:
    """The winners of a branch, and how many of them hold each run."""

    winners: frozenset[str]
    holders: Points


@dataclass(frozen=True, slots=True)
class Names:
    """Runs of letters in the names of winners.

    Attributes:
        column: run -> column. usual: share of all winners who hold it.
        branches: CPV prefix, or "lot" or "ending" and its number -> its winners.
    """

    column: Mapping[str, int]
    usual: Points
    branches: Mapping[str, _Branch]
    _lifts: dict[tuple[tuple[str, ...], int], Points] = field(default_factory=dict)

    @staticmethod
    def learn(awards: Iterable[Award], names: Mapping[str, str]) -> Names:
        """Learn from the winners of awards whose names are known.

        Args:
            awards: past ones.
            names: key of a firm -> its name.
        """
        won: dict[str, set[str]] = {}
        everybody: set[str] = set()
        for award in awards:
            own = {key for key in award.winners if names.get(key)}
            everybody |= own
            for branch in (*_branches(award.need), *_lots(award.need)):
                won.setdefault(branch, set()).update(own)
        order = sorted(everybody)
        runs = {key: set(subwords(names[key])) for key in order}
        holders: dict[str, int] = {}
        for key in order:
            for run in runs[key]:
                holders[run] = holders.get(run, 0) + 1
        column = {
            run: at
            for at, run in enumerate(sorted(run for run, n in holders.items() if n >= _SHARED))
        }
        held = _held([runs[key] for key in order], column)
        row = {key: at for at, key in enumerate(order)}

        def counted(keys: Iterable[str]) -> Points:
            return np.asarray(held[sorted(row[key] for key in keys)].sum(axis=0)).ravel()

        return Names(
            column=column,
            usual=(counted(order) + 0.5) / (len(order) + 1),
            branches={
                name: _Branch(frozenset(keys), counted(keys)) for name, keys in won.items() if keys
            },
        )

    def points(self, needs: Sequence[Need], firms: Sequence[Firm]) -> Points:
        """Return how much firms that win such needs are called like each firm, 0..1, needs x firms.

        Half of it is told by the branch, half by the number of the lot.
        """
        held = _held([set(subwords(firm.name)) for firm in firms], self.column)
        runs = np.maximum(1, np.diff(held.indptr))
        found = np.zeros((len(needs), len(firms)), dtype=np.float32)
        known: dict[tuple[str, ...], Points] = {}
        for row, need in enumerate(needs):
            for chain in (_branches(need), _lots(need)):
                if chain not in known:
                    likely = self._likely(chain, held, [firm.key for firm in firms]) / runs
                    known[chain] = np.clip(likely / _FULL, 0.0, 1.0) / 2
                found[row] += known[chain]
        return found

    def _likely(self, chain: tuple[str, ...], held: Sparse, keys: Sequence[str]) -> Points:
        """Return each firm's sum of log-likelihood ratios over the runs of its name."""
        depth = np.zeros(len(keys), dtype=np.int64)
        for level, name in enumerate(chain, start=1):
            if branch := self.branches.get(name):
                depth[[key in branch.winners for key in keys]] = level
        found = np.zeros(len(keys))
        for own in np.unique(depth).tolist():
            at = np.flatnonzero(depth == own)
            found[at] = held[at] @ self._lift(chain, own)
        return found

    def _lift(self, chain: tuple[str, ...], own: int) -> Points:
        """Return log(share in the branch / share of all) of each run.

        Args:
            chain: branches from wide to narrow.
            own: in how many of them, from the widest, the firm that is asked about won itself; one
                winner is taken out there, who holds the runs that will be asked for.
        """
        if (chain, own) not in self._lifts:
            share = self.usual
            for level, name in enumerate(chain, start=1):
                branch = self.branches.get(name)
                if branch is None:
                    continue
                less = int(level <= own)
                holders = np.maximum(0.0, branch.holders - less)
                share = (holders + _PRIOR * share) / (len(branch.winners) - less + _PRIOR)
            self._lifts[chain, own] = np.log(share / self.usual)
        return self._lifts[chain, own]


def _branches(need: Need) -> tuple[str, ...]:
    return tuple(need.cpv[0][:digits] for digits in _LEVELS) if need.cpv else ()


def _lots(need: Need) -> tuple[str, ...]:
    """Return the lot of a building by its number, from what is surely one to what may be."""
    if need.cpv and not need.cpv[0].startswith(_BUILDING):
        return ()
    if number := lot_number(need.reference):
        return (f"lot {number}",)
    found = _ENDING.fullmatch(need.reference) if need.cpv else None
    return (f"lot {int(found[1])}", f"ending {int(found[1])}") if found else ()


def _held(texts: Sequence[set[str]], column: Mapping[str, int]) -> Sparse:
    """Return texts x runs, 1 where a text holds a known run (CSR)."""
    rows = [sorted(at for run in runs if (at := column.get(run)) is not None) for runs in texts]
    starts = np.cumsum([0, *map(len, rows)])
    indices = np.array([at for own in rows for at in own], dtype=np.int32)
    shape = (len(texts), len(column))
    return sparse.csr_matrix((np.ones(len(indices)), indices, starts), shape=shape)
