"""Learned tables fitted once more to the question itself: which candidate, or nobody?

Boosting judges each pair by itself. Here the candidates of a query compete, as they do when the
score is used. The tables keep their edges, and stay monotone where they were to be so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from procmatch.linkage.index.columns import Array
from procmatch.linkage.model import Model
from training.linkage.collect import Rows

__all__ = ["refined"]

#: How strongly values are held to what was learned of pairs.
_HELD = 2e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the numbers of each table lie in one long row of numbers.

    The first of a table is its lowest value, the last its value where the feature is unknown, those
    between are steps from cell to cell.
    """

    starts: Array
    sizes: Array

    def parts(self, numbers: Array) -> list[Array]:
        return np.split(numbers, self.starts[1:])

    def values(self, numbers: Array) -> list[Array]:
        return [np.append(np.cumsum(part[:-1]), part[-1]) for part in self.parts(numbers)]

    def steps(self, values: Sequence[Array]) -> Array:
        """Return the numbers of tables; also turns gradients by value into those by step."""
        return np.concatenate([np.append(np.diff(v[:-1], prepend=0.0), v[-1]) for v in values])

    def gradient(self, by_value: Sequence[Array]) -> Array:
        return np.concatenate([np.append(np.cumsum(g[-2::-1])[::-1], g[-1]) for g in by_value])


def refined(
    content: Mapping[str, Any],
    model: Model,
    rows: Rows,
    direction: Mapping[str, int],
    *,
    rounds: int = 60,
) -> dict[str, Any]:
    """Return tables fitted to which candidate is right.

    Args:
        content: of a model file. model: the same, read.
        rows: to learn from. direction: by feature, 1 where its table must rise, -1 where fall.
        rounds: of the search, at most.
    """
    tables = model.tables
    sizes = np.array([len(table.values) for table in tables])
    layout = _Layout(starts=np.cumsum(sizes) - sizes, sizes=sizes)
    cells = [_cells(table.edges, rows.features[:, table.column]) for table in tables]
    fixed = model.score(rows.features)
    for table in tables:
        fixed = fixed - table(rows.features)
    filled = np.flatnonzero(np.diff(rows.ends))
    starts, counts = rows.ends[:-1][filled], np.diff(rows.ends)[filled]
    weight = rows.weight[starts]
    total = weight.sum()
    first = layout.steps([table.values for table in tables])

    def loss(numbers: Array) -> tuple[float, Array]:
        values = layout.values(numbers)
        score = fixed.copy()
        for one, cell in zip(values, cells, strict=True):
            score += one[cell]
        odds = np.exp(np.clip(score, -30, 30))
        beside = 1 + np.add.reduceat(odds, starts)
        lost = (weight * np.log(beside)).sum() - (rows.weight * score)[rows.right].sum()
        pull = np.repeat(weight / beside, counts) * odds - rows.weight * rows.right
        by_value = [
            np.bincount(cell, pull, minlength=size) for cell, size in zip(cells, sizes, strict=True)
        ]
        away = numbers - first
        gradient = layout.gradient(by_value) / total + 2 * _HELD * away
        return float(lost / total + _HELD * (away**2).sum()), gradient

    bounds = [bound for table in tables for bound in _bounds(table.values, direction[table.name])]
    found = minimize(
        loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": rounds}
    ).x
    values = dict(zip((table.name for table in tables), layout.values(found), strict=True))
    return {
        **content,
        "features": [
            {
                **table,
                "values": values[table["name"]][:-1].tolist(),
                "missing": float(values[table["name"]][-1]),
            }
            for table in content["features"]
        ],
    }


def _cells(edges: Array, values: Array) -> Array:
    cell = np.searchsorted(edges, values.astype(np.float64))
    found: Array = np.where(np.isnan(values), len(edges) + 1, cell)
    return found


def _bounds(values: Array, direction: int) -> list[tuple[float | None, float | None]]:
    step: tuple[float | None, float | None] = (None, None)
    if direction:
        step = (0.0, None) if direction > 0 else (None, 0.0)
    return [(None, None), *([step] * (len(values) - 2)), (None, None)]
