"""Norwegian text as stems, for comparing what is bought with what is sold."""

from __future__ import annotations

from functools import lru_cache

from procmatch.text.compounds import is_generic, split_compound, stem
from procmatch.text.folding import tokens
from procmatch.text.language import STOP_WORDS

__all__ = ["is_generic", "split_compound", "stem", "stems"]

_STOP = STOP_WORDS["nb"] | STOP_WORDS["nn"]


@lru_cache(maxsize=200_000)
def _stems_of_word(word: str) -> tuple[str, ...]:
    return tuple(stem(part) for part in split_compound(word))


def stems(text: str) -> list[str]:
    """Return the stems of ``text`` in order, compounds taken apart, stop words left out.

    Bokmål and nynorsk give the same stems. Numbers and single letters are left out. Stems for
    which :func:`is_generic` holds are kept: the caller decides what they weigh.
    """
    return [
        found
        for word in tokens(text)
        if len(word) > 1 and word not in _STOP and not word.isdecimal()
        for found in _stems_of_word(word)
    ]
