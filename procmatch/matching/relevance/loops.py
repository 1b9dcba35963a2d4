"""Passes over a whole register, compiled by Numba when they are first used.

All compiled code of a kind stands in one file: what Numba keeps on disk is renewed when the file
changes, not when another file does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = [
    "compiled", "first_met", "holders", "normalise", "peaks", "run_lengths", "side_by_side",
    "spread", "spread_counts", "taken_rows",
]  # fmt: skip

Array = npt.NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile a loop; what is compiled is kept on disk where there is a place to write."""
    try:
        found = njit(nogil=True, cache=True)(function)
    except RuntimeError:
        # Neither the installed package nor the user's cache can be written.
        found = njit(nogil=True)(function)
    return cast("Function", found)


@compiled
def spread_counts(
    starts: Array, tokens: Array, part_at: Array, part_id: Array, columns: int
) -> Array:
    """Return where each text's parts begin in a list of all (int64, one more than texts).

    Args:
        starts: text -> its tokens, as in CSR.
        tokens: of all texts; a token may come several times.
        part_at: token -> its parts, as in CSR.
        part_id: of all tokens.
        columns: how many parts there are.
    """
    seen = np.full(columns, -1, dtype=np.int64)
    found = np.zeros(len(starts), dtype=np.int64)
    for text in range(len(starts) - 1):
        count = 0
        for at in range(starts[text], starts[text + 1]):
            for part in range(part_at[tokens[at]], part_at[tokens[at] + 1]):
                if seen[part_id[part]] != text:
                    seen[part_id[part]] = text
                    count += 1
        found[text + 1] = found[text] + count
    return found


@compiled
def spread(
    starts: Array,
    tokens: Array,
    part_at: Array,
    part_id: Array,
    part_value: Array,
    ends: Array,
    columns: int,
    many: int,
    damp_tokens: bool,  # noqa: FBT001
) -> tuple[Array, Array]:
    """Return the parts of each text and how much each counts, as CSR with ``ends``.

    Args:
        starts: text -> its tokens, as in CSR.
        tokens: of all texts; a token may come several times.
        part_at: token -> its parts, as in CSR.
        part_id: of all tokens.
        part_value: how much each counts.
        ends: what :func:`spread_counts` gave.
        columns: how many parts there are.
        many: how many tokens there are.
        damp_tokens: whether a token that comes often counts by the logarithm of how often, else a
            part does.
    """
    ids = np.empty(ends[-1], dtype=np.int32)
    values = np.empty(ends[-1], dtype=np.float32)
    sums = np.zeros(columns, dtype=np.float64)
    times = np.zeros(many, dtype=np.int32)
    for text in range(len(starts) - 1):
        for at in range(starts[text], starts[text + 1]):
            times[tokens[at]] += 1
        place = ends[text]
        for at in range(starts[text], starts[text + 1]):
            token = tokens[at]
            if times[token] == 0:
                continue
            weight = 1.0 + math.log(times[token]) if damp_tokens else float(times[token])
            times[token] = 0
            for part in range(part_at[token], part_at[token + 1]):
                if sums[part_id[part]] == 0.0:
                    ids[place] = part_id[part]
                    place += 1
                sums[part_id[part]] += weight * part_value[part]
        for at in range(ends[text], place):
            total = sums[ids[at]]
            sums[ids[at]] = 0.0
            values[at] = total if damp_tokens else 1.0 + math.log(total)
    return ids, values


@compiled
def normalise(ends: Array, ids: Array, values: Array, rarity: Array) -> None:
    """Weigh the values of each row by rarity and bring it to length one; empty rows stay."""
    for row in range(len(ends) - 1):
        square = 0.0
        for at in range(ends[row], ends[row + 1]):
            value = values[at] * rarity[ids[at]]
            values[at] = value
            square += value * value
        if square > 0.0:
            scale = 1.0 / math.sqrt(square)
            for at in range(ends[row], ends[row + 1]):
                values[at] *= scale


@compiled
def run_lengths(
    ends: Array,
    ids: Array,
    values: Array,
    rarity: Array,
    run_at: Array,
    run_id: Array,
    run_value: Array,
    runs: int,
) -> Array:
    """Return the length of each row as a vector of runs of letters (float32).

    Args:
        ends: row -> its words, as in CSR.
        ids: of all rows.
        values: weighed by rarity.
        rarity: of each word; it is taken out again.
        run_at: word -> its runs, as in CSR.
        run_id: of all words.
        run_value: weighed by their own rarity.
        runs: how many there are.
    """
    found = np.zeros(len(ends) - 1, dtype=np.float32)
    sums = np.zeros(runs, dtype=np.float64)
    for row in range(len(ends) - 1):
        for at in range(ends[row], ends[row + 1]):
            word = ids[at]
            weight = values[at] / rarity[word]
            for run in range(run_at[word], run_at[word + 1]):
                sums[run_id[run]] += weight * run_value[run]
        square = 0.0
        for at in range(ends[row], ends[row + 1]):
            for run in range(run_at[ids[at]], run_at[ids[at] + 1]):
                value = sums[run_id[run]]
                square += value * value
                sums[run_id[run]] = 0.0
        found[row] = math.sqrt(square)
    return found


