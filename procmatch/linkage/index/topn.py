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

__all__ = ["LARGEST_ASKED", "LARGEST_WEIGHT", "Hits", "Matrix", "best_products"]

#: Weights of items, and of what is asked, are whole numbers up to these: products of 20 bits, of
#: which 16 add up without loss in the 24 bits of a float.
LARGEST_WEIGHT, LARGEST_ASKED = 4095, 255
#: From so many rows on the compiled product, which costs the same for one row as for ten, pays.
MANY = 16
_ROW_BITS, _SCORE_BITS, _ITEM_BITS = 17, 24, 22
_MOST_SCORE = (1 << _SCORE_BITS) - 1
#: Items whose sums fit into the cache of a processor's core (8 bytes each).
BLOCK = 1 << 17


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
    rows = len(lists.ends) - 1
    row, item, score = _products(matrix, lists, weights, n + 1)
    row, item, score = _sorted(row, item, score)
    starts = np.searchsorted(row, np.arange(rows + 1))
    full = np.flatnonzero(np.diff(starts) > n)
    floor = np.zeros(rows, dtype=np.float32)
    floor[full] = score[starts[full] + n]
    above = score > floor[row]
    kept = np.bincount(row[above], minlength=rows)
    crowded = full[kept[full] < n / 2]
    above &= ~np.isin(row, crowded)
    alone = [_one(matrix, lists, weights, int(one), n) for one in crowded]
    found = [Hits(row[above], item[above], score[above]), _join(alone)] if alone else None
    if found is None:
        return Hits(row[above], item[above], score[above])
    row, item, score = (
        np.concatenate([getattr(one, name) for one in found]) for name in Hits.__slots__
    )
    return Hits(*_sorted(row, item, score))


def _sorted(row: Array, item: Array, score: Array) -> tuple[Array, Array, Array]:
    """Sort by row, score falling, item. Scores are whole numbers: all three fit into one."""
    if len(row) and (int(row.max()) >> _ROW_BITS or int(item.max()) >> _ITEM_BITS):
        order = np.lexsort((item, -score, row))
        return row[order], item[order], score[order]
    lacking = _MOST_SCORE - score.astype(np.int64)
    packed = np.sort(row << (_SCORE_BITS + _ITEM_BITS) | lacking << _ITEM_BITS | item)
    lacking = (packed >> _ITEM_BITS) & _MOST_SCORE
    return (
        packed >> (_SCORE_BITS + _ITEM_BITS),
        packed & ((1 << _ITEM_BITS) - 1),
        (_MOST_SCORE - lacking).astype(np.float32),
    )


def _products(matrix: Matrix, lists: Lists, weights: Floats, n: int) -> tuple[Array, Array, Array]:
    """Return the best ``n`` items of each row within each block of items.

    Only features that are asked for are looked at, and items block by block, so that the sums of
    a block stay in the processor's cache.
    """
    rows = len(lists.ends) - 1
    features, local = np.unique(lists.values, return_inverse=True)
    starts = matrix.lists.ends[features]
    where, owner = spans(starts, matrix.lists.ends[features + 1] - starts)
    items, values = matrix.lists.values[where], matrix.weights[where]
    asked = csr_matrix(
        (weights.astype(np.float32), local.astype(np.int32), lists.ends.astype(np.int32)),
        shape=(rows, len(features)),
    )
    found: list[tuple[Array, Array, Array]] = []
    for base in range(0, matrix.items, BLOCK):
        inside = np.flatnonzero((items >= base) & (items < base + BLOCK))
        if not len(inside):
            continue
        ends = np.searchsorted(owner[inside], np.arange(len(features) + 1))
        laid = csr_matrix(
            (values[inside], (items[inside] - base).astype(np.int32), ends.astype(np.int32)),
            shape=(len(features), min(BLOCK, matrix.items - base)),
        )
        hits = sp_matmul_topn(asked, laid, top_n=n, n_threads=os.cpu_count() or 1)
        row = np.repeat(np.arange(rows, dtype=np.int64), np.diff(hits.indptr))
        found.append((row, hits.indices[: len(row)].astype(np.int64) + base, hits.data[: len(row)]))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none.astype(np.float32)
    row, item, score = (np.concatenate([one[at] for one in found]) for at in range(3))
    return row, item, score
