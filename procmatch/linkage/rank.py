"""From queries to ranked units: search, compare, score, over all segments of a register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.linkage.features import FEATURES, compare
from procmatch.linkage.index.columns import Array
from procmatch.linkage.index.segment import Segment
from procmatch.linkage.query import Asked
from procmatch.linkage.retrieve import retrieve
from procmatch.linkage.variants import Variants, read
from procmatch.model.organisation import OrgId

__all__ = ["MOST_COMPARED", "Part", "Ranked", "Score", "probabilities", "rank"]

#: Names compared by their letters, for each reading.
MOST_COMPARED = 10
Score = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment of the register, and which of its units are gone or laid out anew elsewhere."""

    segment: Segment
    gone: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Units that queries may mean: for each query the best first, each unit once.

    Attributes:
        variants: the readings of the queries.
        query: which query. part, unit, alias: the unit, and the name by which it was met.
        variant: the reading that met it. features: of the pair. score: log odds of the pair.
        ends: where the units of each query lie.
    """

    variants: Variants
    query: Array
    part: Array
    unit: Array
    alias: Array
    variant: Array
    features: Array
    score: Array
    ends: Array

    def of(self, query: int) -> range:
        """Return the rows of a query."""
        return range(int(self.ends[query]), int(self.ends[query + 1]))


def rank(
    parts: Sequence[Part],
    asked: Sequence[Asked],
    score: Score,
    *,
    names: int,
    only: Sequence[Sequence[OrgId]] | None = None,
) -> Ranked:
    """Rank units.

    Args:
        parts: the register.
        asked: the queries.
        score: features to log odds.
        names: of the whole register.
        only: for each query the units to rank; None searches for them.
    """
    variants = read(asked)
    columns: list[tuple[Array, ...]] = []
    for at, part in enumerate(parts):
        pairs = retrieve(part.segment, variants, names=names, only=only)
        if part.gone.any():
            living = ~part.gone[part.segment.alias_unit[pairs.alias]]
            pairs = pairs.where(living)
        most = MOST_COMPARED if only is None else None
        kept, features = compare(part.segment, variants, pairs, most=most)
        alias = pairs.alias[kept]
        unit = part.segment.alias_unit[alias].astype(np.int64)
        columns.append((np.full(len(kept), at), unit, alias, pairs.variant[kept], features))
    place, unit, alias, variant = (
        np.concatenate([column[at] for column in columns]) for at in range(4)
    )
    features = np.concatenate([column[4] for column in columns]).reshape(-1, len(FEATURES))
    return _best_of_each(variants, place, unit, alias, variant, features, score(features))


def _best_of_each(
    variants: Variants,
    place: Array,
    unit: Array,
    alias: Array,
    variant: Array,
    features: Array,
    score: Array,
) -> Ranked:
    # Scores that differ by less than this differ by rounding.
    score = np.round(score.astype(np.float64), 6)
    query = variants.query[variant]
    order = np.lexsort((variant, alias, -score, unit, place, query))
    first = np.ones(len(order), dtype=bool)
    same = [column[order] for column in (query, place, unit)]
    first[1:] = np.logical_or.reduce([one[1:] != one[:-1] for one in same])
    best = order[first]
    best = best[np.lexsort((unit[best], place[best], -score[best], query[best]))]
    ends = np.searchsorted(query[best], np.arange(len(variants.asked) + 1))
    return Ranked(
        variants=variants,
        query=query[best],
        part=place[best],
        unit=unit[best],
        alias=alias[best],
        variant=variant[best],
        features=features[best],
        score=score[best],
        ends=ends,
    )


def probabilities(ranked: Ranked) -> Array:
    """Return how likely each unit is meant, beside the others found and nobody at all.

    Two units that fit equally well share what there is to share: neither passes a half.
    """
    odds = np.exp(np.clip(ranked.score, -30, 30))
    total = 1.0 + np.add.reduceat(np.append(odds, 0.0), ranked.ends[:-1]) * (
        np.diff(ranked.ends) > 0
    )
    found: Array = odds / total[ranked.query]
    return found
