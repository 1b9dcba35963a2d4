"""The score without learning: a sum that can be read.

Weights are nats: what each agreement adds to the logarithm of the odds that a pair is the same
unit. They were set by hand on real name variants, see docs/how-linkage-works.md.
"""

from __future__ import annotations

import numpy as np

from procmatch.linkage.features import column
from procmatch.linkage.index.columns import Array

__all__ = ["plain_score"]

#: Shares of the name's likeness, adding up to 1.
_NAME = {"its_words": 0.3, "my_words": 0.2, "sorted": 0.25, "compact": 0.25}
#: A likeness of this is as good as none; each tenth above adds a tenth of the slope.
_LEVEL, _SLOPE = 0.62, 13.0
#: What rare words add that all meet, per nat of rarity, up to a bound.
_MET, _MOST_MET = 0.06, 30.0
_PLACE = {0: -1.2, 1: -0.3, 2: 1.3, 3: 1.7}
_FORM = {0: -0.5, 1: -0.2, 2: 0.0, 3: 0.4}
_STREET = {0: -0.2, 1: 2.5}
_SITE = {0: -0.5, 1: 3.5}
_KIND = {0: 0.0, 1: -0.3, 2: -0.4}
_READING = {0: 0.0, 1: -0.3, 2: -0.8}
_GROUP, _FIGURES, _DELETED = -1.0, -1.2, -1.0


def _table(values: Array, points: dict[int, float]) -> Array:
    found = np.zeros(len(values), dtype=np.float64)
    for value, point in points.items():
        found[values == value] = point
    return found


def plain_score(features: Array) -> Array:
    """Return the logarithm of the odds of each pair. See :data:`~.features.FEATURES`."""
    likeness: Array = np.zeros(len(features))
    for name, weight in _NAME.items():
        likeness = likeness + weight * column(features, name)
    score: Array = _SLOPE * (likeness - _LEVEL)
    score = score + _MET * np.minimum(column(features, "met"), _MOST_MET)
    for name, points in (
        ("place", _PLACE),
        ("form", _FORM),
        ("street", _STREET),
        ("site", _SITE),
        ("kind", _KIND),
        ("reading", _READING),
    ):
        score = score + _table(column(features, name), points)
    score += _GROUP * np.minimum(column(features, "group"), 2)
    score += _FIGURES * column(features, "figures")
    score += _DELETED * (1 - column(features, "living"))
    return score
