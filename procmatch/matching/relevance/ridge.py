"""Ridge regression on classes, solved at once: few parameters, and no training loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.vectors import Vectoriser

__all__ = ["Ridge"]

#: How strongly the weights are drawn to zero.
_PENALTY = 0.3
#: The latest texts are enough; the system to solve grows with their square.
_LATEST = 6_000


@dataclass(frozen=True, slots=True)
class Ridge:
    """Scores of classes, linear in the features of a text (dual form)."""

    vectoriser: Vectoriser
    weights: Points

    @staticmethod
    def fit(
        features: Sequence[Sequence[str]], labels: Sequence[int], names: Sequence[str]
    ) -> Ridge:
        """Learn from texts' features and the index of each one's class among ``names``."""
        features, labels = features[-_LATEST:], labels[-_LATEST:]
        vectoriser = Vectoriser.fit(features)
        seen = vectoriser.transform(features)
        wanted = np.zeros((len(labels), len(names)))
        wanted[np.arange(len(labels)), labels] = 1
        likeness = np.asarray((seen @ seen.T).todense(), dtype=np.float64)
        likeness[np.diag_indices_from(likeness)] += _PENALTY
        return Ridge(vectoriser, np.asarray(seen.T @ np.linalg.solve(likeness, wanted)))

    def scores(self, features: Sequence[Sequence[str]]) -> Points:
        """Return texts x classes; about 1 for a class that is certain and 0 for one that is not."""
        return np.asarray(self.vectoriser.transform(features) @ self.weights)
