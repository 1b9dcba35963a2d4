"""Whether a value a year is within what a firm can carry: its turnover says so."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.places import NEUTRAL
from procmatch.matching.relevance.records import Firm, Need

__all__ = ["EASY", "LEAST_TURNOVER", "SPAN", "carried", "carries"]

#: A firm that turned over nothing yet can carry little, not infinitely less.
LEAST_TURNOVER = 100_000.0
#: Up to this share of a year's turnover is carried with ease; so much more, and nothing is left.
EASY, SPAN = 0.5, 2.5


def carries(yearly: float | None, turnover: float | None) -> float:
    """Return points 0..1 for a value a year against a turnover a year; unknown is neutral."""
    if yearly is None or turnover is None or math.isnan(turnover):
        return NEUTRAL
    load = yearly / max(turnover, LEAST_TURNOVER)
    return 1.0 if load <= EASY else max(0.0, 1 - (load - EASY) / SPAN)


def carried(needs: Sequence[Need], firms: Sequence[Firm]) -> Points:
    """Return :func:`carries` for needs x firms."""
    found = [[carries(need.yearly, firm.turnover) for firm in firms] for need in needs]
    return np.array(found, dtype=np.float32).reshape(len(needs), len(firms))
