"""A text as features: stems and parts of compounds, or short runs of letters.

Stems make inflections meet (Snowball); in Norwegian, compounds are taken apart by the project's
lexicon; runs of letters make slips, names and compounds of other languages meet.
"""

from __future__ import annotations

from functools import cache, lru_cache
from threading import Lock

import Stemmer

from procmatch.text.compounds import is_generic, split_compound, stem
from procmatch.text.folding import fold_ascii, tokens
from procmatch.text.language import STOP_WORDS

__all__ = ["subwords", "telling_stems", "word_stems"]

_ALGORITHMS = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "sv": "swedish",
}
_NORWEGIAN = {"nb", "nn", "no"}
_STOP = STOP_WORDS["nb"] | STOP_WORDS["nn"]
#: A stemmer keeps its word in itself while it works.
_BUSY = Lock()
_SHORTEST, _LONGEST_RUN = 3, 5
#: Words whose answers are kept: those of needs, not those of a register.
_KEPT = 50_000


@cache
def _stemmer(language: str) -> object:
    return Stemmer.Stemmer(_ALGORITHMS[language], 0)


@lru_cache(maxsize=_KEPT)
def _stems(word: str, language: str) -> tuple[str, ...]:
    if language in _NORWEGIAN:
        return tuple(dict.fromkeys((stem(word), *split_compound(word))))
    if language in _ALGORITHMS:
        with _BUSY:
            return (fold_ascii(str(_stemmer(language).stemWord(word))),)  # type: ignore[attr-defined]
    return (fold_ascii(word),)


def word_stems(text: str, language: str = "") -> list[str]:
    """Return the stems of ``text`` in order; of Norwegian compounds their parts as well.

    A language that is not known or has no stemmer gives whole words without accents.
    """
    return [found for word in tokens(text) for found in _stems(word, language)]


def telling_stems(text: str, language: str = "") -> list[str]:
    """Return :func:`word_stems` without those that name no trade, and Norwegian's small words.

    Which words are general is known for Norwegian only; elsewhere their rarity must tell.
    """
    if language not in _NORWEGIAN:
        return word_stems(text, language)
    kept = (word for word in tokens(text) if word not in _STOP and not word.isdecimal())
    found = (one for word in kept for one in _stems(word, language))
    return [one for one in found if not is_generic(one)]


@lru_cache(maxsize=_KEPT)
def _runs(word: str) -> tuple[str, ...]:
    framed = f" {word} "
    return tuple(
        [
            framed[at : at + length]
            for length in range(_SHORTEST, _LONGEST_RUN + 1)
            for at in range(max(1, len(framed) - length + 1))
        ]
    )


def subwords(text: str) -> list[str]:
    """Return the runs of three to five letters of each word, without accents."""
    return [run for word in fold_ascii(text).split() for run in _runs(word)]
