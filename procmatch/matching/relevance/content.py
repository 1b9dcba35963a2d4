"""What a need says against what a firm is called and says it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.codes import builtin
from procmatch.matching.relevance.arrays import Points, Sparse
from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.records import Firm, Need
from procmatch.matching.relevance.vectors import Vectoriser
from procmatch.matching.relevance.words import subwords, word_stems

__all__ = ["Branches", "Texts", "need_text"]

#: Only so much of a description is read: what comes later is procedure.
_READ = 3_000
_LABELLED = {"nb", "nn", "en"}
#: Digits of a CPV code that name a branch of the tree.
_DIVISION, _CLASS = 2, 4
#: What the words of a need say beside its codes.
_WORDS = 0.5


def need_text(need: Need) -> str:
    """Return title (twice, it says most), description and the codes' labels in its language."""
    named = ""
    if need.language in _LABELLED:
        labels = builtin().cpv
        named = " ".join(labels.label(code, need.language) for code in need.cpv[:3])
    return f"{need.title} {need.title} {need.text[:_READ]} {named}"


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of firms as vectors, by stems or by runs of letters."""

    vectoriser: Vectoriser
    vectors: Sparse
    stemmed: bool

    @staticmethod
    def build(firms: Sequence[Firm], *, stemmed: bool, named: bool = False) -> Texts:
        """Prepare what firms say.

        Args:
            firms: whose texts.
            stemmed: by stems, else by runs of letters.
            named: the names alone, else names and texts.
        """
        texts = [firm.name if named else f"{firm.name} {firm.text}" for firm in firms]
        features = [
            word_stems(text, firm.language) if stemmed else subwords(text)
            for text, firm in zip(texts, firms, strict=True)
        ]
        vectoriser = Vectoriser.fit(features)
        return Texts(vectoriser, vectoriser.transform(features), stemmed)

    def scores(self, needs: Sequence[Need]) -> Points:
        """Return the cosine of what needs and firms share, rare features first, needs x firms."""
        asked = self.vectoriser.transform(
            word_stems(need_text(one), one.language) if self.stemmed else subwords(need_text(one))
            for one in needs
        )
        return np.asarray((asked @ self.vectors.T).todense())


@dataclass(frozen=True, slots=True)
class Branches:
    """Which CPV branches the words in a firm's name and text speak for."""

    column: dict[str, int]
    vectors: Sparse
    rarity: Points

    @staticmethod
    def build(firms: Sequence[Firm]) -> Branches:
        """Prepare the firms by the typed words of all languages."""
        lexicon = Lexicon.load()
        votes = [lexicon.votes(f"{firm.name} {firm.text}") for firm in firms]
        column = {one: at for at, one in enumerate(sorted({key for row in votes for key in row}))}
        found = _matrix(votes, column)
        holders = np.asarray((found > 0).sum(axis=0)).ravel()
        rarity = np.log((1 + len(firms)) / (1 + holders)) + 1
        return Branches(column, _unit(found @ sparse.diags(rarity)), rarity)

    def scores(self, needs: Sequence[Need]) -> Points:
        """Return how far a need's branches and a firm's agree, cosine, needs x firms."""
        lexicon = Lexicon.load()
        asked = [_wanted(need, lexicon) for need in needs]
        matrix = _unit(_matrix(asked, self.column) @ sparse.diags(self.rarity))
        return np.asarray((matrix @ self.vectors.T).todense())


def _wanted(need: Need, lexicon: Lexicon) -> dict[str, float]:
    """Branches of a need: its codes, the main one first, and what its words speak for."""
    found: dict[str, float] = {}
    for at, code in enumerate(need.cpv):
        weight = 1.0 if at == 0 else 1 / (len(need.cpv) - 1) / 2
        for length in range(_DIVISION, _CLASS + 1):
            prefix = code[:length]
            found[prefix] = found.get(prefix, 0.0) + weight
    votes = lexicon.votes(f"{need.title} {need.text[:_READ]}")
    total = sum(vote for prefix, vote in votes.items() if len(prefix) == _DIVISION)
    for prefix, vote in votes.items():
        found[prefix] = found.get(prefix, 0.0) + _WORDS * vote / total
    return found


def _matrix(rows: Sequence[Mapping[str, float]], column: Mapping[str, int]) -> Sparse:
    at = [
        (row, column[key], value)
        for row, one in enumerate(rows)
        for key, value in one.items()
        if key in column
    ]
    shape = (len(rows), max(1, len(column)))
    if not at:
        return sparse.csr_matrix(shape)
    row, col, value = zip(*at, strict=True)
    return sparse.csr_matrix((value, (row, col)), shape=shape)


def _unit(matrix: Sparse) -> Sparse:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.diags(scale) @ matrix
