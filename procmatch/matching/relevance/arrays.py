"""The two kinds of matrices here: dense points, and sparse vectors (SciPy is not typed)."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy.typing as npt

__all__ = ["Points", "Sparse"]

#: Needs x firms, or texts x classes.
Points: TypeAlias = npt.NDArray[Any]
#: Rows of features (CSR).
Sparse: TypeAlias = Any
