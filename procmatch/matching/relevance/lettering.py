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
from procmatch.matching.relevance.words import subwords

__all__ = ["Lettering"]


@dataclass(frozen=True, slots=True)
class Lettering:
    """Runs of three to five letters with their rarity, and the words of a vocabulary as vectors.

    Attributes:
        column: run -> column. rarity: of each run. table: words x runs (CSR, float32).
    """

    column: dict[str, int]
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
        column: dict[str, int] = {}
        counts = _counted(words, column, grow=True)
        present = counts.copy()
        present.data[:] = 1
        bearers = np.minimum(firms, np.asarray(holders @ present).ravel())
        rarity = (np.log((1 + firms) / (1 + bearers)) + 1).astype(np.float32)
        return Lettering(column, rarity, counts @ sparse.diags(rarity))

    def extended(self, words: Sequence[str]) -> Lettering:
        """Return the same runs with further words: of firms that were added later."""
        if not words:
            return self
        counts = _counted(words, self.column, grow=False)
        further = counts @ sparse.diags(self.rarity)
        return Lettering(self.column, self.rarity, sparse.vstack([self.table, further], "csr"))

    def runs(self, word: str) -> tuple[int, ...]:
        """Return the known runs of a word, as often as they stand in it."""
        return tuple(at for run in subwords(word) if (at := self.column.get(run)) is not None)

    def lengths(self, words: Sparse, rarity: Points) -> Points:
        """Return the length of each text as a vector of runs (float32).

        Args:
            words: texts x words, weighed by rarity (CSR).
            rarity: of each word; it is taken out, for runs have their own.
        """
        table = self.table
        at = (words.indptr, words.indices, words.data, rarity)
        return run_lengths(*at, table.indptr, table.indices, table.data, len(self.rarity))


def _counted(words: Sequence[str], column: dict[str, int], *, grow: bool) -> Sparse:
    """Return words x runs; unknown runs get a column where ``grow``, else they go."""
    indices: list[int] = []
    starts = [0]
    for word in words:
        if grow:
            indices += [column.setdefault(run, len(column)) for run in subwords(word)]
        else:
            indices += [at for run in subwords(word) if (at := column.get(run)) is not None]
        starts.append(len(indices))
    values = np.ones(len(indices), dtype=np.float32)
    shape = (len(words), len(column))
    found = sparse.csr_matrix((values, np.array(indices, dtype=np.int32), starts), shape=shape)
    found.sum_duplicates()
    return found
