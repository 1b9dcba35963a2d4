"""A need against a segment: points times weights, as the inner loops read them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from procmatch.matching.index.kernel import Ask, Carry
from procmatch.matching.index.segment import Segment
from procmatch.matching.relevance.capacity import EASY, LEAST_TURNOVER, SPAN
from procmatch.matching.relevance.places import NEUTRAL
from procmatch.matching.relevance.policy import RelevancePolicy
from procmatch.matching.relevance.records import Need

__all__ = ["asking", "shares"]

#: Goods go this much farther than people travel to their work.
_BY_VAN = 1.5
_CARRY = Carry(NEUTRAL, LEAST_TURNOVER, EASY, SPAN)


def shares(policy: RelevancePolicy) -> dict[str, float]:
    """Return each criterion's share of the whole; those that look at past awards have none."""
    kept = policy.without_history()
    return {row.name: row.weight / kept.total if kept.total else 0.0 for row in kept.rows}


def asking(segment: Segment, need: Need, share: Mapping[str, float], radius_km: float) -> Ask:
    """Return a need as the inner loops read it.

    Args:
        segment: the firms.
        need: what is asked for.
        share: what each criterion counts.
        radius_km: how far a firm normally travels.
    """
    words = segment.wording.ask(need)
    sites = segment.sites
    return Ask(
        word=words.words,
        word_value=words.values * np.float32(share["words"]),
        word_times=words.times,
        strange=words.strange,
        strange_times=words.strange_times,
        branch=words.branches + np.int32(len(segment.wording.stems)),
        branch_value=words.branch_values * np.float32(share["branch"]),
        letters=share["subwords"],
        trade=segment.trades.answers(need) * np.float32(share["trade"]),
        by_van=segment.trades.by_van(need),
        near=sites.points(need, radius_km),
        far=sites.points(need, _BY_VAN * radius_km),
        place=share["place"],
        capacity=share["capacity"],
        yearly=math.nan if need.yearly is None else need.yearly,
        carry=_CARRY,
    )
