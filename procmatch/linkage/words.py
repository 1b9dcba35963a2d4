"""The words of a name as linkage compares them."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from itertools import pairwise

from procmatch.text.normalise import fold_ascii

__all__ = ["GROUP_WORDS", "MOST_WORDS", "OWNER_WORDS", "is_telling", "words_of"]

#: A longer name is told by its first words.
MOST_WORDS = 16
#: Words that tell one company of a group from another: with and without them are two units.
GROUP_WORDS = frozenset(
    {"holding", "invest", "investering", "eiendom", "eigedom", "group", "gruppen", "konsern"}
    | {"drift", "service", "produksjon", "utvikling", "bolig", "finans", "international"}
    | {"norge", "norway", "nord", "soer", "oest", "vest"}
)
#: Of these, what the owner of a company is called, who does not take over its name.
OWNER_WORDS = frozenset({"holding", "invest", "investering", "group", "gruppen", "konsern"})
#: Words that say nothing about who is meant.
_SILENT = frozenset({"i", "of", "the", "for", "de", "av"})
#: Two English words for one Norwegian.
_PAIRS = {
    ("county", "municipality"): "fylkeskommune",
    ("county", "council"): "fylkeskommune",
    ("county", "authority"): "fylkeskommune",
    ("university", "hospital"): "universitetssykehus",
    ("university", "college"): "hoegskole",
    ("upper", "secondary"): "videregaaende",
    ("city", "council"): "kommune",
}


@cache
def _equivalents() -> dict[str, str]:
    """Return abbreviations, other spellings and English words -> the word they stand for."""
    text = files("procmatch.linkage").joinpath("equivalents.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {fold_ascii(row["word"]): fold_ascii(row["canonical"]) for row in rows}


def _paired(words: list[str]) -> list[str]:
    found: list[str] = []
    skip = False
    for one, other in pairwise([*words, ""]):
        if skip:
            skip = False
        elif (one, other) in _PAIRS:
            found.append(_PAIRS[one, other])
            skip = True
        else:
            found.append(one)
    return found


def is_telling(word: str) -> bool:
    """Whether a word has a figure or tells companies of a group apart."""
    return word in GROUP_WORDS or any(map(str.isdigit, word))


def words_of(key: str) -> list[str]:
    """Return the words of a key, each once, in order, at most 16.

    Abbreviations, nynorsk and English words are written as the word they stand for ("skule",
    "school": "skole"); see ``equivalents.tsv``.
    """
    known = _equivalents()
    words = key.split()
    if len(words) > 1:
        words = [word for word in words if word not in _SILENT] or words
        if not _FIRSTS.isdisjoint(words):
            words = _paired(words)
    return list(dict.fromkeys([known.get(word, word) for word in words]))[:MOST_WORDS]


_FIRSTS = frozenset(first for first, _second in _PAIRS)
