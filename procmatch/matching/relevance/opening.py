"""Lists that stay open: some places are given without a look at who has won before.

Past wins find the next winner best, and by themselves they fill a list with those who won before.
So every fourth place goes to the next best firm, not yet listed, by the criteria that ask nobody
for a past win. It may be one that has won, too: nobody is preferred for having won nothing.
"""

from __future__ import annotations

import numpy as np

from procmatch.matching.relevance.arrays import Points

__all__ = ["EVERY", "open_places"]

#: One place of so many is given without a look at past wins.
EVERY = 4


def _order(scores: Points) -> Points:
    """Return columns by score, highest first; equal scores by column."""
    return np.asarray(np.argsort(-np.round(scores, 9), axis=1, kind="stable"))


def open_places(full: Points, open_to_all: Points, *, every: int = EVERY) -> Points:
    """Return the place of each firm in an open list, needs x firms, from 0; no two are equal.

    Args:
        full: points by all criteria.
        open_to_all: points by those that a firm can meet without ever having won.
        every: one place of so many, at least 2, goes to the second order.
    """
    found = np.empty(full.shape, dtype=np.int64)
    for row, (first, second) in enumerate(
        zip(_order(full).tolist(), _order(open_to_all).tolist(), strict=True)
    ):
        listed = [False] * len(first)
        kept, given = iter(first), iter(second)
        for place in range(len(first)):
            order = given if place % every == every - 1 else kept
            firm = next(at for at in order if not listed[at])
            listed[firm] = True
            found[row, firm] = place
    return found
