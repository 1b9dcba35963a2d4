"""How a reading of a printed name compares with a name of the register, in numbers.

One row for each pair, one column for each of :data:`FEATURES`; not a number where nothing is
known. Everything that a score is made of is here, whoever makes it: the plain sum or the learned
one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Prefix

from procmatch.linkage.index.columns import Array, spans
from procmatch.linkage.index.segment import Segment
from procmatch.linkage.places import POSTCODE, REGION, kinds_of
from procmatch.linkage.retrieve import Pairs
from procmatch.linkage.variants import Variants
from procmatch.linkage.words import GROUP_WORDS, MOST_WORDS

__all__ = ["FEATURES", "FORMS_AKIN", "column", "compare", "roughly"]

#: its_words, my_words: share of the weight of the words of the register's name, or of the printed
#:   one, that meet a word of the other. met: rarity of all that meet, in nats. rarest: of the most
#:   telling one that meets.
#: its_rarest, my_rarest: rarity of the most telling word that meets nothing.
#: sorted, compact, beginning, part, start: RapidFuzz's token sort ratio; ratio without spaces;
#:   Jaro-Winkler without spaces; partial ratio; share of the shorter that begins alike.
#: first: how well the first word is met. words: how many the printed name has.
#: group: words that tell companies of a group apart, on one side only. figures: 0 none or the
#:   same, 1 on one side only, 2 others.
#: form: 3 agrees, 2 one may become the other, 1 only the register states one, 0 differs.
#: place: 3 postcode agrees, 2 town or municipality, 1 region of the postcode, 0 differs.
#: street, site: 1 agrees, 0 differs.
#: kind, reading: positions in KINDS and READINGS. living: 1 or 0.
#: namesakes: logarithm (base 2) of how many units bear the name.
FEATURES = (
    *("its_words", "my_words", "met", "rarest", "its_rarest", "my_rarest"),
    *("sorted", "compact", "beginning", "part", "start"),
    *("first", "words", "group", "figures"),
    *("form", "place", "street", "site", "kind", "reading", "living", "namesakes"),
)
#: Forms that firms change between, or that people take for one another.
FORMS_AKIN = (
    frozenset({"ANS", "DA", "ENK", "KS", "SAM"}),
    frozenset({"BA", "SA", "AL"}),
    frozenset({"AS", "ASA", "ENK", "DA", "ANS", "NUF"}),
    frozenset({"KF", "IKS", "KOMM", "ORGL", "FKF"}),
    frozenset({"STI", "FLI"}),
)
_NEITHER: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_FIGURE = re.compile(r"\d")
_UNKNOWN = np.float32(np.nan)
_MEETS = 0.5
#: From so many pairs on, letters are compared by all processors.
_MANY = 5_000


def column(features: Array, name: str) -> Array:
    """Return one column by name."""
    found: Array = features[:, FEATURES.index(name)]
    return found


def roughly(features: Array) -> Array:
    """Return a first order of pairs by their words alone, before letters are compared."""
    its, mine = column(features, "its_words"), column(features, "my_words")
    place = np.nan_to_num(column(features, "place"), nan=1.0)
    rough: Array = 0.55 * its + 0.45 * mine + 0.06 * place
    return rough


def compare(
    segment: Segment, variants: Variants, pairs: Pairs, *, most: int | None = None
) -> tuple[Array, Array]:
    """Compare pairs.

    Args:
        segment: of the names.
        variants: the readings.
        pairs: which to compare.
        most: how many pairs of each reading to compare by their letters; the others are dropped.

    Returns:
        Positions of the pairs compared, and their features, shape (pairs, len(FEATURES)).
    """
    found = np.full((len(pairs.variant), len(FEATURES)), _UNKNOWN, dtype=np.float32)
    if not len(found):
        return np.zeros(0, dtype=np.int64), found
    _compare_words(segment, pairs, found)
    _compare_places(segment, variants, pairs, found)
    kept = np.arange(len(found))
    if most is not None:
        order = np.lexsort((pairs.alias, -roughly(found), pairs.variant))
        rank = np.arange(len(order)) - np.searchsorted(pairs.variant[order], pairs.variant[order])
        kept = np.sort(order[rank < most])
    found = found[kept]
    variant, alias = pairs.variant[kept], pairs.alias[kept]
    _compare_letters(segment, variants, variant, alias, found)
    _compare_facts(segment, variants, variant, alias, found)
    return kept, found


def _set(found: Array, **values: Array) -> None:
    for name, value in values.items():
        found[:, FEATURES.index(name)] = value


def _compare_words(segment: Segment, pairs: Pairs, found: Array) -> None:
    met, size = pairs.met, len(segment.vocabulary) + 1
    words, row = segment.alias_words.take(pairs.alias)
    key = pairs.variant[row] * size + words
    starts = np.searchsorted(met.key, key)
    counts = np.searchsorted(met.key, key, side="right") - starts
    at, owner = spans(starts, counts)
    # The greatest likeness of a word comes first.
    likeness = (
        np.where(counts > 0, met.likeness[np.minimum(starts, len(met.key) - 1)], 0.0)
        if len(met.key)
        else np.zeros(len(words), dtype=np.float32)
    )
    weight = segment.word_rarity[words]
    total = np.bincount(row, weight, minlength=len(found))
    its = np.bincount(row, weight * likeness, minlength=len(found))
    missing, rarest = np.zeros((2, len(found)), dtype=np.float32)
    np.maximum.at(missing, row, np.where(likeness < _MEETS, weight, 0.0).astype(np.float32))
    np.maximum.at(rarest, row, np.where(likeness >= _MEETS, weight, 0.0).astype(np.float32))
    # One column more than there are words, for those of the place.
    mine = np.zeros((len(found), MOST_WORDS + 1), dtype=np.float32)
    order = np.argsort(met.likeness[at], kind="stable")
    mine[row[owner[order]], met.slot[at[order]]] = met.likeness[at[order]]
    mine = mine[:, :MOST_WORDS]
    own = np.zeros((len(met.counts), MOST_WORDS), dtype=np.float32)
    slots, variant = spans(np.zeros(len(met.counts), dtype=np.int64), met.counts)
    own[variant, slots] = met.weight
    own = own[pairs.variant]
    _set(
        found,
        its_words=its / np.maximum(total, 1e-6),
        my_words=(own * mine).sum(axis=1) / np.maximum(own.sum(axis=1), 1e-6),
        met=its,
        rarest=rarest,
        its_rarest=missing,
        my_rarest=np.where(mine < _MEETS, own, 0.0).max(axis=1),
        first=mine[:, 0],
        words=met.counts[pairs.variant],
    )


def _compare_places(segment: Segment, variants: Variants, pairs: Pairs, found: Array) -> None:
    asked = variants.marks[variants.query[pairs.variant]]
    known, row = segment.places.take(segment.alias_place[pairs.alias])
    same = (known[:, None] == asked[row]).any(axis=1)
    kind = kinds_of(known)
    best = np.full(len(found), -1, dtype=np.int8)
    # Marks of a kind that both have, and that are not the same, differ.
    theirs = np.zeros((len(found), 4), dtype=bool)
    theirs[row, kind] = True
    ours = np.zeros((len(asked), 4), dtype=bool)
    for slot in range(asked.shape[1]):
        given = np.flatnonzero(asked[:, slot])
        ours[given, kinds_of(asked[given, slot])] = True
    best[(theirs & ours).any(axis=1)] = 0
    level = np.where(kind == POSTCODE, 3, np.where(kind == REGION, 1, 2)).astype(np.int8)
    np.maximum.at(best, row[same], level[same])
    _set(found, place=np.where(best < 0, _UNKNOWN, best.astype(np.float32)))


def _ratio(ours: list[str], theirs: list[str], scorer: Callable[..., Any], top: float) -> Array:
    workers = -1 if len(ours) > _MANY else 1
    found: Array = process.cpdist(ours, theirs, scorer=scorer, dtype=np.float32, workers=workers)
    found /= top
    return found


def _compare_letters(
    segment: Segment, variants: Variants, variant: Array, alias: Array, found: Array
) -> None:
    which, where = np.unique(alias, return_inverse=True)
    names = segment.alias_key.take(which)
    plain = [name.replace(" ", "") for name in names]
    at, to = variant.tolist(), where.tolist()
    compact = [key.replace(" ", "") for key in variants.keys]
    ours, theirs = [variants.keys[one] for one in at], [names[one] for one in to]
    mine, its = [compact[one] for one in at], [plain[one] for one in to]
    shorter = np.minimum(
        np.array([len(key) for key in compact])[variant], np.array([len(n) for n in plain])[where]
    )
    _set(
        found,
        sorted=_ratio(ours, theirs, fuzz.token_sort_ratio, 100),
        compact=_ratio(mine, its, fuzz.ratio, 100),
        beginning=_ratio(mine, its, JaroWinkler.similarity, 1),
        part=_ratio(mine, its, fuzz.partial_ratio, 100),
        start=_ratio(mine, its, Prefix.similarity, 1) / np.maximum(shorter, 1),
    )
    _compare_sorts(segment, variants, names, variant, which, where, found)


def _compare_sorts(
    segment: Segment,
    variants: Variants,
    names: list[str],
    variant: Array,
    which: Array,
    where: Array,
    found: Array,
) -> None:
    """Compare the words that tell members of a group, and the figures."""
    ours = [_sorts(words) for words in variants.words]
    words, row = segment.alias_words.take(which)
    told = np.bincount(row, segment.word_telling[words], minlength=len(which)) > 0
    theirs = [
        _sorts(name.split()) if one else _NEITHER
        for name, one in zip(names, told.tolist(), strict=True)
    ]
    telling = np.array([one != _NEITHER for one in ours], dtype=bool)[variant] | told[where]
    group = np.zeros(len(found), dtype=np.float32)
    figures = np.zeros(len(found), dtype=np.float32)
    for at in np.flatnonzero(telling).tolist():
        mine, its = ours[variant[at]], theirs[where[at]]
        group[at] = len(mine[0] ^ its[0])
        if mine[1] != its[1]:
            figures[at] = 2 if mine[1] and its[1] else 1
    _set(found, group=group, figures=figures)


def _sorts(words: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that tell companies of a group apart, and those with figures."""
    return (
        GROUP_WORDS.intersection(words),
        frozenset(word for word in words if _FIGURE.search(word)),
    )


