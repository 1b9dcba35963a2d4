"""Words that tell what a sentence asks for, whatever its form: the wordings that no sign foresaw.

``data/telling_words.tsv``: kind, words, how sure they are (0..1). The words were written from the
law and the standard forms; how sure they are is learnt from labelled notices
(``training.hurdles.learn``). They are compared as stems, compounds taken apart, so that
inflections, bokmål and nynorsk meet; several words must stand near each other, in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from procmatch.text.folding import tokens
from procmatch.text.language import STOP_WORDS
from procmatch.text.norwegian import split_compound, stem

__all__ = ["LEAST", "Told", "Vocabulary", "telling_words"]

#: The rows of the table that say from where on words count, in the place of a kind.
LEAST = "least"
#: How many telling words may lie between two that belong together.
_NEAR = 3
_REMEMBERED = 4096
_STOP = STOP_WORDS["nb"] | STOP_WORDS["nn"] | STOP_WORDS["en"]


@dataclass(frozen=True, slots=True)
class Told:
    """Words, as they are written, of which all tell a kind together; and how surely (0..1)."""

    kind: str
    words: str
    sure: float


@lru_cache(maxsize=50_000)
def _stems(word: str) -> frozenset[str]:
    return frozenset((stem(word), *map(stem, split_compound(word))))


def _says(word: str) -> bool:
    return len(word) > 1 and word not in _STOP and not word.isdecimal()


def _telling(sentence: str) -> list[frozenset[str]]:
    """Return the stems of each word that says something, in order."""
    return [_stems(word) for word in tokens(sentence) if _says(word)]


class Vocabulary:
    """Words that tell, and from how sure on they count."""

    def __init__(self, words: Iterable[Told], *, criterion: float, described: float) -> None:
        """Lay out words for search.

        Args:
            words: what tells what.
            criterion: how sure (0..1) they must be in a selection criterion.
            described: the same in a title or description, most of which says what is bought.
        """
        self.words = tuple(words)
        self.criterion, self.described = criterion, described
        self._by_first: dict[str, list[tuple[frozenset[str], Told]]] = defaultdict(list)
        for one in self.words:
            stems = [stem(word) for word in tokens(one.words) if _says(word)]
            self._by_first[stems[0]].append((frozenset(stems), one))
        self._kept: dict[str, tuple[Told, ...]] = {}

    def told(self, sentence: str) -> Sequence[Told]:
        """Return the words of the table that stand in a sentence (lower case)."""
        known = self._kept.get(sentence)
        if known is None:
            if len(self._kept) >= _REMEMBERED:
                self._kept.clear()
            known = self._kept[sentence] = tuple(self._told(sentence))
        return known

    def _told(self, sentence: str) -> Iterable[Told]:
        said = _telling(sentence)
        found: dict[Told, None] = {}
        for at, stems in enumerate(said):
            begun = [one for word in stems for one in self._by_first.get(word, ())]
            if begun:
                near = frozenset().union(*said[max(0, at - _NEAR - 1) : at + _NEAR + 2])
                found |= {one: None for wanted, one in begun if wanted <= near}
        return found

    def kinds(self, sentence: str, least: float) -> tuple[str, ...]:
        """Return the kinds that words of a sentence tell at least so surely."""
        sure = (one.kind for one in self.told(sentence) if one.sure >= least)
        return tuple(dict.fromkeys(sure))


@cache
def telling_words() -> Vocabulary:
    """Return what comes with the package."""
    table = files("procmatch.matching") / "data" / "telling_words.tsv"
    lines = table.read_text(encoding="utf-8").splitlines()[1:]
    split = (line.split("\t") for line in lines)
    rows = [Told(kind, words, float(sure)) for kind, words, sure in split]
    least = {one.words: one.sure for one in rows if one.kind == LEAST}
    return Vocabulary(
        (one for one in rows if one.kind != LEAST),
        criterion=least["criterion"],
        described=least["described"],
    )
