"""A first impression of every firm: what the few words that tell most about a need give it.

Who holds such a word, or names such a branch, is known, and how much it is there. Added up, in
steps of a byte for each firm, that says of nearly all firms that the rest of their text could
hardly lift them into a list; only the others are read.
"""

from __future__ import annotations

import numpy as np

from procmatch.matching.index.shapes import Array, Ask, Budget, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["forget", "give", "telling"]

#: Steps of a hint, and of how much a word is in a firm.
STEPS = 255
#: A hint is high above this share of what the most telling word may give, to begin with; where too
#: many are as high, it has to be higher by one in so many.
_HIGH, _MORE = 0.25, 8


@compiled
def telling(columns: Columns, ask: Ask, scratch: Scratch, budget: Budget) -> tuple[Array, Array]:
    """Return what could give a firm the most, most first, and how much (float32).

    Branches, and common words numbered after them. Those of too many holders are left out, first
    those that tell least.
    """
    holder_at, peak, said, prefixes = columns.holder_at, columns.peak, scratch.said, ask.prefixes
    touched, branch = scratch.touched, ask.branch
    size, branches = touched[touched.shape[0] - 1], branch.shape[0]
    every = np.empty(branches + size, dtype=np.int32)
    worth = np.empty(branches + size, dtype=np.float32)
    letters = np.float32(ask.letters)
    most = np.float32(0.0)
    for at in range(branches + size):
        one = branch[at] if at < branches else prefixes + touched[at - branches]
        value = said[one, 0] * peak[one, 0]
        value += letters * min(np.float32(1.0), said[one, 1] * peak[one, 1])
        every[at], worth[at] = one, value
        most = max(most, value)
    some = np.flatnonzero(worth > most * np.float32(budget.telling))
    # Equal ones by number: they are met in the order of the need's letters.
    some = some[np.argsort(every[some], kind="mergesort")]
    some = some[np.argsort(-worth[some], kind="mergesort")]
    kept = np.zeros(some.shape[0], dtype=np.bool_)
    told = 0
    for at, one in enumerate(some):
        many = int(holder_at[every[one] + 1] - holder_at[every[one]])
        if many and told + many <= budget.told:
            told += many
            kept[at] = True
    return every[some[kept]], worth[some[kept]]


@compiled
def give(
    columns: Columns, scratch: Scratch, words: Array, worth: Array, unit: float, most: int
) -> tuple[int, int]:
    """Add to the hints of those who hold ``words`` what each gives, times ``unit``.

    Returns:
        A hint, and how many of ``scratch.high`` are the firms with that hint or a higher one; no
        more than ``most``.
    """
    holder_at, holder, holder_value = columns.holder_at, columns.holder, columns.holder_value
    hints, high, size = scratch.hints, scratch.high, 0
    least = max(1, int(worth[0] * unit * _HIGH)) if len(worth) else 1
    most = min(most, high.shape[0])
    for number, word in enumerate(words):
        step = np.float32(worth[number] * unit / STEPS)
        for at in range(holder_at[word], holder_at[word + 1]):
            firm = holder[at]
            before = hints[firm]
            more = min(STEPS, before + int(step * holder_value[at]))
            hints[firm] = more
            if before < least <= more:
                while size == most and least <= STEPS:
                    least += 1 + least // _MORE
                    size = 0
                    for other in range(most):
                        if hints[high[other]] >= least:
                            high[size] = high[other]
                            size += 1
                if more >= least:
                    high[size] = firm
                    size += 1
    return least, size


@compiled
def forget(columns: Columns, scratch: Scratch, words: Array) -> None:
    """Leave no hint behind of ``words``."""
    holder_at, holder, hints = columns.holder_at, columns.holder, scratch.hints
    for word in words:
        for at in range(holder_at[word], holder_at[word + 1]):
            hints[holder[at]] = 0
