"""Words that name a branch: a table typed by us, ``matching/data/cpv_words.tsv``.

Columns: CPV prefix (2 to 4 digits), language, words. A word of five letters or more counts where a
word, or a part of it, begins with it; ``=word`` and shorter ones only as a whole word or part;
``*word`` anywhere inside a word; ``two_words`` side by side. The table names no firm: a list of
known names would be a hidden merit.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from procmatch.text.compounds import split_compound, stem
from procmatch.text.folding import fold_ascii, tokens

__all__ = ["DIVISIONS", "Lexicon"]

#: Divisions of CPV 2008.
DIVISIONS = 45
#: A word that begins others has this many letters or more.
_STEM = 5
_DIVISION = 2
#: Words whose votes are kept.
_KEPT = 50_000
#: What a part of a compound says beside a whole word, and two words side by side.
_PART, _PHRASE = 0.7, 1.5
#: How many letters an inflection may add.
_ENDING = 3
_INNER_AT, _INNER = 2, 4
#: A word of many branches says little of each.
_SHARP = 1.5


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words by how they are looked up, each with the CPV prefixes that it speaks for.

    ``longest_phrase`` is the most words that a phrase has.
    """

    begins: Mapping[str, frozenset[str]]
    whole: Mapping[str, frozenset[str]]
    inside: Mapping[str, frozenset[str]]
    phrases: Mapping[tuple[str, ...], frozenset[str]]
    longest_phrase: int = 0
    _starts: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    _openings: frozenset[str] = frozenset()
    _inner_openings: frozenset[str] = frozenset()
    _begun: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    _known: dict[str, Mapping[str, float]] = field(default_factory=dict)

    @staticmethod
    @cache
    def load(languages: tuple[str, ...] = ()) -> Lexicon:
        """Read the typed table; only the rows of ``languages`` where any are given."""
        table = (files("procmatch.matching") / "data" / "cpv_words.tsv").read_text(encoding="utf-8")
        rows = (line.split("\t") for line in table.splitlines()[1:])
        return Lexicon.of(
            (cpv, words.split()) for cpv, name, words in rows if not languages or name in languages
        )

    @staticmethod
    def of(rows: Iterable[tuple[str, Iterable[str]]]) -> Lexicon:
        """Make a lexicon of (CPV prefix, words) rows."""
        kinds: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(3)]
        phrases: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for cpv, words in rows:
            for word in words:
                plain = fold_ascii(word)
                if "_" in word:
                    phrases[tuple(plain.split())].add(cpv)
                elif word.startswith("*"):
                    kinds[2][plain].add(cpv)
                else:
                    kinds[1 if word.startswith("=") or len(plain) < _STEM else 0][plain].add(cpv)
        begins, whole, inside = (
            {key: frozenset(value) for key, value in kind.items()} for kind in kinds
        )
        starts: dict[str, tuple[tuple[str, ...], ...]] = {}
        for phrase in phrases:
            starts[phrase[0]] = (*starts.get(phrase[0], ()), phrase)
        named = {phrase: frozenset(cpv) for phrase, cpv in phrases.items()}
        return Lexicon(
            begins,
            whole,
            inside,
            named,
            max(map(len, named), default=0),
            starts,
            frozenset(word[:_STEM] for word in begins),
            frozenset(word[:_INNER] for word in (*begins, *whole)),
        )

    def _first(self, word: str) -> tuple[str, frozenset[str]] | None:
        if word in self.whole:
            return word, self.whole[word]
        if word[:_STEM] not in self._openings:
            return None
        for length in range(len(word), _STEM - 1, -1):
            if word[:length] in self.begins:
                return word[:length], self.begins[word[:length]]
        return None

    def _inner(self, word: str) -> frozenset[str] | None:
        """The longest word of the table inside a compound, begun after its first letters."""
        best = ""
        for start in range(_INNER_AT, len(word) - _INNER + 1):
            if word[start : start + _INNER] not in self._inner_openings:
                continue
            for end in range(len(word), start + max(_INNER, len(best)) - 1, -1):
                part = word[start:end]
                if len(part) <= len(best):
                    break
                ends = end >= len(word) - 2
                if part in self.begins or (ends and part in self.whole):
                    best = part
        return (self.begins.get(best) or self.whole[best]) if best else None

    def _spoken_for(self, word: str) -> list[tuple[frozenset[str], float]]:
        plain = fold_ascii(word)
        found: list[tuple[frozenset[str], float]] = []
        first = self._first(plain) or self._first(fold_ascii(stem(word)))
        if first:
            found.append((first[1], 1.0))
        if not first or len(plain) > len(first[0]) + _ENDING:
            inner = self._inner(plain)
            parts = [] if inner else split_compound(word)
            others = [inner] if inner else []
            others += [hit[1] for part in parts if (hit := self._first(fold_ascii(part)))]
            found += [(one, _PART) for one in others if not first or one != first[1]]
        return found + [(cpv, _PART) for inside, cpv in self.inside.items() if inside in plain]

    def votes(self, text: str) -> Mapping[str, float]:
        """Return how much the words of ``text`` speak for each CPV prefix of 2 to 4 digits.

        A word that speaks for many divisions counts little for each; repeating it helps slowly.
        """
        found: defaultdict[str, float] = defaultdict(float)
        words = tokens(text)
        for word, times in Counter((*words, *self.phrases_in(words))).items():
            for prefix, vote in self.votes_of(word).items():
                found[prefix] += vote * (1 + math.log(times))
        return found

    def votes_of(self, word: str) -> Mapping[str, float]:
        """Return the votes of one word, or of one of :meth:`phrases_in`."""
        if word not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[word] = self.read_votes(word)
        return self._known[word]

    def read_votes(self, word: str) -> Mapping[str, float]:
        """Return :meth:`votes_of`, and keep nothing: for the words of a register."""
        found: dict[str, float] = {}
        if " " in word:
            _add(found, self.phrases[tuple(word.split())], _PHRASE)
        else:
            for prefixes, weight in self._spoken_for(word):
                _add(found, prefixes, weight)
        return found

    def begins_phrase(self, word: str) -> bool:
        """Whether a phrase of the table begins with ``word``."""
        return fold_ascii(word) in self._starts

    def phrases_at(self, words: Sequence[str]) -> list[str]:
        """Return the table's phrases with which ``words`` begin, each as words with spaces."""
        found = self._starts.get(fold_ascii(words[0]), ())
        return [
            " ".join(phrase)
            for phrase in found
            if tuple(map(fold_ascii, words[: len(phrase)])) == phrase
        ]

    def phrases_in(self, words: Sequence[str]) -> list[str]:
        """Return the table's phrases among consecutive words, each as words with spaces."""
        found: list[str] = []
        begun = self._begun
        for at, word in enumerate(words):
            if word not in begun:
                begun[word] = self._starts.get(fold_ascii(word), ())
            if begun[word]:
                found += [
                    " ".join(phrase)
                    for phrase in begun[word]
                    if tuple(map(fold_ascii, words[at : at + len(phrase)])) == phrase
                ]
        return found


def _add(found: dict[str, float], prefixes: frozenset[str], weight: float) -> None:
    """Share a word's weight by how few divisions it speaks for; each prefix counts once."""
    above = {prefix[:length] for prefix in prefixes for length in range(_DIVISION, len(prefix) + 1)}
    many = sum(len(prefix) == _DIVISION for prefix in above)
    sharp = (math.log(DIVISIONS / many) / math.log(DIVISIONS)) ** _SHARP / many**0.5
    for prefix in above:
        found[prefix] = found.get(prefix, 0.0) + weight * sharp
