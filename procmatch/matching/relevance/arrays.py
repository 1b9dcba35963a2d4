"""The two kinds of matrices here: dense points, and sparse vectors (SciPy is not typed)."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Points", "Sparse", "spans"]

#: Needs x firms, or texts x classes.
Points: TypeAlias = npt.NDArray[Any]
#: Rows of features (CSR).
Sparse: TypeAlias = Any


def spans(ends: Points, rows: Points) -> tuple[Points, Points]:
    """Return where the elements of some rows lie, one row after another, and where each begins.

    Args:
        ends: row -> its elements, as in CSR.
        rows: which, in any order.
    """
    lengths = np.diff(ends)[rows]
    starts = np.append(0, np.cumsum(lengths))
    return np.arange(starts[-1]) + np.repeat(ends[:-1][rows] - starts[:-1], lengths), starts
