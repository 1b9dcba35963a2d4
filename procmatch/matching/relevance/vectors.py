"""Sparse vectors of texts by TF-IDF: rare features weigh more, every text has length one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.matching.relevance.arrays import Points, Sparse

__all__ = ["Vectoriser", "bm25"]

Features = Sequence[str]
#: Saturation and length normalisation of BM25, as in Robertson and Zaragoza (2009).
_K1, _B = 1.2, 0.75


def _counts(texts: Iterable[Features], vocabulary: Mapping[str, int]) -> Sparse:
    indices: list[int] = []
    values: list[float] = []
    starts = [0]
    for features in texts:
        found = Counter(at for one in features if (at := vocabulary.get(one)) is not None)
        indices += found.keys()
        values += found.values()
        starts.append(len(indices))
    shape = (len(starts) - 1, len(vocabulary))
    found = sparse.csr_matrix((np.array(values, dtype=np.float32), indices, starts), shape=shape)
    # In order, so that a row is summed alike whatever rows stand beside it.
    found.sort_indices()
    return found


@dataclass(frozen=True, slots=True)
class Vectoriser:
    """Features with their rarity (inverse document frequency), learned from texts."""

    vocabulary: Mapping[str, int]
    rarity: Points

    @staticmethod
    def fit(texts: Sequence[Features]) -> Vectoriser:
        """Learn the features of ``texts`` and how rare they are."""
        holders = Counter(one for features in texts for one in set(features))
        vocabulary = {feature: at for at, feature in enumerate(sorted(holders))}
        many = len(texts)
        rarity = [math.log((1 + many) / (1 + holders[one])) + 1 for one in vocabulary]
        return Vectoriser(vocabulary, np.array(rarity, dtype=np.float32))

    def transform(self, texts: Iterable[Features]) -> Sparse:
        """Return one row per text (CSR, float32, length one or empty); unknown features go."""
        found = _counts(texts, self.vocabulary)
        found.data = (1 + np.log(found.data)) * self.rarity[found.indices]
        lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        return sparse.diags(scale.astype(np.float32)) @ found

    def counts(self, texts: Iterable[Features]) -> Sparse:
        """Return how often each feature stands in each text."""
        return _counts(texts, self.vocabulary)


def bm25(queries: Sequence[Features], texts: Sequence[Features]) -> Points:
    """Return the Okapi BM25 score of each text for each query, dense (queries x texts)."""
    vectoriser = Vectoriser.fit(texts)
    held = vectoriser.counts(texts)
    lengths = np.asarray(held.sum(axis=1)).ravel()
    norm = _K1 * (1 - _B + _B * lengths / max(1.0, lengths.mean()))
    rows = np.repeat(np.arange(held.shape[0]), np.diff(held.indptr))
    held.data = held.data * (_K1 + 1) / (held.data + norm[rows])
    held.data *= vectoriser.rarity[held.indices] - 1
    asked = vectoriser.counts(queries)
    asked.data[:] = 1
    return np.asarray((asked @ held.T).todense())
