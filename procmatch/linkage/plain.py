"""The score without learning: a sum that can be read.

Weights are nats: what each agreement adds to the logarithm of the odds that a pair is the same
unit. They were set on real name variants, see docs/how-linkage-works.md.
"""

from __future__ import annotations

import numpy as np

from procmatch.linkage.features import column
from procmatch.linkage.index.columns import Array

__all__ = ["plain_score"]

#: What no agreement at all would score.
_NOTHING = -9.9
#: What each is worth when it agrees wholly.
_SHARES = {
    "its_words": 2.1,
    "my_words": 0.9,
    "sorted": 2.7,
    "compact": 1.7,
    "start": 1.4,
    "first": 0.9,
}
#: What the rarity of words that meet adds, per nat, up to a bound.
_MET, _MOST_MET = 0.21, 30.0
_TABLES = {
    "place": {0: -3.5, 1: -0.3, 2: 2.2, 3: 2.4},
    "form": {0: -1.3, 1: -1.0, 2: -1.3, 3: 0.7},
    "street": {0: -0.2, 1: 2.5},
    "site": {0: -0.5, 1: 3.5},
    "kind": {1: -0.3, 2: -0.4},
    "reading": {1: -0.1, 2: -1.7, 3: 1.8},
    "group": {1: -1.2, 2: -1.8},
    "figures": {1: -0.4, 2: -1.0},
    "living": {0: -1.0},
}


def plain_score(features: Array) -> Array:
    """Return the logarithm of the odds of each pair.

    Args:
        features: shape (pairs, features), see :data:`~procmatch.linkage.features.FEATURES`.
    """
    score: Array = np.full(len(features), _NOTHING)
    for name, weight in _SHARES.items():
        score += weight * column(features, name)
    score += _MET * np.minimum(column(features, "met"), _MOST_MET)
    for name, points in _TABLES.items():
        values = column(features, name)
        for value, point in points.items():
            score[values == value] += point
    return score
