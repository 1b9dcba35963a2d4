"""From queries to the few names of the register that each may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter

import numpy as np

from procmatch.linkage.index.columns import Array, Lists, flat
from procmatch.linkage.index.segment import Segment, rarity
from procmatch.linkage.index.spelling import Spellings, spell, spell_compounds
from procmatch.linkage.index.topn import LARGEST_ASKED, best_products
from procmatch.linkage.index.vocabulary import as_bytes
from procmatch.linkage.variants import Variants
from procmatch.linkage.words import MOST_WORDS
from procmatch.model.organisation import OrgId

__all__ = ["Met", "Pairs", "retrieve"]

#: Names looked at for each reading.
MOST_NAMES = 24
#: Names of exactly the key that are looked at besides.
MOST_NAMESAKES = 40
#: A word that more names hold is left aside where another leads to no more names than are kept.
COMMON = 2_000
#: Whole numbers for weights: the rarest word comes near the greatest weight.
_SCALE = 16.0
_SURE = 0.8
#: How well a word of the register's name is met by the place printed beside the name.
_IN_PLACE = 0.7


@dataclass(frozen=True, slots=True)
class Met:
    """What the words of the readings may be in the register.

    Attributes:
        key: reading x words of the vocabulary + word, sorted.
        slot: which word of the reading; MOST_WORDS for one that is not in the name but in the
            place printed beside it.
        likeness: 0..1.
        weight: rarity of each word of each reading, one after another. counts: words of each.
    """

    key: Array
    slot: Array
    likeness: Array
    weight: Array
    counts: Array


@dataclass(frozen=True, slots=True)
class Pairs:
    """Readings beside names of one segment.

    Attributes:
        variant: the reading. alias: the name. score: of the search; 0 for those met otherwise.
    """

    variant: Array
    alias: Array
    score: Array
    met: Met

    def where(self, kept: Array) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.variant[kept], self.alias[kept], self.score[kept], self.met)


def retrieve(
    segment: Segment,
    variants: Variants,
    *,
    names: int,
    only: Sequence[Sequence[OrgId]] | None = None,
) -> Pairs:
    """Find the names that readings may mean.

    Args:
        segment: where to look.
        variants: the readings.
        names: of the whole register, by which unknown words weigh.
        only: for each query the units that it may mean; None searches for them.
    """
    met = _meet(segment, variants, names)
    if only is not None:
        variant, alias = _of_units(segment, variants, only)
        return Pairs(variant, alias, np.zeros(len(alias), dtype=np.float32), met)
    lists, weights = _features(segment, variants, met)
    hits = best_products(segment.postings, lists, weights, MOST_NAMES)
    extra = _known_otherwise(segment, variants)
    variant = np.concatenate([hits.row, extra[0]])
    alias = np.concatenate([hits.item, extra[1]])
    score = np.concatenate([hits.score, np.zeros(len(extra[0]), dtype=np.float32)])
    order = np.lexsort((-score, alias, variant))
    variant, alias, score = variant[order], alias[order], score[order]
    first = np.ones(len(variant), dtype=bool)
    first[1:] = (variant[1:] != variant[:-1]) | (alias[1:] != alias[:-1])
    return Pairs(variant[first], alias[first], score[first], met)


def _of_units(
    segment: Segment, variants: Variants, only: Sequence[Sequence[OrgId]]
) -> tuple[Array, Array]:
    units = [[segment.find_unit(org) for org in dict.fromkeys(orgs)] for orgs in only]
    rows = [
        (at, alias)
        for at, query in enumerate(variants.query.tolist())
        for unit in units[query]
        if unit is not None
        for alias in segment.aliases_of(unit)[:MOST_NAMES]
    ]
    found = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _meet(segment: Segment, variants: Variants, names: int) -> Met:
    counts = np.array([len(words) for words in variants.words], dtype=np.int64)
    every = [word for words in variants.words for word in words]
    distinct = list(dict.fromkeys(every))
    at = {word: number for number, word in enumerate(distinct)}
    which = np.array([at[word] for word in every], dtype=np.int64)
    spelt = spell(segment.vocabulary, distinct)
    rows, slot = spelt.by_word(len(distinct)).take(which)
    compounds = spell_compounds(segment.vocabulary, variants.words)
    slot = np.concatenate([slot, compounds.word])
    known = np.concatenate([spelt.known[rows], compounds.known])
    likeness = np.concatenate([spelt.likeness[rows], compounds.likeness]).astype(np.float32)
    owner = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    variant = owner[slot]
    slot -= flat(counts)[:-1][variant]
    towns, town_words = _towns(segment, variants)
    variant, known = np.concatenate([variant, towns]), np.concatenate([known, town_words])
    slot = np.concatenate([slot, np.full(len(towns), MOST_WORDS)])
    likeness = np.concatenate([likeness, np.full(len(towns), _IN_PLACE, dtype=np.float32)])
    key = variant * (len(segment.vocabulary) + 1) + known
    order = np.lexsort((slot, -likeness, key))
    return Met(
        key=key[order],
        slot=slot[order],
        likeness=likeness[order],
        weight=_weights(segment, spelt, len(distinct), names)[which].astype(np.float32),
        counts=counts,
    )


def _towns(segment: Segment, variants: Variants) -> tuple[Array, Array]:
    """Return words of the town printed beside a name: "Solvik Bygg", Oslo: "Solvik Bygg Oslo"."""
    rows = [
        (at, word)
        for at, query in enumerate(variants.query.tolist())
        for word in variants.asked[query].town
    ]
    known = segment.vocabulary.find(as_bytes(word for _at, word in rows))
    variant = np.array([at for at, _word in rows], dtype=np.int64)
    return variant[known >= 0], known[known >= 0]


def _weights(segment: Segment, spelt: Spellings, count: int, names: int) -> Array:
    """Return how telling each printed word is: as the commonest word that it surely is."""
    weights = np.full(count, rarity(np.zeros(1), names)[0], dtype=np.float32)
    sure = spelt.likeness >= _SURE
    np.minimum.at(weights, spelt.word[sure], segment.word_rarity[spelt.known[sure]])
    return weights


def _features(segment: Segment, variants: Variants, met: Met) -> tuple[Lists, Array]:
    size = len(segment.vocabulary) + 1
    variant, known = met.key // size, met.key % size
    # The greatest likeness of a pair comes first. A town is no word to search by.
    first = np.ones(len(variant), dtype=bool)
    first[1:] = met.key[1:] != met.key[:-1]
    first &= met.slot < MOST_WORDS
    variant, known, likeness = variant[first], known[first], met.likeness[first]
    first_kept = _telling(segment, variant, known, likeness, len(met.counts))
    variant, known, likeness = variant[first_kept], known[first_kept], likeness[first_kept]
    value = segment.word_rarity[known] * likeness * _SCALE
    area, row = variants.areas.take(variants.query[variant])
    features = np.concatenate([known, segment.area_features(known[row], area)])
    variant = np.concatenate([variant, variant[row]])
    value = np.concatenate([value, value[row]])
    order = np.lexsort((-value, features, variant))
    variant, features, value = variant[order], features[order], value[order]
    once = np.ones(len(variant), dtype=bool)
    once[1:] = (variant[1:] != variant[:-1]) | (features[1:] != features[:-1])
    counts = np.bincount(variant[once], minlength=len(met.counts))
    weights = np.clip(np.rint(value[once]), 1, LARGEST_ASKED).astype(np.float32)
    return Lists.of(counts, features[once]), weights


def _telling(segment: Segment, variant: Array, known: Array, likeness: Array, count: int) -> Array:
    """Say which words to search by: not the commonest where a rare one leads to few names."""
    seen = segment.vocabulary.seen[known]
    fewest = np.full(count, np.iinfo(np.int32).max, dtype=np.int64)
    whole = likeness == 1
    np.minimum.at(fewest, variant[whole], seen[whole])
    kept: Array = (seen <= COMMON) | (fewest[variant] > MOST_NAMES)
    return kept


def _known_otherwise(segment: Segment, variants: Variants) -> tuple[Array, Array]:
    """Return names of exactly a reading's key, and those of the unit that the number names."""
    rows: list[tuple[int, int]] = []
    for _at, those in groupby(segment.with_keys(variants.keys), key=itemgetter(0)):
        rows += islice(those, MOST_NAMESAKES)
    for at, query in enumerate(variants.query.tolist()):
        number = variants.asked[query].number
        lead = segment.with_number(number) if number else None
        if lead is not None:
            rows += [(at, alias) for alias in segment.aliases_of(lead[0])[:MOST_NAMES]]
    found = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
