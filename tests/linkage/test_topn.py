from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from procmatch.linkage.index.columns import Lists
from procmatch.linkage.index.topn import (
    LARGEST_ASKED,
    LARGEST_WEIGHT,
    MANY,
    Hits,
    Matrix,
    best_products,
)

_WEIGHTS = st.integers(1, LARGEST_ASKED)


def _lists(rows: list[dict[int, int]]) -> tuple[Lists, np.ndarray[Any, Any]]:
    values = [key for row in rows for key in sorted(row)]
    weights = [row[key] for row in rows for key in sorted(row)]
    counts = [len(row) for row in rows]
    return Lists.of(counts, np.array(values, dtype=np.int64)), np.array(weights, dtype=np.float32)


def _matrix(rows: list[dict[int, int]], items: int) -> Matrix:
    lists, weights = _lists(rows)
    return Matrix(Lists(lists.ends, lists.values.astype(np.int32)), weights, items)


def _as_lists(hits: Hits, rows: int) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[] for _ in range(rows)]
    for row, item, score in zip(hits.row, hits.item, hits.score, strict=True):
        found[int(row)].append((int(item), float(score)))
    return found


def _plain(matrix: list[dict[int, int]], row: dict[int, int], n: int) -> list[tuple[int, float]]:
    scores: dict[int, float] = {}
    for feature, weight in row.items():
        for item, other in matrix[feature].items():
            scores[item] = scores.get(item, 0.0) + weight * other
    ranked = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    if len(ranked) > n:
        above = [one for one in ranked if one[1] > ranked[n][1]]
        ranked = above if len(above) >= n / 2 else ranked[:n]
    return ranked


_FEATURES, _ITEMS = 6, 30
_MATRICES = st.lists(
    st.dictionaries(st.integers(0, _ITEMS - 1), st.sampled_from([1, 2, 500, LARGEST_WEIGHT])),
    min_size=_FEATURES,
    max_size=_FEATURES,
)
_ROWS = st.lists(
    st.dictionaries(st.integers(0, _FEATURES - 1), _WEIGHTS, max_size=4), max_size=2 * MANY
)


@settings(deadline=None)
@given(_MATRICES, _ROWS, st.integers(1, 8))
def test_the_best_products_are_the_same_one_by_one_as_together(
    matrix: list[dict[int, int]], rows: list[dict[int, int]], n: int
) -> None:
    laid = _matrix(matrix, _ITEMS)
    together = _as_lists(best_products(laid, *_lists(rows), n), len(rows))
    alone = [_as_lists(best_products(laid, *_lists([row]), n), 1)[0] for row in rows]
    assert together == alone
    assert together == [_plain(matrix, row, n) for row in rows]


def test_nothing_asked_or_nothing_known_finds_nothing() -> None:
    assert not len(best_products(_matrix([{}], 0), *_lists([{0: 1}]), 3).row)
    assert not len(best_products(_matrix([{0: 1}], 1), *_lists([]), 3).row)
    assert not len(best_products(_matrix([{0: 1}], 1), *_lists([{}] * MANY), 3).row)


def test_a_tie_for_the_last_place_is_left_out_unless_little_else_is_there() -> None:
    laid = _matrix([{0: 9, 1: 8, 2: 1, 3: 1, 4: 1}], 5)
    items = [item for item, _score in _as_lists(best_products(laid, *_lists([{0: 1}]), 3), 1)[0]]
    assert items == [0, 1]
    level = _matrix([dict.fromkeys(range(5), 1)], 5)
    items = [item for item, _score in _as_lists(best_products(level, *_lists([{0: 1}]), 3), 1)[0]]
    assert items == [0, 1, 2]
