"""From words as printed to words of the register: misspelt, shortened, joined or split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from procmatch.linkage.index.columns import Array, Lists, flat, spans
from procmatch.linkage.index.topn import best_products
from procmatch.linkage.index.vocabulary import Vocabulary, as_bytes, grams

__all__ = ["Spellings", "spell", "spell_compounds"]

#: A known word this rare may itself be another word with a slip.
RARE = 4
#: Words that a shortened one is completed to, at most; what a completion counts at least.
MOST_COMPLETIONS, COMPLETION = 8, 0.6
SHORTEST_BEGINNING = 3
#: For words that nothing else explains: how many by letter groups, and how like they must be.
MOST_BY_GRAMS, LIKE = 8, 0.7
SHORTEST_BY_GRAMS = 5
#: The rarest letter group comes near the greatest weight that may be asked with.
_GRAM_SCALE = 15
#: A word written in two, or two written in one.
COMPOUND = 0.95
SHORTEST_HALF = 3


@dataclass(frozen=True, slots=True)
class Spellings:
    """Words of the register that a printed word may be.

    Attributes:
        word: which printed word. known: position in the vocabulary. likeness: 0..1.
    """

    word: Array
    known: Array
    likeness: Array

    def by_word(self, count: int) -> Lists:
        """Return, for each of ``count`` printed words, where its rows are."""
        order = np.argsort(self.word, kind="stable")
        return Lists(flat(np.bincount(self.word, minlength=count)), order)


def _none() -> Spellings:
    whole = np.zeros(0, dtype=np.int64)
    return Spellings(whole, whole, np.zeros(0, dtype=np.float32))


def _joined(parts: Sequence[Spellings]) -> Spellings:
    """Put parts together; of a pair met twice the greatest likeness stays."""
    word = np.concatenate([part.word for part in parts])
    known = np.concatenate([part.known for part in parts])
    likeness = np.concatenate([part.likeness for part in parts]).astype(np.float32)
    order = np.lexsort((-likeness, known, word))
    word, known, likeness = word[order], known[order], likeness[order]
    first = np.ones(len(word), dtype=bool)
    first[1:] = (word[1:] != word[:-1]) | (known[1:] != known[:-1])
    return Spellings(word[first], known[first], likeness[first])


def _decoded(words: Array) -> list[str]:
    return [word.decode("utf-8", "ignore") for word in words.tolist()]


def _slips(vocabulary: Vocabulary, words: Array, printed: list[str], asked: Array) -> Spellings:
    row, known = vocabulary.one_slip_away(words[asked])
    if not len(row):
        return _none()
    ours = [printed[at] for at in asked[row].tolist()]
    theirs = _decoded(vocabulary.words[known])
    near = process.cpdist(ours, theirs, scorer=OSA.distance, score_cutoff=1) == 1
    likeness = process.cpdist(ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float32)
    # Three letters with one wrong are another word.
    near &= likeness >= LIKE
    return Spellings(asked[row][near], known[near], likeness[near])


def _completions(vocabulary: Vocabulary, words: Array, asked: Array) -> Spellings:
    lengths = np.char.str_len(words[asked])
    asked = asked[lengths >= SHORTEST_BEGINNING]
    starts, ends = vocabulary.beginning_with(words[asked])
    known, row = spans(starts, ends - starts)
    if not len(known):
        return _none()
    # Of many completions, those that most names hold.
    order = np.lexsort((known, -vocabulary.seen[known], row))
    known, row = known[order], row[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    known, row = known[rank < MOST_COMPLETIONS], row[rank < MOST_COMPLETIONS]
    share = np.char.str_len(words[asked])[row] / np.char.str_len(vocabulary.words[known])
    return Spellings(asked[row], known, np.maximum(share, COMPLETION))


def _by_grams(vocabulary: Vocabulary, words: Array, printed: list[str], asked: Array) -> Spellings:
    asked = asked[np.char.str_len(words[asked]) >= SHORTEST_BY_GRAMS]
    rows, owner = grams(words[asked])
    counts = np.bincount(owner, minlength=len(asked))
    lists = Lists.of(counts, rows.astype(np.int64))
    seen = np.diff(vocabulary.gram_ends)[lists.values]
    rarity = np.rint(np.log1p(len(vocabulary) / (seen + 1.0)) * _GRAM_SCALE).astype(np.float32)
    hits = best_products(vocabulary.by_grams, lists, rarity, MOST_BY_GRAMS)
    if not len(hits.row):
        return _none()
    ours = [printed[at] for at in asked[hits.row].tolist()]
    theirs = _decoded(vocabulary.words[hits.item])
    likeness = process.cpdist(ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float32)
    near = likeness >= LIKE
    return Spellings(asked[hits.row][near], hits.item[near], likeness[near])


def spell(vocabulary: Vocabulary, printed: list[str]) -> Spellings:
    """Return the words of the register that each printed word may be.

    A word that many names hold is itself. Others may have one slip of the pen, be the beginning
    of a word, or, where nothing else is found, share most of their letters with one.

    Args:
        vocabulary: of the register.
        printed: words, each once.
    """
    if not printed or not len(vocabulary):
        return _none()
    words = as_bytes(printed)
    at = vocabulary.find(words)
    exact = np.flatnonzero(at >= 0)
    parts = [Spellings(exact, at[exact], np.ones(len(exact), dtype=np.float32))]
    seen = np.where(at >= 0, vocabulary.seen[at], 0)
    parts.append(_slips(vocabulary, words, printed, np.flatnonzero(seen <= RARE)))
    unknown = np.flatnonzero(at < 0)
    parts.append(_completions(vocabulary, words, unknown))
    explained = np.zeros(len(printed), dtype=bool)
    for part in parts:
        explained[part.word] = True
    parts.append(_by_grams(vocabulary, words, printed, np.flatnonzero(~explained)))
    return _joined(parts)


def spell_compounds(vocabulary: Vocabulary, names: Sequence[Sequence[str]]) -> Spellings:
    """Return words of the register that two neighbouring words make, or that a word falls into.

    Args:
        vocabulary: of the register.
        names: the words of each name.

    Returns:
        ``word`` counts the words of all names, one after another.
    """
    pairs: list[str] = []
    first: list[int] = []
    singles: list[str] = []
    at = 0
    for name in names:
        pairs += [one + other for one, other in pairwise(name)]
        first += range(at, at + len(name) - 1)
        singles += name
        at += len(name)
    if not singles or not len(vocabulary):
        return _none()
    parts = [_falling_apart(vocabulary, singles)]
    if pairs:
        known = vocabulary.find(as_bytes(pairs))
        met = np.flatnonzero(known >= 0)
        start = np.array(first, dtype=np.int64)[met]
        likeness = np.full(len(met), COMPOUND, dtype=np.float32)
        parts += [
            Spellings(start, known[met], likeness),
            Spellings(start + 1, known[met], likeness),
        ]
    return _joined(parts)


def _falling_apart(vocabulary: Vocabulary, words: list[str]) -> Spellings:
    unknown = np.flatnonzero(vocabulary.find(as_bytes(words)) < 0).tolist()
    halves: list[str] = []
    owners: list[int] = []
    for at in unknown:
        word = words[at][:64]
        for cut in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1):
            halves += [word[:cut], word[cut:]]
            owners.append(at)
    if not owners:
        return _none()
    known = vocabulary.find(as_bytes(halves)).reshape(-1, 2)
    both = np.flatnonzero((known >= 0).all(axis=1))
    if not len(both):
        return _none()
    owner = np.array(owners, dtype=np.int64)[both]
    # The halves that most names hold are the likeliest to be meant.
    weight = np.minimum(vocabulary.seen[known[both, 0]], vocabulary.seen[known[both, 1]])
    order = np.lexsort((-weight, owner))
    best = order[np.unique(owner[order], return_index=True)[1]]
    pair = known[both[best]]
    length = np.char.str_len(vocabulary.words[pair]).astype(np.float32)
    share = COMPOUND * length / length.sum(axis=1, keepdims=True)
    # Each half counts as wholly met where the register has it, and for its part of the word.
    return Spellings(np.repeat(owner[best], 2), pair.ravel(), np.maximum(share, COMPLETION).ravel())