@compiled
def taken_rows(starts: Array, values: Array, order: Array) -> tuple[Array, Array]:
    """Return the rows of a CSR in another order: starts (int64) and values."""
    ends = np.zeros(len(order) + 1, dtype=np.int64)
    for row in range(len(order)):
        ends[row + 1] = ends[row] + starts[order[row] + 1] - starts[order[row]]
    found = np.empty(ends[-1], dtype=values.dtype)
    for row in range(len(order)):
        begin = starts[order[row]]
        for at in range(ends[row], ends[row + 1]):
            found[at] = values[begin + at - ends[row]]
    return ends, found


@compiled
def first_met(numbers: Array, many: int) -> Array:
    """Return the ``many`` numbers in the order in which they are met; all of them are."""
    seen = np.zeros(many, dtype=np.uint8)
    found = np.empty(many, dtype=np.int32)
    size = 0
    for at in range(len(numbers)):
        if seen[numbers[at]] == 0:
            seen[numbers[at]] = 1
            found[size] = numbers[at]
            size += 1
    return found[:size]


@compiled
def side_by_side(
    branch_at: Array,
    branch_id: Array,
    branch_value: Array,
    word_at: Array,
    word_id: Array,
    word_value: Array,
    prefixes: int,
    common: int,
) -> tuple[Array, Array, Array, Array]:
    """Return branches and words as one CSR: row starts, where rare words begin, ids, values.

    Args:
        branch_at: text -> its branches, as in CSR.
        branch_id: of all texts.
        branch_value: how much each counts.
        word_at: text -> its words, as in CSR.
        word_id: of all texts; they are numbered after the branches.
        word_value: how much each counts.
        prefixes: how many branches there are.
        common: words below this come before the others.
    """
    rows = len(word_at) - 1
    row_at = np.zeros(rows + 1, dtype=np.int32)
    row_mid = np.zeros(rows, dtype=np.int32)
    ids = np.empty(len(branch_id) + len(word_id), dtype=np.int32)
    values = np.empty(len(ids), dtype=np.float32)
    place = 0
    for row in range(rows):
        for at in range(branch_at[row], branch_at[row + 1]):
            ids[place] = branch_id[at]
            values[place] = branch_value[at]
            place += 1
        for rare in range(2):
            if rare:
                row_mid[row] = place
            for at in range(word_at[row], word_at[row + 1]):
                if (word_id[at] >= common) == (rare == 1):
                    ids[place] = prefixes + word_id[at]
                    values[place] = word_value[at]
                    place += 1
        row_at[row + 1] = place
    return row_at, row_mid, ids, values


@compiled
def holders(
    row_at: Array,
    row_id: Array,
    row_value: Array,
    stretch: Array,
    peak: Array,
    before: int,
    columns: int,
    most: int,
) -> tuple[Array, Array, Array]:
    """Return column -> rows that hold it (CSC starts and rows); nothing for those of many rows.

    Args:
        row_at: row -> its columns, as in CSR.
        row_id: of all rows.
        row_value: likewise.
        stretch: of each row.
        peak: what :func:`peaks` gave.
        before: columns before the words, which are not stretched.
        columns: how many there are.
        most: rows of a column, at most.

    Returns:
        Starts, rows, and how much each column is in the row, stretched, beside its peak (uint8, 255
        is as much; it is told of columns that have a peak).
    """
    many = np.zeros(columns, dtype=np.int32)
    for at in range(len(row_id)):
        many[row_id[at]] += 1
    starts = np.zeros(columns + 1, dtype=np.int32)
    for column in range(columns):
        starts[column + 1] = starts[column] + (many[column] if many[column] <= most else 0)
    place = starts.copy()
    found = np.empty(starts[-1], dtype=np.int32)
    values = np.full(starts[-1], 255, dtype=np.uint8)
    for row in range(len(row_at) - 1):
        for at in range(row_at[row], row_at[row + 1]):
            column = row_id[at]
            if many[column] <= most:
                found[place[column]] = row
                stretched = column >= before
                if column < len(peak) and peak[column, int(stretched)] > 0.0:
                    part = row_value[at] / peak[column, int(stretched)]
                    part *= stretch[row] if stretched else np.float32(1.0)
                    values[place[column]] = min(255, math.ceil(part * 255))
                place[column] += 1
    return starts, found, values


@compiled
def peaks(row_at: Array, row_id: Array, row_value: Array, stretch: Array, columns: int) -> Array:
    """Return the most that each column is in any row, as it is and stretched (float32, two each).

    Args:
        row_at: row -> its columns, as in CSR.
        row_id: of all rows.
        row_value: likewise.
        stretch: of each row.
        columns: how many of the first ones.
    """
    found = np.zeros((columns, 2), dtype=np.float32)
    for row in range(len(row_at) - 1):
        for at in range(row_at[row], row_at[row + 1]):
            column = row_id[at]
            if column < columns:
                found[column, 0] = max(found[column, 0], row_value[at])
                found[column, 1] = max(found[column, 1], row_value[at] * stretch[row])
    return found
