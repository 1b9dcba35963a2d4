"""Sparse products, the best few of each row: the same answer for one row as for many.

All weights are whole numbers small enough that every sum is exact in 32-bit floats. So neither
the order of adding nor the machine's arithmetic changes an answer, and rows can be counted by a
compiled library when there are many, and by plain array look-ups when there are few.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from procmatch.linkage.index.columns import Array, Floats, Lists, spans

__all__ = ["LARGEST_WEIGHT", "Hits", "Matrix", "best_products"]

#: Weights on either side are whole numbers up to this: products of 20 bits, of which 16 add up
#: without loss in the 24 bits of a float.
LARGEST_WEIGHT = 1023
#: From so many rows on the compiled product, which costs the same for one row as for ten, pays.
MANY = 16


@dataclass(frozen=True, slots=True)
class Matrix:
    """Weights by feature (row) and item (column).

    Attributes:
        lists: the items of each feature, in ascending order. weights: of each of these.
        items: how many items there are.
    """

    lists: Lists
    weights: Floats
    items: int


@dataclass(frozen=True, slots=True)
class Hits:
    """The best items of each row.

    Attributes:
        row: which row. item: which item. score: the product. Sorted by row, score falling, item.
    """

    row: Array
    item: Array
    score: Array


def best_products(matrix: Matrix, lists: Lists, weights: Floats, n: int) -> Hits:
    """Return the ``n`` items of the greatest product with each row.

    Where the last place is shared by more items than there is room for, all that share it are
    left out, unless that would leave fewer than half; then the first by position are kept.

    Args:
        matrix: features by items.
        lists: the features of each row.
        weights: of each of these.
        n: how many at most.
    """
    rows = len(lists.ends) - 1
    if not rows or not len(lists.values) or not matrix.items:
        none = np.zeros(0, dtype=np.int64)
        return Hits(none, none, none.astype(np.float32))
    if rows < MANY:
        return _join([_one(matrix, lists, weights, row, n) for row in range(rows)])
    return _many(matrix, lists, weights, n)


def _join(found: list[tuple[int, Array, Array]]) -> Hits:
    rows = [np.full(len(items), row, dtype=np.int64) for row, items, _scores in found]
    return Hits(
        np.concatenate(rows),
        np.concatenate([items for _row, items, _scores in found]),
        np.concatenate([scores for _row, _items, scores in found]),
    )


def _one(
    matrix: Matrix, lists: Lists, weights: Floats, row: int, n: int
) -> tuple[int, Array, Array]:
    features = lists[row]
    own = weights[lists.ends[row] : lists.ends[row + 1]]
    starts = matrix.lists.ends[features]
    where, owner = spans(starts, matrix.lists.ends[features + 1] - starts)
    items, score = _sums(matrix.lists.values[where], matrix.weights[where] * own[owner])
    if len(items) > n + 1:
        # Everything from the (n + 1)th score on; ties at that score come along.
        floor = np.partition(score, len(score) - n - 1)[len(score) - n - 1]
        near = score >= floor
        items, score = items[near], score[near]
    order = np.lexsort((items, -score))
    kept = order[: _cut(score[order], n)]
    return row, items[kept], score[kept]


def _sums(items: Array, products: Array) -> tuple[Array, Array]:
    order = np.argsort(items, kind="stable")
    items, products = items[order], products[order]
    if not len(items):
        return items.astype(np.int64), products
    firsts = np.flatnonzero(np.concatenate(([True], items[1:] != items[:-1])))
    return items[firsts].astype(np.int64), np.add.reduceat(products, firsts)


def _cut(falling: Array, n: int) -> int:
    """Return how many of these falling scores to keep."""
    if len(falling) <= n:
        return len(falling)
    above = int(np.searchsorted(-falling, -falling[n], side="left"))
    return above if above >= n / 2 else n


def _many(matrix: Matrix, lists: Lists, weights: Floats, n: int) -> Hits:
    rows, features = len(lists.ends) - 1, len(matrix.lists.ends) - 1
    asked = csr_matrix(
        (weights.astype(np.float32), lists.values.astype(np.int32), lists.ends.astype(np.int32)),
        shape=(rows, features),
        copy=False,
    )
    laid = csr_matrix(
        (matrix.weights, matrix.lists.values, matrix.lists.ends.astype(np.int32)),
        shape=(features, matrix.items),
        copy=False,
    )
    found = sp_matmul_topn(asked, laid, top_n=n + 1, sort=True, n_threads=os.cpu_count() or 1)
    counts = np.diff(found.indptr)
    row = np.repeat(np.arange(rows, dtype=np.int64), counts)
    item, score = found.indices[: len(row)].astype(np.int64), found.data[: len(row)]
    order = np.lexsort((item, -score, row))
    row, item, score = row[order], item[order], score[order]
    full = np.flatnonzero(counts > n)
    last = score[found.indptr[full + 1].astype(np.int64) - 1]
    floor = np.zeros(rows, dtype=np.float32)
    floor[full] = last
    above = score > floor[row]
    kept = np.bincount(row[above], minlength=rows)
    crowded = full[kept[full] < n / 2]
    above &= ~np.isin(row, crowded)
    parts = [(-1, item[above], score[above])]
    alone = [_one(matrix, lists, weights, int(one), n) for one in crowded]
    rows_of = [row[above], *(np.full(len(i), at, dtype=np.int64) for at, i, _s in alone)]
    parts += alone
    row = np.concatenate(rows_of)
    item = np.concatenate([items for _at, items, _s in parts])
    score = np.concatenate([scores for _at, _i, scores in parts])
    order = np.lexsort((item, -score, row))
    return Hits(row[order], item[order], score[order])
