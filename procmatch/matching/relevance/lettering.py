"""Words by the runs of letters they share: slips, compounds and other inflections meet.

A text's runs are those of its words, rare ones first. Because that is a sum over words, likeness to
a need is worked out once for each word of the vocabulary, and a firm's is a sum over its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.loops import run_lengths
from procmatch.matching.relevance.runs import RunTable, bearers

__all__ = ["Lettering"]


@dataclass(frozen=True, slots=True)
class Lettering:
    """Runs of three to five letters with their rarity, and the words of a vocabulary as vectors.

    Attributes:
        known: the runs. rarity: of each run. table: words x runs (CSR, float32).
    """

    known: RunTable
    rarity: Points
    table: Sparse

    @staticmethod
    def build(words: Sequence[str], holders: Points, firms: int) -> Lettering:
        """Learn the runs of a vocabulary.

        Args:
            words: the vocabulary.
            holders: how many firms hold each word.
            firms: how many there are.
        """
        known, table = RunTable.learned(words)
        found = np.minimum(firms, bearers(table.indptr, table.indices, holders, known.known))
        rarity = (np.log((1 + firms) / (1 + found)) + 1).astype(np.float32)
        return Lettering(known, rarity, _weighed(table, rarity))

    def extended(self, words: Sequence[str]) -> Lettering:
        """Return the same runs with further words: of firms that were added later."""
        if not words:
            return self
        further = _weighed(self.known.counted(words), self.rarity)
        return Lettering(self.known, self.rarity, sparse.vstack([self.table, further], "csr"))

    def runs(self, word: str) -> tuple[int, ...]:
        """Return the known runs of a word, as often as they stand in it."""
        found = self.known.counted([word])
        return tuple(np.repeat(found.indices, found.data.astype(np.int64)).tolist())

    def lengths(self, words: Sparse, rarity: Points) -> Points:
        """Return the length of each text as a vector of runs (float32).

        Args:
            words: texts x words, weighed by rarity (CSR).
            rarity: of each word; it is taken out, for runs have their own.
        """
        table = self.table
        at = (words.indptr, words.indices, words.data, rarity)
        return run_lengths(*at, table.indptr, table.indices, table.data, len(self.rarity))


def _weighed(counts: Sparse, rarity: Points) -> Sparse:
    """Weigh runs by how rare they are, in place."""
    for start in range(0, len(counts.data), _AT_ONCE):
        own = slice(start, start + _AT_ONCE)
        counts.data[own] *= rarity[counts.indices[own]]
    return counts


#: So many values are weighed together: all of them at once would need as much memory again.
_AT_ONCE = 1_000_000
