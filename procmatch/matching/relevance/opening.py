"""Lists that stay open: some places are given without a look at past awards.

Past awards find the next winner best, and by themselves they fill a list with those who won
before. So every fourth place goes to the next best firm by all other criteria. It may be one that
has won, too: nobody is preferred for having won nothing.
"""

from __future__ import annotations

import numpy as np

from procmatch.matching.relevance.arrays import Points

__all__ = ["EVERY", "open_places"]

#: One place of so many is given without past awards.
EVERY = 4


def _positions(scores: Points) -> Points:
    """Return the place of each column in its row, from 0; equal scores by column."""
    order = np.argsort(-np.round(scores, 9), axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(scores.shape[1])[None, :], axis=1)
    return np.asarray(places)


def open_places(full: Points, without_history: Points, *, every: int = EVERY) -> Points:
    """Return the place of each firm in an open list, needs x firms, from 0; no two are equal.

    Args:
        full: points by all criteria.
        without_history: points by those that look at no past award.
        every: one place of so many, at least 2, goes to the second order.
    """
    first, second = _positions(full), _positions(without_history)
    kept = first + first // (every - 1)
    given = every - 1 + second * every
    # Two firms cannot claim one place: those kept never end on a place that is given.
    return _positions(-np.minimum(kept, given).astype(np.float64))
