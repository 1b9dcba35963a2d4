"""A need as runs of letters, of words that firms have and of those that nobody has."""

from __future__ import annotations

import math

import numpy as np

from procmatch.matching.index.shapes import Array
from procmatch.matching.relevance.loops import compiled

__all__ = ["spell"]


@compiled
def spell(
    letter_at: Array,
    letter_id: Array,
    letter_value: Array,
    word: Array,
    times: Array,
    strange: Array,
    strange_times: Array,
    room: Array,
) -> tuple[Array, Array]:
    """Return a need as runs of letters and their values, of length one.

    Args:
        letter_at: word -> its runs, as in CSR.
        letter_id: of all words.
        letter_value: weighed by how rare they are.
        word: the need's words.
        times: how much each counts.
        strange: further runs.
        strange_times: how much each counts, weighed.
        room: float32, runs; all 0, before and after.
    """
    most = strange.shape[0]
    for at in range(word.shape[0]):
        most += letter_at[word[at] + 1] - letter_at[word[at]]
    ids = np.empty(most, dtype=np.int32)
    size = 0
    for at in range(word.shape[0]):
        for run in range(letter_at[word[at]], letter_at[word[at] + 1]):
            if room[letter_id[run]] == 0.0:
                ids[size] = letter_id[run]
                size += 1
            room[letter_id[run]] += times[at] * letter_value[run]
    for at in range(strange.shape[0]):
        if room[strange[at]] == 0.0:
            ids[size] = strange[at]
            size += 1
        room[strange[at]] += strange_times[at]
    values = np.empty(size, dtype=np.float32)
    square = 0.0
    for at in range(size):
        value = room[ids[at]]
        room[ids[at]] = 0.0
        values[at] = value
        square += value * value
    if square > 0.0:
        values /= np.float32(math.sqrt(square))
    return ids[:size], values
