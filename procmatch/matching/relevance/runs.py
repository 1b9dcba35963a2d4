"""Runs of letters as numbers, compiled by Numba when they are first used.

A run is known by a hash of 64 bits: of ten million different runs two meet once in 300,000 tables.
Their numbers stand in a table with open addressing, its keys beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.loops import Array, compiled
from procmatch.text.folding import fold_ascii

__all__ = ["RunTable"]

#: How long a run is, at least and at most; shorter words are one run, with the spaces around them.
SHORTEST, LONGEST = 3, 5
_SPACE, _SPACES = np.uint32(32), 2
_SEED, _PRIME = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x100000001B3)
_HALF = np.uint64(32)
_LEAST = 1 << 12


@compiled
def _place(keys: Array, key: np.uint64) -> int:
    """Return where a key stands, or the empty place where it would."""
    last = len(keys) - 1
    at = int(np.int64((key ^ (key >> _HALF)) & np.uint64(last)))
    while keys[at] != 0 and keys[at] != key:
        at = (at + 1) & last
    return at


@compiled
def _key(letters: Array, start: int, end: int) -> np.uint64:
    key = _SEED
    for at in range(start, end):
        key = (key ^ np.uint64(letters[at])) * _PRIME
        key ^= key >> _HALF
    return key if key != np.uint64(0) else _SEED


@compiled
def _keys_of(letters: Array, start: int, stop: int, found: Array) -> int:
    """Fill ``found`` with the runs of a word that stands between two spaces; return how many."""
    size = 0
    begin = start
    while begin < stop:
        end = begin + 1
        while letters[end] != _SPACE:
            end += 1
        framed = end + 1 - begin
        for length in range(SHORTEST, LONGEST + 1):
            # Two spaces side by side hold no word.
            for first in range(begin, begin + max(1, framed - length + 1) * (framed > _SPACES)):
                found[size] = _key(letters, first, min(first + length, end + 1))
                size += 1
        begin = end
    return size


@compiled
def _counted(
    letters: Array, starts: Array, keys: Array, numbers: Array, known: int, grow: int
) -> tuple[Array, Array, Array, int]:
    """Return words x runs (CSR starts, ids, counts), and how many runs are known now.

    Args:
        letters: of all words, with a space before each word and after the last.
        starts: word -> its first letter, the space before it; one more than words.
        keys: of the table; 0 where nothing stands.
        numbers: of the runs.
        known: how many runs the table holds.
        grow: 1 to add unknown runs, else they go. The table is full when -1 runs are known.
    """
    words = len(starts) - 1
    most = 0
    longest = 0
    for word in range(words):
        many = 0
        for length in range(SHORTEST, LONGEST + 1):
            many += max(1, starts[word + 1] - starts[word] + 2 - length)
        most += many
        longest = max(longest, many)
    own = np.empty(longest, dtype=np.uint64)
    ends = np.zeros(words + 1, dtype=np.int32)
    ids = np.empty(most, dtype=np.int32)
    counts = np.empty(most, dtype=np.float32)
    # Where a run of this word stands in its row already.
    room = len(keys) // 2
    mine = np.full(room, -1, dtype=np.int32)
    size = 0
    for word in range(words):
        row = size
        for one in range(_keys_of(letters, starts[word], starts[word + 1], own)):
            at = _place(keys, own[one])
            if keys[at] == 0:
                if grow == 0:
                    continue
                if known == room:
                    return ends, ids, counts, -1
                keys[at] = own[one]
                numbers[at] = known
                known += 1
            number = numbers[at]
            if mine[number] < row:
                mine[number] = size
                ids[size] = number
                counts[size] = 0.0
                size += 1
            counts[mine[number]] += 1.0
        ends[word + 1] = size
    return ends, ids[:size], counts[:size], known


@compiled
def bearers(ends: Array, ids: Array, holders: Array, runs: int) -> Array:
    """Return how many texts bear each run, where ``holders`` texts hold each word (float64)."""
    found = np.zeros(runs, dtype=np.float64)
    for word in range(len(ends) - 1):
        for at in range(ends[word], ends[word + 1]):
            found[ids[at]] += holders[word]
    return found


@dataclass(frozen=True, slots=True)
class RunTable:
    """Runs of letters and their numbers.

    Attributes:
        keys: uint64, 0 where nothing stands; a power of two of them. numbers: int32, beside them.
        known: how many runs there are.
    """

    keys: Points
    numbers: Points
    known: int

    @staticmethod
    def learned(words: Sequence[str]) -> tuple[RunTable, Sparse]:
        """Return the runs of ``words``, and how often each word has each (CSR, float32)."""
        letters, starts = _letters(words)
        size = _LEAST
        while True:
            keys, numbers = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.int32)
            ends, ids, counts, known = _counted(letters, starts, keys, numbers, 0, 1)
            if known >= 0:
                return RunTable(keys, numbers, known), _matrix(counts, ids, ends, known)
            size *= 8

    def counted(self, words: Sequence[str]) -> Sparse:
        """Return how often each word has each known run (CSR, float32)."""
        found = _counted(*_letters(words), self.keys, self.numbers, self.known, 0)
        ends, ids, counts, _known = found
        return _matrix(counts, ids, ends, self.known)


def _letters(words: Sequence[str]) -> tuple[Array, Array]:
    """Return the letters of words without accents, a space before each, and where it stands."""
    folded = [fold_ascii(word) for word in words]
    text = f" {' '.join(folded)} ".encode("utf-32-le", "surrogatepass")
    starts = np.append(0, np.cumsum(np.array([len(word) + 1 for word in folded], dtype=np.int64)))
    return np.frombuffer(text, dtype=np.uint32), starts.astype(np.int64)


def _matrix(counts: Array, ids: Array, ends: Array, columns: int) -> Sparse:
    return sparse.csr_matrix((counts, ids, ends), shape=(len(ends) - 1, columns))
