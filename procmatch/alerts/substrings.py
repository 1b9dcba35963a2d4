"""Which of many words stand anywhere in a text, without looking for each of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

__all__ = ["Substrings"]

_LENGTH = 3


def _pieces(text: str) -> set[str]:
    return {text[at : at + _LENGTH] for at in range(len(text) - _LENGTH + 1)}


class Substrings:
    """Words by the three letters of theirs that the fewest other words have.

    A word can only stand in a text that holds these letters; only then is it looked for.
    """

    def __init__(self, words: Iterable[str]) -> None:
        distinct = sorted(set(words))
        common = Counter(piece for word in distinct for piece in _pieces(word))
        self._by_piece: dict[str, list[str]] = defaultdict(list)
        self._short = []
        for word in distinct:
            pieces = _pieces(word)
            if pieces:
                rarest = min(pieces, key=lambda piece: (common[piece], piece))
                self._by_piece[rarest].append(word)
            else:
                self._short.append(word)

    def within(self, text: str) -> list[str]:
        """Return the words that stand in ``text``, each once; case counts."""
        by_piece = self._by_piece
        found = [word for word in self._short if word in text]
        found += [
            word
            for piece in by_piece.keys() & _pieces(text)
            for word in by_piece[piece]
            if word in text
        ]
        return found
