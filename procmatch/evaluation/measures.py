"""Measures of ranked answers. Nothing here knows what is ranked.

Ties count against the system: a right answer that shares its score with others stands behind them.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

__all__ = ["Retrieval", "ranks", "retrieval"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """How well one query was answered by its ranked list; each 0..1.

    Attributes:
        recall_1, recall_10: share of the right answers within the first 1 and 10 (R@1, R@10).
        reciprocal_rank: one over the rank of the best right answer, 0 where none is listed.
    """

    recall_1: float
    recall_10: float
    reciprocal_rank: float


def ranks(scores: Mapping[str, float], wanted: Collection[str]) -> list[int]:
    """Return the ranks, from 1, of the wanted answers that were listed, best first.

    Each stands at the worst place within its tie; of several wanted ones, no two share a place.
    """
    ascending = sorted(-score for score in scores.values())
    found = sorted(bisect.bisect_right(ascending, -scores[one]) for one in wanted if one in scores)
    return [max(rank, at) for at, rank in enumerate(found, start=1)]


def recall_at(found: Collection[int], wanted: int, depth: int) -> float:
    """Return the share of ``wanted`` answers whose ranks, ``found``, are within ``depth``."""
    return sum(rank <= depth for rank in found) / wanted


def retrieval(scores: Mapping[str, float], wanted: Collection[str]) -> Retrieval:
    """Measure one ranked list.

    Args:
        scores: of every candidate listed; higher is better.
        wanted: the right answers, at least one.
    """
    found = ranks(scores, wanted)
    return Retrieval(
        recall_1=recall_at(found, len(wanted), 1),
        recall_10=recall_at(found, len(wanted), 10),
        reciprocal_rank=1 / min(found, default=math.inf),
    )
