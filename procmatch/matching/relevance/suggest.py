"""Suggest CPV codes for a text, with a certainty: for needs, drafts, and codes that are too coarse.

What speaks for a code: the typed words (:mod:`lexicon`), the official labels, and, where an
operator has notices, what buyers called things like this. The first two need no data; the third is
mixed in by how many notices there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from procmatch.codes import builtin
from procmatch.codes.cpv import depth
from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.lexicon import DIVISIONS, Lexicon
from procmatch.matching.relevance.ridge import Ridge
from procmatch.matching.relevance.vectors import Vectoriser
from procmatch.matching.relevance.words import subwords, word_stems

__all__ = ["CodeDoubt", "CpvModel", "doubt_code", "suggest_cpv"]

#: What a description says beside the title.
_DESCRIPTION = 0.4
#: What the likest label says beside the typed words; and how sharply both tell divisions apart.
_LABEL, _SHARPNESS = 0.6, 10.0
#: How sharply notices tell divisions apart, and how many of them are half convincing.
_LEARNED, _HALF = 14.0, 200
#: Typed words and notices often say the same thing: together they are no two witnesses.
_SHARED = 0.5
_FLOOR = 1e-4
#: So much is left open however few the words are.
_DOUBT = 0.5
#: A finer code is named where it has this share of what is above it.
_GOES_DEEPER = 0.5
_DIVISION, _FINEST = 2, 4
_SHOWN = 3
#: A code is doubted where another division is at least so certain, and its own at the most this.
_SURE, _HARDLY = 0.9, 0.02
#: A code of so few digits is coarse; a finer one is worth naming from this certainty on.
_COARSE, _LIKELY = 3, 0.5


@dataclass(frozen=True, slots=True)
class _Labels:
    """The official labels as vectors: features x labels, and by how many digits a code has.

    Attributes:
        fine: number of digits -> labels of codes so fine, side by side by prefix.
        begins: number of digits -> where each prefix's labels begin in ``fine``.
        prefixes: number of digits -> place of each of those prefixes among all of so many digits.
    """

    vectoriser: Vectoriser
    vectors: Sparse
    fine: Mapping[int, Points]
    begins: Mapping[int, Points]
    prefixes: Mapping[int, Points]


@cache
def _labels(languages: tuple[str, ...]) -> _Labels:
    pairs = [
        (code, text)
        for code, by_language in builtin().cpv.labels.items()
        for language in languages
        if (text := by_language.get(language))
    ]
    features = [subwords(text) for _, text in pairs]
    vectoriser = Vectoriser.fit(features)
    fine, begins, prefixes = {}, {}, {}
    for length in range(_DIVISION, _FINEST + 1):
        kept = sorted((code, at) for at, (code, _) in enumerate(pairs) if depth(code) >= length)
        cut = np.array([code[:length] for code, _ in kept])
        fine[length] = np.array([at for _, at in kept], dtype=np.intp)
        named, begins[length] = np.unique(cut, return_index=True)
        prefixes[length] = np.searchsorted(_prefixes(length), named)
    # Turned here, once: each question would else turn all labels anew.
    vectors = vectoriser.transform(features).T.tocsr()
    return _Labels(vectoriser, vectors, fine, begins, prefixes)


@cache
def _prefixes(length: int) -> tuple[str, ...]:
    found = {code[:length] for code in builtin().cpv.labels if depth(code) >= length}
    return tuple(sorted(found))


@cache
def _columns(length: int) -> Mapping[str, int]:
    return {prefix: at for at, prefix in enumerate(_prefixes(length))}


def _softmax(scores: Points) -> Points:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class CpvModel:
    """Says which CPV codes a text is about.

    Attributes:
        languages: of the typed words and the labels, ISO 639-1.
        learned: what notices add, None before :meth:`fit`. seen: of how many notices.
    """

    languages: tuple[str, ...] = ("nb", "nn", "en")
    learned: Ridge | None = None
    seen: int = 0

    def prior(self, texts: Sequence[tuple[str, str]], length: int = _DIVISION) -> Points:
        """Return how much words and labels speak for each prefix of ``length`` digits.

        Args:
            texts: (title, description) pairs.
            length: 2 for divisions, up to 4.

        Returns:
            texts x prefixes, not normalised; prefixes in ascending order.
        """
        return self._speaking(self._voted(texts), self._likeness(texts), length)

    def _likeness(self, texts: Sequence[tuple[str, str]]) -> Points:
        """Return how like texts are to labels, texts x labels."""
        labels = _labels(self.languages)
        asked = labels.vectoriser.transform(subwords(f"{one} {one} {two}") for one, two in texts)
        return np.asarray((asked @ labels.vectors).toarray())

    def _voted(self, texts: Sequence[tuple[str, str]]) -> list[list[tuple[str, float]]]:
        """Return the votes of the words of each text for prefixes of any length."""
        lexicon = Lexicon.load(self.languages)
        return [
            [
                (prefix, weight * vote)
                for text, weight in ((title, 1.0), (description, _DESCRIPTION))
                for prefix, vote in lexicon.votes(text).items()
            ]
            for title, description in texts
        ]

    def _speaking(
        self, voted: Sequence[Sequence[tuple[str, float]]], likeness: Points, length: int
    ) -> Points:
        """Return :meth:`prior` where words and labels were looked at already."""
        column = _columns(length)
        words = np.zeros((len(voted), len(column)))
        for row, votes in enumerate(voted):
            for prefix, vote in votes:
                if prefix in column:
                    words[row, column[prefix]] += vote
        words /= words.sum(axis=1, keepdims=True) + _DOUBT
        known = _labels(self.languages)
        labels = np.zeros_like(words)
        labels[:, known.prefixes[length]] = np.maximum.reduceat(
            likeness[:, known.fine[length]], known.begins[length], axis=1
        )
        return words + _LABEL * labels

    def fit(self, notices: Iterable[tuple[str, str, str]]) -> CpvModel:
        """Learn from (title, description, main CPV code) of notices; returns a new model.

        Codes of unknown divisions are left out.
        """
        known = _prefixes(_DIVISION)
        kept = [one for one in notices if one[2][:_DIVISION] in known]
        if not kept:
            return self
        features = [self._features(title, text) for title, text, _ in kept]
        learned = Ridge.fit(features, [known.index(code[:_DIVISION]) for *_, code in kept], known)
        return CpvModel(languages=self.languages, learned=learned, seen=len(kept))

    def _features(self, title: str, text: str) -> list[str]:
        whole = f"{title} {title} {text}"
        return [*word_stems(whole, self.languages[0]), *subwords(whole)]

    def divisions(self, texts: Sequence[tuple[str, str]]) -> Points:
        """Return the certainty of each division, texts x divisions in ascending order."""
        return self._certain(texts, self.prior(texts))

    def _certain(self, texts: Sequence[tuple[str, str]], prior: Points) -> Points:
        typed = _softmax(_SHARPNESS * prior)
        if self.learned is None:
            return typed
        seen = _softmax(_LEARNED * self.learned.scores([self._features(*one) for one in texts]))
        share = self.seen / (self.seen + _HALF)
        mixed = ((typed + _FLOOR) * (seen + _FLOOR) ** share) ** (1 / (1 + _SHARED * share))
        return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))

    def suggest(
        self, text: str, description: str = "", *, limit: int = _SHOWN
    ) -> list[tuple[str, float]]:
        """Return (code, certainty) of the likeliest branches, best first.

        A branch is named as finely as the evidence goes: a finer code where it has at least half of
        what speaks for the one above. An empty text gives nothing.
        """
        if not word_stems(f"{text} {description}"):
            return []
        texts = [(text, description)]
        likeness, voted = self._likeness(texts), self._voted(texts)
        priors = {
            length: self._speaking(voted, likeness, length)
            for length in range(_DIVISION, _FINEST + 1)
        }
        divisions = _prefixes(_DIVISION)
        certainty = self._certain(texts, priors.pop(_DIVISION))[0].tolist()
        certain = dict(zip(divisions, certainty, strict=True))
        finer = {
            length: dict(zip(_prefixes(length), scores[0].tolist(), strict=True))
            for length, scores in priors.items()
        }
        best = sorted(divisions, key=lambda one: (-certain[one], one))[:limit]
        return [(_descend(one, finer), certain[one]) for one in best]


def _descend(prefix: str, finer: Mapping[int, Mapping[str, float]]) -> str:
    """Follow the strongest branch below ``prefix`` while it outweighs the others together."""
    for length, scores in finer.items():
        below = {code: value for code, value in scores.items() if code.startswith(prefix)}
        total = sum(below.values())
        if len(prefix) != length - 1 or not total:
            break
        best = max(below, key=lambda code: (below[code], code))
        if below[best] / total < _GOES_DEEPER:
            break
        prefix = best
    return prefix.ljust(8, "0")


@cache
def _shipped() -> CpvModel:
    return CpvModel()


def suggest_cpv(
    text: str, description: str = "", *, model: CpvModel | None = None, limit: int = _SHOWN
) -> list[tuple[str, float]]:
    """Suggest CPV codes for a text.

    Args:
        text: what is needed, or a notice's title.
        description: more of it.
        model: one that has learned from notices; else typed words and labels only.
        limit: how many at the most.

    Returns:
        (eight-digit code, certainty 0..1), best first; nothing for an empty text.
    """
    return (model or _shipped()).suggest(text, description, limit=limit)


@dataclass(frozen=True, slots=True)
class CodeDoubt:
    """Why a notice's code may not find those who could deliver.

    Attributes:
        kind: "wrong" where the words are of another division, "coarse" where they say more.
        code: what the words speak for, eight digits. certainty: 0..1, of its division.
    """

    kind: str
    code: str
    certainty: float


def doubt_code(
    code: str, text: str, description: str = "", *, model: CpvModel | None = None
) -> CodeDoubt | None:
    """Say whether a code looks wrong or too coarse beside what a text says.

    A proposal for the one who writes the notice to look at; nothing is changed by it.

    Args:
        code: of the notice, eight digits.
        text: its title, or what is needed.
        description: more of it.
        model: one that has learned from notices; else typed words and labels only.

    Returns:
        the doubt, or None where the code may stand: also where the words say too little.
    """
    found = suggest_cpv(text, description, model=model, limit=DIVISIONS)
    if not found:
        return None
    best, certainty = found[0]
    own = next((sure for one, sure in found if one[:_DIVISION] == code[:_DIVISION]), 0.0)
    if best[:_DIVISION] != code[:_DIVISION]:
        wrong = certainty >= _SURE and own <= _HARDLY
        return CodeDoubt("wrong", best, certainty) if wrong else None
    digits = depth(code)
    finer = depth(best) > digits and best.startswith(code[:digits])
    if digits <= _COARSE and finer and certainty >= _LIKELY:
        return CodeDoubt("coarse", best, certainty)
    return None
