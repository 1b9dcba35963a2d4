"""One firm under several spellings, where firms are known by a written name and no number.

"Linde Medica, S.L.U." and "LINDE MEDICA SL" are likely the same, and may be two: what one has won
counts for the other by half. Where firms have numbers nothing is shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from procmatch.matching.relevance.arrays import Points
from procmatch.text.names import ascii_key

__all__ = ["alike", "shared"]

#: What is known of one spelling says this much of another.
_OTHER = 0.5
_BESIDE = re.compile(r"\([^)]*\)")
#: Words that state a legal form at the end of a name, beyond those that every name loses.
_FORMS = {
    *("sl", "slu", "sll", "slp", "slne", "sal", "sau", "scp", "scl", "sccl", "cb", "spa", "sc"),
    *("sasu", "eurl", "sci", "selarl", "ag", "ohg", "ug", "co", "sp", "zoo", "kb", "hb"),
    *("sociedad", "societat", "limitada", "anonima", "unipersonal", "cooperativa", "catalana"),
}


def _plain(name: str) -> str:
    """Return a name without accents, legal form, what stands in brackets, and what parts words."""
    words = ascii_key(_BESIDE.sub(" ", name).replace("·", "")).split()
    while len(words) > 1 and (words[-1] in _FORMS or len(words[-1]) == 1):
        words.pop()
    return "".join(filter(str.isalnum, "".join(words)))


def alike(names: Iterable[str]) -> tuple[Points, ...]:
    """Return the places of names that are one name but for spelling and legal form, two or more."""
    found: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        if plain := _plain(name):
            found.setdefault(plain, []).append(at)
    return tuple(np.array(own) for own in found.values() if len(own) > 1)


def shared(points: Points, groups: Sequence[Points]) -> Points:
    """Return points, needs x firms, at least half of the best that an alike name has."""
    found = points.copy()
    for own in groups:
        best = found[:, own].max(axis=1, keepdims=True)
        found[:, own] = np.maximum(found[:, own], best * _OTHER)
    return found
