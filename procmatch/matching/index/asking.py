"""A need against a segment: points times weights, as the inner loops read them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from procmatch.matching.index.kernel import Ask, Carry
from procmatch.matching.index.segment import Segment
from procmatch.matching.relevance.capacity import EASY, LEAST_TURNOVER, SPAN
from procmatch.matching.relevance.places import BY_VAN, NEUTRAL
from procmatch.matching.relevance.policy import RelevancePolicy
from procmatch.matching.relevance.records import Need

__all__ = ["CRITERIA", "asking", "shares"]

#: What is read of a policy.
CRITERIA = ("trade", "branch", "words", "subwords", "place", "capacity", "size")
_CARRY = Carry(NEUTRAL, LEAST_TURNOVER, EASY, SPAN)


def shares(policy: RelevancePolicy) -> dict[str, float]:
    """Return each criterion's share of the whole; those that look at past awards have none."""
    kept = policy.without_history()
    weights = {row.name: row.weight for row in kept.rows}
    return {name: weights.get(name, 0.0) / kept.total if kept.total else 0.0 for name in CRITERIA}


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
        trade=segment.trades.answers(need),
        trades=share["trade"],
        by_van=segment.trades.by_van(need),
        near=sites.points(need, radius_km),
        far=sites.points(need, BY_VAN * radius_km),
        place=share["place"],
        capacity=share["capacity"],
        yearly=math.nan if need.yearly is None else need.yearly,
        carry=_CARRY,
        size=share["size"],
    )
