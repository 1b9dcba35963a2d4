"""Which names hold a word, and which hold it in a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmatch.linkage.index.columns import Array, Lists, flat
from procmatch.linkage.index.segment import AREA_ROWS, area_rows
from procmatch.linkage.index.topn import LARGEST_WEIGHT
from procmatch.linkage.index.vocabulary import Vocabulary, hashes
from procmatch.linkage.places import areas

__all__ = ["Postings", "lay_postings"]

#: A word of a name weighs by its rarity over the length of the name to this power: below 1, a
#: long name that holds all that is asked for does not lose too much to a short one that does not.
LENGTH = 0.8
#: What a word in the right place adds to the word.
IN_PLACE = 0.3
#: Namesakes and names of equally common words would come in heaps of equals, of which a search
#: must choose; each name gets a little more, by the number of its unit, so that it can.
JITTER = 64
_SCALE = (LARGEST_WEIGHT - JITTER) * 0.97


@dataclass(frozen=True, slots=True)
class Postings:
    """Names by feature: words first, then words in a place."""

    ends: Array
    aliases: Array
    weights: Array


def _place_areas(places: Lists) -> Lists:
    found = [
        areas(frozenset(int(mark) for mark in places[at])) for at in range(len(places.ends) - 1)
    ]
    return Lists.of(
        [len(one) for one in found], np.array([a for one in found for a in one], dtype=np.uint32)
    )


def lay_postings(
    vocabulary: Vocabulary,
    words: Lists,
    weights: Array,
    places: Lists,
    place: Array,
    jitter: Array,
) -> Postings:
    """Turn names with their words into words with their names.

    Args:
        vocabulary: of the names.
        words: of each name.
        weights: rarity of each word.
        places: marks of each place.
        place: of each name.
        jitter: of each name, below :data:`JITTER`.
    """
    names = len(words.ends) - 1
    counts = np.diff(words.ends)
    owner = np.repeat(np.arange(names, dtype=np.int64), counts)
    own = weights[words.values].astype(np.float64)
    length = np.sqrt(np.bincount(owner, own**2, minlength=names)) ** LENGTH
    top = float(weights.max()) ** (1 - LENGTH) if len(weights) else 1.0
    value = own / np.maximum(length, 1e-9)[owner] / top * _SCALE + jitter[owner]
    in_place, which = _place_areas(places).take(place[owner])
    features = np.concatenate(
        [
            words.values.astype(np.int64),
            len(vocabulary) + area_rows(hashes(vocabulary.words)[words.values[which]], in_place),
        ]
    )
    items = np.concatenate([owner, owner[which]])
    values = np.maximum(1, np.rint(np.concatenate([value, value[which] * IN_PLACE])))
    order = np.lexsort((items, features))
    features, items, values = features[order], items[order], values[order]
    # Two words of a name may share a row of the table.
    first = np.ones(len(items), dtype=bool)
    first[1:] = (features[1:] != features[:-1]) | (items[1:] != items[:-1])
    kept = np.bincount(features[first], minlength=len(vocabulary) + AREA_ROWS)
    return Postings(flat(kept), items[first].astype(np.int32), values[first].astype(np.float32))