def _agreement(asked: str | None, form: str, *, stated: bool) -> float:
    if asked and form:
        if asked == form:
            return 3
        return 2 if any({asked, form} <= akin for akin in FORMS_AKIN) else 0
    return 1 if stated and not asked else np.nan


def _compare_facts(
    segment: Segment, variants: Variants, variant: Array, alias: Array, found: Array
) -> None:
    query = variants.query[variant]
    forms = sorted({one.form for one in variants.asked if one.form})
    place = {form: at + 1 for at, form in enumerate(forms)}
    asked = np.array([place[one.form] if one.form else 0 for one in variants.asked])[query]
    table = np.array(
        [
            [
                [_agreement(one, form, stated=stated) for stated in (False, True)]
                for form in segment.forms
            ]
            for one in (None, *forms)
        ],
        dtype=np.float32,
    ).reshape(len(forms) + 1, -1, 2)
    unit = segment.alias_unit[alias]
    streets = np.array([one.street for one in variants.asked], dtype=np.uint32)[query]
    sites = np.array([one.site for one in variants.asked], dtype=np.uint32)[query]
    _set(
        found,
        form=table[asked, segment.alias_form[alias], segment.alias_stated[alias].astype(np.int8)],
        street=_same(streets, segment.unit_street[unit]),
        site=_same(sites, segment.unit_site[unit]),
        kind=segment.alias_kind[alias],
        reading=variants.reading[variant],
        living=segment.unit_living[unit],
        namesakes=np.log2(np.maximum(segment.key_units[alias], 1)),
    )


def _same(asked: Array, known: Array) -> Array:
    both = (asked != 0) & (known != 0)
    return np.where(both, (asked == known).astype(np.float32), _UNKNOWN)
