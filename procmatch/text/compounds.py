"""Norwegian compounds taken apart by a lexicon of the words of public purchasing."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import Stemmer

from procmatch.text.folding import fold
from procmatch.text.lexicon import GENERIC, LEMMAS, SYNONYMS
from procmatch.text.nynorsk import to_bokmaal

__all__ = ["is_generic", "split_compound", "stem"]

_SNOWBALL = Stemmer.Stemmer("norwegian", 0)
#: A stemmer keeps its word in itself while it works.
_BUSY = Lock()
#: Words whose answers are kept: those of a need, not those of a register.
_KEPT = 50_000
#: Shorter words are never taken apart, longer ones never read: both only make mistakes.
_SHORTEST, _LONGEST = 6, 48
#: How long a part must be, and the known part of a half known compound and what follows it.
_PART, _SURE = 3, 5
#: Letters that tie two parts together.
_LINKS = ("", "s", "e")
#: What is cleaned by somebody else than an office cleaner.
_PIPES = frozenset({"avløp", "kloakk", "rør", "tank", "kum", "kanal", "sluk", "ventilasjon"})


def _stem_bokmaal(word: str) -> str:
    with _BUSY:
        return str(_SNOWBALL.stemWord(word))


@lru_cache(maxsize=_KEPT)
def _plain(word: str) -> str:
    return to_bokmaal(fold(word))


def stem(word: str) -> str:
    """Return the stem of one word in bokmål or nynorsk; inflections of a word share it."""
    return _stem_bokmaal(_plain(word))


_BY_STEM = {
    _stem_bokmaal(lemma): lemma for lemma in sorted(LEMMAS, key=lambda word: (-len(word), word))
}
#: A stem begins as its word does, so most words need no stem to be told from all lemmas.
_BEGINNINGS = frozenset(stem_[:_PART] for stem_ in _BY_STEM)
_GENERIC_STEMS = frozenset(_stem_bokmaal(lemma) for lemma in GENERIC)
_LENGTHS = tuple(sorted({len(lemma) for lemma in LEMMAS if len(lemma) >= _PART}, reverse=True))


def is_generic(stem: str) -> bool:
    """Whether a stem or a part of a compound names no trade: *tjeneste*, *levering*, *drift*.

    Two texts that share only such stems say nothing about each other: drain cleaning services
    are not office cleaning services.
    """
    return stem in _GENERIC_STEMS or stem in GENERIC


def _head(word: str) -> str | None:
    """Return the lemma of which ``word`` is an inflected form, if it is a known one."""
    if word in LEMMAS:
        return word
    if word[:_PART] not in _BEGINNINGS:
        return None
    return _BY_STEM.get(_stem_bokmaal(word))


def _after(word: str, lemma: str) -> list[str]:
    """Return what may be left of ``word`` after its first part ``lemma``."""
    rest = word[len(lemma) :]
    left = [rest[len(link) :] for link in _LINKS if rest.startswith(link)]
    if lemma[-1] == lemma[-2] and rest and rest[0] != lemma[-1]:
        # Three equal letters are written as two: trafikk + kontroll, buss + sjåfør.
        left.append(lemma[-1] + rest)
    return left


def _known(word: str) -> tuple[str, ...] | None:
    """Split into known parts only, as few as possible, the first as long as possible."""
    if head := _head(word):
        return (head,)
    best: tuple[str, ...] | None = None
    for length in _LENGTHS:
        lemma = word[:length]
        if length >= len(word) or lemma not in LEMMAS:
            continue
        for rest in _after(word, lemma):
            tail = _known(rest) if len(rest) >= _PART else None
            if tail and (best is None or len(tail) + 1 < len(best)):
                best = (lemma, *tail)
    return best


#: First syllables that make another word of the head rather than a compound with it.
_PREFIXES = frozenset(
    {"til", "for", "inn", "med", "fra", "mot", "ved", "opp", "etter", "over", "mis", "gjen"}
)
#: What only inflects or derives from the part before it.
_SUFFIXES = ("isert", "iser", "ering", "erende", "erte", "messig", "løse", "aktig")


def _partly_known(word: str) -> tuple[str, ...] | None:
    """Split an unknown first part from the longest known head, else the other way round."""
    for start in range(_PART, len(word) - _SURE + 1):
        head = _head(word[start:])
        if head and len(head) >= _SURE and word[:start] not in _PREFIXES:
            return (word[:start], head)
    for length in _LENGTHS:
        lemma = word[:length]
        if length < _SURE or lemma not in LEMMAS:
            continue
        rest = word[length:].removeprefix("s")
        if len(rest) >= _SURE and not rest.startswith(_SUFFIXES):
            return (lemma, rest)
    return None


@lru_cache(maxsize=_KEPT)
def split_compound(word: str) -> tuple[str, ...]:
    """Take a compound apart: ``"renholdstjenester"`` gives ``("renhold", "tjeneste")``.

    Known parts are lemmas in bokmål, synonyms written as one word (*rengjøring* as *renhold*); a
    word that cannot be taken apart comes back alone, in bokmål spelling but otherwise as it is.
    """
    plain = _plain(word)
    if " " in plain or len(plain) > _LONGEST:
        return (plain,)
    if head := _head(plain):
        return (SYNONYMS.get(head, head),)
    if len(plain) < _SHORTEST:
        return (plain,)
    parts = _known(plain) or _partly_known(plain) or (plain,)
    if len(parts) > 1 and parts[-1] == "rengjøring" and _PIPES & set(parts):
        return (*parts[:-1], "rensing")
    return tuple(SYNONYMS.get(part, part) for part in parts)
