"""What a sentence asks for, by weights learnt from sentences: for wordings that no sign foresaw.

``data/sentence_weights.tsv``: kind, feature, weight of a logistic regression (``training.hurdles.learn``
makes it; its training notices are other than those it is measured on, see ``training/hurdles``).
Features are stems, with compounds taken apart, pairs of neighbours and runs of letters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from math import exp

from procmatch.text.folding import tokens
from procmatch.text.language import STOP_WORDS
from procmatch.text.norwegian import split_compound, stem

__all__ = ["BASE", "LEAST", "Learned", "Weights", "features", "learned"]

#: Feature -> kind -> weight. The weight without any feature goes by the feature BASE.
Weights = Mapping[str, Mapping[str, float]]
BASE = "*"
#: The rows with the likelihoods from which a kind counts, in the place of a feature.
LEAST = "least"
_REMEMBERED, _FAR = 4096, 30.0
_RUN = 5
_STOP = STOP_WORDS["nb"] | STOP_WORDS["nn"] | STOP_WORDS["en"]


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[str, tuple[str, ...]]:
    """Return a word's stem, and its stem, parts and runs of letters as features."""
    whole = stem(word)
    runs = (f"~{word[at : at + _RUN]}" for at in range(len(word) - _RUN + 1))
    parts = (stem(part) for part in split_compound(word))
    return whole, tuple(dict.fromkeys((whole, *parts, *runs)))


def features(sentence: str) -> frozenset[str]:
    """Return the features of a sentence, lower case; numbers and small words are none."""
    found: set[str] = set()
    before = ""
    for word in tokens(sentence):
        if word in _STOP or word.isdecimal() or len(word) < 2:
            continue
        whole, own = _of_word(word)
        found.update(own)
        if before:
            found.add(f"{before} {whole}")
        before = whole
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights, and how likely a kind must be to count.

    Attributes:
        weights: feature -> kind -> weight.
        criterion: from which likelihood (0..1) a kind counts in a selection criterion.
        described: the same in a title or description, most of which only says what is bought.
    """

    weights: Weights
    criterion: float
    described: float
    _kept: dict[str, dict[str, float]] = field(default_factory=dict, repr=False, compare=False)

    def likely(self, sentence: str) -> Mapping[str, float]:
        """Return kind -> how likely (0..1) a sentence, lower case, asks for it."""
        known = self._kept.get(sentence)
        if known is None:
            if len(self._kept) >= _REMEMBERED:
                self._kept.clear()
            known = self._kept[sentence] = self._likely(sentence)
        return known

    def _likely(self, sentence: str) -> dict[str, float]:
        sums = dict(self.weights[BASE])
        for feature in features(sentence):
            for kind, weight in self.weights.get(feature, {}).items():
                sums[kind] += weight
        return {kind: 1 / (1 + exp(-max(-_FAR, min(_FAR, one)))) for kind, one in sums.items()}


@cache
def learned() -> Learned:
    """Return what comes with the package."""
    table = files("procmatch.matching") / "data" / "sentence_weights.tsv"
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        kind, feature, weight = line.split("\t")
        found[feature][kind] = float(weight)
    least = found.pop(LEAST)
    return Learned(dict(found), least["criterion"], least["described"])
