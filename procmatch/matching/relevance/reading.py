"""The words of many texts as numbers, each word of a language once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.loops import first_met, taken_rows
from procmatch.matching.relevance.records import Firm
from procmatch.text.folding import tokens as words_of

__all__ = ["Read", "Reader", "Token", "read"]

#: A word, or several side by side that the lexicon knows, and the language of its text.
Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """Texts as numbers of tokens.

    Attributes:
        every: all tokens.
        starts, tokens: text -> positions in ``every``, as in CSR (int64, int32); as often as they
            are said.
    """

    every: list[Token]
    starts: Points
    tokens: Points


class _Numbers(dict[str, int]):
    """Word -> its number; a new word gets the next one."""

    def __init__(self, every: list[Token], language: str) -> None:
        super().__init__()
        self.every, self.language = every, language

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self.every)
        self.every.append((word, self.language))
        return number


class Reader:
    """Takes texts one by one and keeps their words, not the texts."""

    def __init__(self) -> None:
        self._every: list[Token] = []
        self._languages: dict[str, _Numbers] = {}
        self._said, self._starts = array("i"), array("q", [0])

    def add(self, firm: Firm) -> None:
        """Read the words of a firm's name and text."""
        own = self._languages.get(firm.language)
        if own is None:
            own = self._languages[firm.language] = _Numbers(self._every, firm.language)
        self._said.extend(map(own.__getitem__, words_of(f"{firm.name} {firm.text}")))
        self._starts.append(len(self._said))

    def done(self, lexicon: Lexicon, order: Points | None = None) -> Read:
        """Return what was read, with the lexicon's phrases, and forget it.

        Tokens are numbered as they are met in the order of the texts, whatever order they came in.

        Args:
            lexicon: knows the phrases.
            order: of the texts; None means as they came.
        """
        starts = np.frombuffer(self._starts, dtype=np.int64)
        tokens = np.frombuffer(self._said, dtype=np.int32) if self._said else _NOTHING
        every = self._every
        # Views of the arrays that are let go here: those live on only while they are needed.
        self._every, self._said, self._starts = [], array("i"), array("q", [0])
        self._languages.clear()
        if order is not None:
            starts, tokens = taken_rows(starts, tokens, order)
            met = first_met(tokens, len(every))
            every = [every[at] for at in met.tolist()]
            number = np.empty(len(met), dtype=np.int32)
            number[met] = np.arange(len(met), dtype=np.int32)
            np.take(number, tokens, out=tokens)
        return _with_phrases(Read(every, starts, tokens), lexicon)


_NOTHING = np.zeros(0, dtype=np.int32)


def read(firms: Iterable[Firm], lexicon: Lexicon) -> Read:
    """Return the words of names and texts, and the lexicon's phrases among them."""
    reader = Reader()
    for firm in firms:
        reader.add(firm)
    return reader.done(lexicon)


def _with_phrases(plain: Read, lexicon: Lexicon) -> Read:
    """Add phrases after the words of the texts that hold them."""
    begins = np.array([lexicon.begins_phrase(word) for word, _ in plain.every], dtype=bool)
    if not begins.any():
        return plain
    where = np.flatnonzero(begins[plain.tokens])
    texts = np.searchsorted(plain.starts, where, side="right") - 1
    ends = np.minimum(plain.starts[texts + 1], where + lexicon.longest_phrase)
    every, phrases = list(plain.every), dict[Token, int]()
    added, owner = array("i"), array("q")
    # The same words in a row are looked up once.
    known: dict[bytes, Sequence[int]] = {}
    for at, end, text in zip(where.tolist(), ends.tolist(), texts.tolist(), strict=True):
        ahead = plain.tokens[at:end]
        found = known.get(key := ahead.tobytes())
        if found is None:
            words = [plain.every[token] for token in ahead.tolist()]
            found = known[key] = [
                _number((phrase, words[0][1]), phrases, every)
                for phrase in lexicon.phrases_at([word for word, _ in words])
            ]
        for token in found:
            added.append(token)
            owner.append(text)
    if not added:
        return plain
    texts = np.frombuffer(owner, dtype=np.int64)
    tokens = np.insert(plain.tokens, plain.starts[texts + 1], np.frombuffer(added, dtype=np.int32))
    more = np.bincount(texts, minlength=len(plain.starts) - 1)
    return Read(every, plain.starts + np.append(0, np.cumsum(more)), tokens)


def _number(token: Token, known: dict[Token, int], every: list[Token]) -> int:
    if token not in known:
        known[token] = len(every)
        every.append(token)
    return known[token]
