"""The words of a register's names: looked up as they are, with a slip, by beginning, by letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from procmatch.linkage.index.columns import Array, Lists, flat, spans
from procmatch.linkage.index.topn import LARGEST_WEIGHT, Matrix

__all__ = ["WORD_BYTES", "Vocabulary", "as_bytes", "deletions", "grams", "hashes"]

#: Words are told by their first bytes; nothing in a register is as long.
WORD_BYTES = 32
#: Shorter words have too many neighbours one letter away.
SHORTEST_SLIP = 4
_BASE = 0x9E3779B97F4A7C15
_INVERSE = np.uint64(pow(_BASE, -1, 2**64))
_POWERS = np.array([pow(_BASE, at, 2**64) for at in range(WORD_BYTES)], dtype=np.uint64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
#: Rows of the table of letter groups; a few groups share a row, which costs a look, no more.
GRAM_ROWS = 1 << 16
_CHUNK = 50_000


def as_bytes(words: Iterable[str]) -> Array:
    """Return words as an array of fixed width, each cut after its first 32 bytes."""
    return np.array([word.encode("utf-8")[:WORD_BYTES] for word in words], dtype=f"S{WORD_BYTES}")


def _letters(words: Array) -> tuple[Array, Array]:
    """Return the bytes of each word, and how many each has."""
    matrix = np.ascontiguousarray(words).view(np.uint8).reshape(len(words), WORD_BYTES)
    return matrix, np.char.str_len(words).astype(np.int64)


def _mixed(values: Array) -> Array:
    mixed: Array = ((values ^ (values >> np.uint64(29))) * _MIX >> np.uint64(32)).astype(np.uint32)
    return mixed


def hashes(words: Array) -> Array:
    """Return a 32-bit hash of each word, the same on every machine."""
    letters, _lengths = _letters(words)
    return _mixed((letters.astype(np.uint64) * _POWERS).sum(axis=1, dtype=np.uint64))


def deletions(words: Array) -> tuple[Array, Array]:
    """Return hashes of each word as it is and with any one letter left out.

    Returns:
        The hashes, and for each which word it is of. Words of fewer than four bytes give
        themselves only.
    """
    found, owners = [], []
    for start in range(0, len(words), _CHUNK):
        letters, lengths = _letters(words[start : start + _CHUNK])
        terms = letters.astype(np.uint64) * _POWERS
        ends = np.zeros((len(terms), WORD_BYTES + 1), dtype=np.uint64)
        np.cumsum(terms, axis=1, dtype=np.uint64, out=ends[:, 1:])
        whole = ends[:, -1]
        without = ends[:, :-1] + (whole[:, None] - ends[:, 1:]) * _INVERSE
        at = np.arange(WORD_BYTES)
        counts = (at < lengths[:, None]) & (lengths[:, None] >= SHORTEST_SLIP)
        # Of two equal letters in a row, leaving out either gives the same.
        counts[:, 1:] &= letters[:, 1:] != letters[:, :-1]
        rows, _columns = np.nonzero(counts)
        found += [_mixed(whole), _mixed(without[counts])]
        owners += [np.arange(len(terms)) + start, rows + start]
    if not found:
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.int32)
    return np.concatenate(found), np.concatenate(owners).astype(np.int32)


def grams(words: Array) -> tuple[Array, Array]:
    """Return the groups of two and three letters of each word, ends marked, each once.

    Returns:
        Rows of the table of groups, and for each which word it is of; sorted by word.
    """
    letters, lengths = _letters(words)
    framed = np.zeros((len(words), WORD_BYTES + 2), dtype=np.uint32)
    framed[:, 0] = 1
    framed[:, 1:-1] = letters
    framed[np.arange(len(words)), lengths + 1] = 2
    at = np.arange(WORD_BYTES + 1)
    two = framed[:, :-1] * 257 + framed[:, 1:]
    three = framed[:, :-2] * 65_537 + framed[:, 1:-1] * 257 + framed[:, 2:]
    pairs = []
    for groups, size in ((two, 2), (three, 3)):
        inside = at[: groups.shape[1]] <= (lengths + 2 - size)[:, None]
        rows, _columns = np.nonzero(inside)
        slot = (groups[inside] * np.uint32(2_654_435_761)) >> np.uint32(16)
        pairs.append(rows.astype(np.int64) * GRAM_ROWS + slot)
    both = np.unique(np.concatenate(pairs)) if pairs else np.zeros(0, dtype=np.int64)
    return (both % GRAM_ROWS).astype(np.int32), (both // GRAM_ROWS).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words in byte order, each with how many names hold it.

    Attributes:
        words: fixed-width bytes, sorted. seen: names that hold each word.
        slips: hashes of words with at most one letter left out, sorted.
        slip_words: the word of each.
        gram_ends, gram_words, gram_weights: the words that hold each group of letters.
    """

    words: Array
    seen: Array
    slips: Array
    slip_words: Array
    gram_ends: Array
    gram_words: Array
    gram_weights: Array

    @classmethod
    def of(cls, words: Array, seen: Array) -> Self:
        """Lay out sorted ``words``."""
        slips, owners = deletions(words)
        order = np.argsort(slips, kind="stable")
        rows, columns = grams(words)
        counts = np.bincount(rows, minlength=GRAM_ROWS)
        rarity = np.log1p(len(words) / (counts + 1.0))
        norms = np.sqrt(np.bincount(columns, rarity[rows] ** 2, minlength=len(words)))
        by_row = np.lexsort((columns, rows))
        weights = rarity[rows] / np.maximum(norms[columns], 1e-9) * LARGEST_WEIGHT
        return cls(
            words=words,
            seen=seen.astype(np.int32),
            slips=slips[order],
            slip_words=owners[order],
            gram_ends=flat(counts),
            gram_words=columns[by_row],
            gram_weights=np.rint(weights[by_row]).astype(np.float32),
        )

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Self:
        """Put together what :meth:`arrays` gave."""
        return cls(**{name: arrays[f"vocabulary_{name}"] for name in cls.__slots__})

    def arrays(self) -> dict[str, Array]:
        """Return all columns by name."""
        return {f"vocabulary_{name}": getattr(self, name) for name in self.__slots__}

    def __len__(self) -> int:
        return len(self.words)

    @property
    def by_grams(self) -> Matrix:
        """Groups of letters by words."""
        return Matrix(Lists(self.gram_ends, self.gram_words), self.gram_weights, len(self.words))

    def find(self, words: Array) -> Array:
        """Return the position of each word, -1 where it is not known."""
        if not len(self.words):
            return np.full(len(words), -1, dtype=np.int64)
        at = np.searchsorted(self.words, words)
        at[at == len(self.words)] = 0
        return np.where(self.words[at] == words, at, -1)

    def beginning_with(self, words: Array) -> tuple[Array, Array]:
        """Return where the words that begin with each of ``words`` start and end."""
        letters, lengths = _letters(words)
        last = letters.copy()
        last[np.arange(WORD_BYTES) >= lengths[:, None]] = 255
        ends = last.reshape(-1).view(f"S{WORD_BYTES}")
        return np.searchsorted(self.words, words), np.searchsorted(self.words, ends, side="right")

    def one_slip_away(self, words: Array) -> tuple[Array, Array]:
        """Return words that share a form with at most one letter left out: to be compared.

        Returns:
            Which of ``words``, and the position of each word met; sorted, each pair once.
        """
        wanted, owner = deletions(words)
        starts = np.searchsorted(self.slips, wanted)
        at, row = spans(starts, np.searchsorted(self.slips, wanted, side="right") - starts)
        pairs = np.unique(owner[row].astype(np.int64) << 32 | self.slip_words[at])
        return pairs >> 32, pairs & 0xFFFFFFFF
