"""A first impression of every firm: what the few words that tell most about a need give it.

Who holds such a word is known, and how much it is there. Added up, in steps of a byte for each
firm, that says of nearly all firms that the rest of their text could hardly lift them into a list;
only the others are read.
"""

from __future__ import annotations

import numpy as np

from procmatch.matching.index.shapes import Array, Ask, Budget, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["forget", "give", "plainest", "telling"]

#: Steps of a hint, and of how much a word is in a firm.
STEPS = 255
#: One in so many holders is asked how many hints are high.
_SAMPLE = 8


@compiled
def telling(columns: Columns, ask: Ask, scratch: Scratch, budget: Budget) -> tuple[Array, Array]:
    """Return the common words that could give a firm the most, most first, and how much (float32).

    Words of too many holders are left out, first those that tell least.
    """
    holder_at, peak, said, prefixes = columns.holder_at, columns.peak, scratch.said, ask.prefixes
    worth = np.zeros(peak.shape[0], dtype=np.float32)
    letters = np.float32(ask.letters)
    most = np.float32(0.0)
    for word in range(peak.shape[0]):
        value = said[prefixes + word, 0] * peak[word, 0]
        value += letters * min(np.float32(1.0), said[prefixes + word, 1] * peak[word, 1])
        worth[word] = value
        most = max(most, value)
    some = np.flatnonzero(worth > most * np.float32(budget.telling))
    some = some[np.argsort(-worth[some])]
    kept = np.zeros(some.shape[0], dtype=np.bool_)
    told = 0
    for at, one in enumerate(some):
        many = int(holder_at[one + 1] - holder_at[one])
        if many and told + many <= budget.told:
            told += many
            kept[at] = True
    return some[kept], worth[some[kept]]


@compiled
def give(columns: Columns, scratch: Scratch, words: Array, worth: Array, unit: float) -> None:
    """Add to the hints of those who hold ``words`` what each gives, times ``unit``."""
    holder_at, holder, holder_value = columns.holder_at, columns.holder, columns.holder_value
    hints = scratch.hints
    for number, word in enumerate(words):
        step = np.float32(worth[number] * unit / STEPS)
        for at in range(holder_at[word], holder_at[word + 1]):
            more = hints[holder[at]] + int(step * holder_value[at])
            hints[holder[at]] = min(STEPS, more)


@compiled
def plainest(columns: Columns, scratch: Scratch, words: Array, most: int) -> int:
    """Return the hint that about ``most`` firms reach, at least 1."""
    holder_at, holder, hints = columns.holder_at, columns.holder, scratch.hints
    reached = np.zeros(STEPS + 1, dtype=np.int32)
    for word in words:
        for at in range(holder_at[word], holder_at[word + 1], _SAMPLE):
            reached[hints[holder[at]]] += _SAMPLE
    for hint in range(STEPS, 0, -1):
        reached[hint - 1] += reached[hint]
        if reached[hint] > most:
            return hint + 1
    return 1


@compiled
def forget(columns: Columns, scratch: Scratch, words: Array) -> None:
    """Leave no hint behind of ``words``."""
    holder_at, holder, hints = columns.holder_at, columns.holder, scratch.hints
    for word in words:
        for at in range(holder_at[word], holder_at[word + 1]):
            hints[holder[at]] = 0
