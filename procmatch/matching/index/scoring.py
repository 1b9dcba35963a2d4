"""What a need gives a firm, criterion by criterion, compiled by Numba when it is first used.

Numba renews what it keeps on disk of ``kernel.py`` when that file changes, not when this one does:
whoever changes this one in a working copy empties ``__pycache__`` beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from procmatch.matching.index.shapes import Array, Ask, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = [
    "bases", "begin", "common", "end", "givens", "inlined", "push", "rare", "texts",
]  # fmt: skip

Function = TypeVar("Function", bound=Callable[..., Any])


def inlined(function: Function) -> Function:
    """Compile a step into its loop: handing over so many arrays takes longer than the step."""
    return cast("Function", njit(inline="always")(function))


#: So many firms are fetched into the processor's memory before they are worked on.
_AHEAD = 64


@compiled
def _fetch_bases(columns: Columns, firms: Array, start: int, stop: int) -> float:
    """Read what :func:`bases` will, each firm apart from the others, so that they come together.

    Firms lie far apart, and the processor would otherwise wait for one after the other.
    """
    trade_at, trade_id, trade_weight = columns.trade_at, columns.trade_id, columns.trade_weight
    site_at, site_id = columns.site_at, columns.site_id
    turnover, sizes, rank = columns.turnover, columns.size, columns.rank
    ids = 0
    values = 0.0
    for at in range(start, stop):
        firm = firms[at]
        ids += trade_id[trade_at[firm]] + site_id[site_at[firm]] + rank[firm]
        values += trade_weight[trade_at[firm]] + turnover[firm] + sizes[firm]
    return ids + values


@compiled
def givens(
    columns: Columns, ask: Ask, scratch: Scratch, firms: Array, size: int, found: Array
) -> None:
    """Fill ``found`` with what trade and place give the first ``size`` firms."""
    # Arrays are taken out of their tuples once: each access through one is counted, and is slow.
    trade_at, trade_id, trade_weight = columns.trade_at, columns.trade_id, columns.trade_weight
    site_at, site_id = columns.site_at, columns.site_id
    points, by_van, near, far = ask.trade, ask.by_van, ask.near, ask.far
    for at in range(size):
        if at % _AHEAD == 0:
            stop = min(size, at + _AHEAD)
            scratch.fetched[0] += _fetch_bases(columns, firms, at, stop)
        firm = firms[at]
        best = 0.0
        van = 0
        for own in range(trade_at[firm], trade_at[firm + 1]):
            value = points[trade_id[own]] * trade_weight[own]
            if value > best:
                best = value
                van = by_van[trade_id[own]]
        place = 0.0
        for own in range(site_at[firm], site_at[firm + 1]):
            place = max(place, far[site_id[own]] if van else near[site_id[own]])
        found[at] = ask.trades * best + place


@compiled
def bases(
    columns: Columns, ask: Ask, scratch: Scratch, firms: Array, size: int, found: Array
) -> None:
    """Fill ``found`` with what trade, place, capacity and size give the first ``size`` firms."""
    givens(columns, ask, scratch, firms, size, found)
    turnover, sizes, rule = columns.turnover, columns.size, ask.carry
    unsized = math.isnan(ask.yearly)
    for at in range(size):
        firm = firms[at]
        carries = rule.unknown
        if not unsized and not math.isnan(turnover[firm]):
            load = ask.yearly / max(turnover[firm], rule.least)
            carries = 1.0 if load <= rule.easy else max(0.0, 1.0 - (load - rule.easy) / rule.span)
        found[at] += ask.capacity * carries + ask.size * sizes[firm]


@compiled
def texts(
    columns: Columns, ask: Ask, scratch: Scratch, firms: Array, size: int, found: Array
) -> None:
    """Fill ``found`` with what words, branches and letters give the first ``size`` firms."""
    common(columns, scratch, firms, size)
    rare(columns, ask, scratch, firms, size)
    texts, alike = scratch.texts, scratch.alike
    for at in range(size):
        found[at] = texts[at] + ask.letters * min(1.0, alike[at] * columns.stretch[firms[at]])


@compiled
def _fetch_rows(columns: Columns, firms: Array, start: int, stop: int) -> float:
    """Read the rows of firms as :func:`_fetch_bases` does the rest."""
    row_at, row_mid, row_id, row_value = (
        columns.row_at, columns.row_mid, columns.row_id, columns.row_value,
    )  # fmt: skip
    ids = 0
    values = 0.0
    for at in range(start, stop):
        firm = firms[at]
        ids += row_at[firm] + row_mid[firm]
        values += columns.stretch[firm]
    for at in range(start, stop):
        begin, end = row_at[firms[at]], row_mid[firms[at]]
        if begin < end:
            middle = (begin + end) >> 1
            ids += row_id[begin] + row_id[middle] + row_id[end - 1]
            values += row_value[begin] + row_value[middle] + row_value[end - 1]
    return ids + values


@compiled
def common(columns: Columns, scratch: Scratch, firms: Array, size: int) -> None:
    """Fill ``texts`` and ``alike`` with what branches and common words give."""
    row_at, row_mid, row_id, row_value = (
        columns.row_at, columns.row_mid, columns.row_id, columns.row_value,
    )  # fmt: skip
    said, texts, alike = scratch.said, scratch.texts, scratch.alike
    for at in range(size):
        if at % _AHEAD == 0:
            scratch.fetched[0] += _fetch_rows(columns, firms, at, min(size, at + _AHEAD))
        firm = firms[at]
        total = np.float32(0.0)
        both = np.float32(0.0)
        for own in range(row_at[firm], row_mid[firm]):
            word, value = row_id[own], row_value[own]
            total += said[word, 0] * value
            both += said[word, 1] * value
        texts[at] = total
        alike[at] = both


@compiled
def _work_out(columns: Columns, ask: Ask, scratch: Scratch, firms: Array, size: int) -> None:
    """Work out how alike to the need the rare words of firms are, those that were not yet."""
    row_at, row_mid, row_id = columns.row_at, columns.row_mid, columns.row_id
    letter_at, letter_id, letter_value = (
        columns.letter_at, columns.letter_id, columns.letter_value,
    )  # fmt: skip
    rarity, said, worked, letters = columns.rarity, scratch.said, scratch.worked, scratch.letters
    # How many words were worked out stands in the last place.
    last = worked.shape[0] - 1
    begun = worked[last]
    many = begun
    for at in range(size):
        firm = firms[at]
        for own in range(row_mid[firm], row_at[firm + 1]):
            if said[row_id[own], 1] < 0.0:
                said[row_id[own], 1] = 0.0
                worked[many] = row_id[own]
                many += 1
    worked[last] = many
    for at in range(begun, many):
        if (at - begun) % _AHEAD == 0:
            fetched = np.float32(0.0)
            for ahead in range(at, min(many, at + _AHEAD)):
                word = worked[ahead] - ask.prefixes
                begin, end = letter_at[word], letter_at[word + 1]
                if begin < end:
                    middle = (begin + end) >> 1
                    fetched += letter_id[begin] + letter_id[middle] + letter_id[end - 1]
                    fetched += letter_value[begin] + letter_value[middle] + letter_value[end - 1]
            scratch.fetched[0] += fetched
        word = worked[at] - ask.prefixes
        like = np.float32(0.0)
        for run in range(letter_at[word], letter_at[word + 1]):
            like += letters[letter_id[run]] * letter_value[run]
        said[worked[at], 1] = like / rarity[word]


@compiled
def rare(columns: Columns, ask: Ask, scratch: Scratch, firms: Array, size: int) -> None:
    """Add to ``texts`` and ``alike`` what words of few firms give."""
    row_at, row_mid, row_id, row_value = (
        columns.row_at, columns.row_mid, columns.row_id, columns.row_value,
    )  # fmt: skip
    said, texts, alike = scratch.said, scratch.texts, scratch.alike
    _work_out(columns, ask, scratch, firms, size)
    for at in range(size):
        firm = firms[at]
        for own in range(row_mid[firm], row_at[firm + 1]):
            word, value = row_id[own], row_value[own]
            texts[at] += said[word, 0] * value
            alike[at] += said[word, 1] * value


@compiled
def begin(columns: Columns, ask: Ask, scratch: Scratch) -> None:
    """Lay the need out in ``scratch``: what each word gives, and how alike common ones are."""
    near_at, near_id, near_value = columns.near_at, columns.near_id, columns.near_value
    said, letters, prefixes = scratch.said, scratch.letters, ask.prefixes
    touched, size, common = scratch.touched, 0, columns.peak.shape[0] - prefixes
    for at in range(ask.word.shape[0]):
        said[prefixes + ask.word[at], 0] = ask.word_value[at]
        if ask.word[at] < common:
            touched[size] = ask.word[at]
            size += 1
    for at in range(ask.branch.shape[0]):
        said[ask.branch[at], 0] = ask.branch_value[at]
    for at in range(ask.run.shape[0]):
        run, value = ask.run[at], ask.run_value[at]
        letters[run] = value
        for near in range(near_at[run], near_at[run + 1]):
            word = near_id[near]
            # Written each time, and counted when it is new: a jump that cannot be foreseen is dear.
            touched[size] = word
            before, given = said[prefixes + word, 1], said[prefixes + word, 0]
            size += (before == 0.0) & (given == 0.0)
            said[prefixes + word, 1] = before + value * near_value[near]
    touched[touched.shape[0] - 1] = size


@compiled
def end(ask: Ask, scratch: Scratch) -> None:
    """Leave ``scratch`` as it was before the need."""
    said, letters, prefixes = scratch.said, scratch.letters, ask.prefixes
    for at in range(ask.word.shape[0]):
        said[prefixes + ask.word[at], 0] = 0.0
    for at in range(ask.branch.shape[0]):
        said[ask.branch[at], 0] = 0.0
        scratch.both[ask.branch[at]] = 0
    for at in range(ask.run.shape[0]):
        letters[ask.run[at]] = 0.0
    touched, worked = scratch.touched, scratch.worked
    for at in range(touched[touched.shape[0] - 1]):
        said[prefixes + touched[at], 1] = 0.0
        scratch.both[prefixes + touched[at]] = 0
    last = worked.shape[0] - 1
    for at in range(worked[last]):
        said[worked[at], 1] = -1.0
    worked[last] = 0


@inlined
def push(scores: Array, firms: Array, size: int, score: float, firm: int) -> int:
    """Keep the best in a heap, the worst on top; of equal scores the smaller number is better."""
    room = scores.shape[0]
    if size < room:
        at = size
        while at > 0:
            above = (at - 1) >> 1
            if scores[above] < score or (scores[above] == score and firms[above] > firm):
                break
            scores[at] = scores[above]
            firms[at] = firms[above]
            at = above
        scores[at] = score
        firms[at] = firm
        return size + 1
    if score < scores[0] or (score == scores[0] and firm > firms[0]):
        return size
    at = 0
    while 2 * at + 1 < room:
        below = 2 * at + 1
        other = below + 1
        if other < room and (
            scores[other] < scores[below]
            or (scores[other] == scores[below] and firms[other] > firms[below])
        ):
            below = other
        if scores[below] > score or (scores[below] == score and firms[below] < firm):
            break
        scores[at] = scores[below]
        firms[at] = firms[below]
        at = below
    scores[at] = score
    firms[at] = firm
    return size
