"""Bootstrap intervals of ratios, over groups of rows that belong together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DRAWS", "Ratio", "mean", "ratio"]

DRAWS = 2_000
_SEED = 20_240_229
_LOW, _HIGH = 0.025, 0.975
#: Cells drawn at a time, to keep memory small.
_CHUNK = 4_000_000

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A ratio of two sums and its 95 % interval; all three None where there is nothing to divide.

    Attributes:
        value: the ratio. low, high: the interval. of: the sum that it was divided by.
    """

    value: float | None
    low: float | None
    high: float | None
    of: float


def mean(values: Sequence[float], groups: Sequence[Hashable] | None = None) -> Ratio:
    """Return the mean of ``values``; see :func:`ratio`."""
    return ratio(values, [1.0] * len(values), groups)


def ratio(
    parts: Sequence[float], wholes: Sequence[float], groups: Sequence[Hashable] | None = None
) -> Ratio:
    """Return sum(parts) / sum(wholes) with a percentile bootstrap interval.

    Whole groups are drawn, so that an organisation with ten queries does not pass for ten
    witnesses. The order of the rows and the names of the groups do not matter.

    All draws of a ratio that is 0, or 1, in every group are alike; there the interval ends at the
    exact bound for a share that was not met once in so many groups (Clopper and Pearson 1934).

    Args:
        parts: of each row.
        wholes: of each row.
        groups: of each row; None: every row is a group of its own.
    """
    top, bottom = _sums(parts, wholes, groups)
    whole = float(bottom.sum())
    if whole == 0:
        return Ratio(value=None, low=None, high=None, of=0.0)
    value = float(top.sum()) / whole
    draws = _draws(top, bottom)
    # In small samples the quantiles of the draws may leave the value out; an interval may not.
    low = min(value, float(np.quantile(draws, _LOW)))
    high = max(value, float(np.quantile(draws, _HIGH)))
    # Where nothing ever went wrong (or right) the draws know no doubt; the binomial does.
    doubt = 1.0 - _LOW ** (1.0 / int((bottom > 0).sum()))
    if not top.any():
        high = doubt
    elif np.array_equal(top, bottom):
        low = 1.0 - doubt
    return Ratio(value=value, low=low, high=high, of=whole)


def _sums(
    parts: Sequence[float], wholes: Sequence[float], groups: Sequence[Hashable] | None
) -> tuple[_Floats, _Floats]:
    """Return the sums of each group, in an order that depends on these alone."""
    top = np.asarray(parts, dtype=np.float64)
    bottom = np.asarray(wholes, dtype=np.float64)
    number: dict[Hashable, int] = {}
    keys = range(len(top)) if groups is None else groups
    group = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)
    # Floating-point sums depend on the order of their terms.
    order = np.lexsort((bottom, top))
    above = np.bincount(group[order], top[order], minlength=len(number)).astype(np.float64)
    below = np.bincount(group[order], bottom[order], minlength=len(number)).astype(np.float64)
    order = np.lexsort((below, above))
    return above[order], below[order]


def _draws(top: _Floats, bottom: _Floats) -> _Floats:
    """Return the ratios of :data:`DRAWS` samples of groups, drawn with replacement."""
    dice = np.random.default_rng(_SEED)
    size = len(top)
    step = max(1, _CHUNK // size)
    found = []
    for start in range(0, DRAWS, step):
        drawn = dice.integers(0, size, size=(min(step, DRAWS - start), size))
        above, below = top[drawn].sum(axis=1), bottom[drawn].sum(axis=1)
        # A sample in which nothing was claimed says nothing about how right claims are.
        found.append(above[below > 0] / below[below > 0])
    ratios: _Floats = np.concatenate(found)
    return ratios
