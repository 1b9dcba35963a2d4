"""The words of many texts as numbers, each word of a language once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.records import Firm
from procmatch.text.folding import tokens as words_of

__all__ = ["Read", "Token", "read"]

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


def read(firms: Sequence[Firm], lexicon: Lexicon) -> Read:
    """Return the words of names and texts, and the lexicon's phrases among them."""
    every: list[Token] = []
    languages: dict[str, _Numbers] = {}
    said, starts = array("i"), array("q", [0])
    for firm in firms:
        own = languages.get(firm.language)
        if own is None:
            own = languages[firm.language] = _Numbers(every, firm.language)
        said.extend(map(own.__getitem__, words_of(f"{firm.name} {firm.text}")))
        starts.append(len(said))
    tokens = np.frombuffer(said, dtype=np.int32) if said else np.zeros(0, dtype=np.int32)
    ends = np.frombuffer(starts, dtype=np.int64)
    return _with_phrases(Read(every, ends, tokens), languages, lexicon)


def _with_phrases(plain: Read, languages: dict[str, _Numbers], lexicon: Lexicon) -> Read:
    """Add phrases after the words of the texts that hold them."""
    begins = np.array([lexicon.begins_phrase(word) for word, _ in plain.every], dtype=bool)
    if not begins.any():
        return plain
    where = np.flatnonzero(begins[plain.tokens])
    texts = np.searchsorted(plain.starts, where, side="right") - 1
    added, owner = array("i"), array("q")
    for at, text in zip(where.tolist(), texts.tolist(), strict=True):
        end = min(int(plain.starts[text + 1]), at + lexicon.longest_phrase)
        ahead = [plain.every[token] for token in plain.tokens[at:end].tolist()]
        for phrase in lexicon.phrases_at([word for word, _ in ahead]):
            added.append(languages[ahead[0][1]][phrase])
            owner.append(text)
    if not added:
        return plain
    texts = np.frombuffer(owner, dtype=np.int64)
    tokens = np.insert(plain.tokens, plain.starts[texts + 1], np.frombuffer(added, dtype=np.int32))
    more = np.bincount(texts, minlength=len(plain.starts) - 1)
    return Read(plain.every, plain.starts + np.append(0, np.cumsum(more)), tokens)
