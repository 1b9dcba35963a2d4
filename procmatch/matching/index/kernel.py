"""The inner loops of the index, compiled by Numba when they are first used.

A score is a sum. Trade, place and capacity are looked up in small tables, words and branches are
sparse products. The best by these are compared letter by letter as well (:func:`refine`), which
would cost too much for all.

:func:`every` looks at all firms. :func:`likely` looks at those who may come near the top: firms
that share the rarest words of the need, and firms of the trades and places that give most. How many
is bounded, so that no need is slow.

All compiled code stands in this file: what Numba keeps on disk is renewed when the file changes,
not when another file does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["BINS", "Ask", "Carry", "Columns", "Scratch", "every", "given", "likely", "refine"]

Array = npt.NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function) -> Function:
    """Compile a loop; what is compiled is kept on disk where there is a place to write."""
    try:
        compiled = njit(nogil=True, cache=True)(function)
    except RuntimeError:
        # Neither the installed package nor the user's cache can be written.
        compiled = njit(nogil=True)(function)
    return cast("Function", compiled)


def _inlined(function: Function) -> Function:
    """Compile a step into its loop: handing over so many arrays takes longer than the step."""
    return cast("Function", njit(inline="always")(function))


class Columns(NamedTuple):
    """Firms as arrays. ``*_at`` are starts as in CSR; ids are int32 unless said otherwise.

    Attributes:
        trade_at, trade_id (int16), trade_weight: firm -> its trades.
        place: firm -> its place. turnover: float32, not a number when unknown.
        size: float32, 0 when unknown.
        blocked: uint8, 1 for those no list may show.
        row_at, row_id, row_value: firm -> words, then branches, each row of length one.
        stretch: float32, from a row of words to one over runs of letters.
        post_at, post_doc, post_value: word -> firms.
        run_of_trade, run_at, run_place, run_weight, run_doc: trade -> place -> firms.
        word_rarity: float32. letter_at, letter_id, letter_value: word -> runs of letters.
        letter_rarity: float32, of runs.
    """

    trade_at: Array
    trade_id: Array
    trade_weight: Array
    place: Array
    turnover: Array
    size: Array
    blocked: Array
    row_at: Array
    row_id: Array
    row_value: Array
    stretch: Array
    post_at: Array
    post_doc: Array
    post_value: Array
    run_of_trade: Array
    run_at: Array
    run_place: Array
    run_weight: Array
    run_doc: Array
    word_rarity: Array
    letter_at: Array
    letter_id: Array
    letter_value: Array
    letter_rarity: Array


class Carry(NamedTuple):
    """The rule of :func:`procmatch.matching.relevance.capacity.carries`, in figures."""

    unknown: float
    least: float
    easy: float
    span: float


class Ask(NamedTuple):
    """A need against one set of columns.

    Attributes:
        word, word_value: words, rarest first, and points times what they count.
        word_times: how often each was said, damped.
        strange, strange_times: runs of letters of words that nobody has.
        branch, branch_value: CPV branches, numbered after the words, likewise.
        letters: what runs of letters count.
        trade: points by trade. trades: what they count.
        by_van: uint8, by trade: 1 where ``far`` holds, else ``near``.
        near, far: points by place. place: what they count.
        capacity: what it counts. yearly: value a year, not a number when unknown.
        carry: how the two meet. It is handed over, for a figure compiled in would stay when it
            changes elsewhere.
        size: what it counts.
    """

    word: Array
    word_value: Array
    word_times: Array
    strange: Array
    strange_times: Array
    branch: Array
    branch_value: Array
    letters: float
    trade: Array
    trades: float
    by_van: Array
    near: Array
    far: Array
    place: float
    capacity: float
    yearly: float
    carry: Carry
    size: float


class Scratch(NamedTuple):
    """Room to work in, one for each thread; all zero between two needs, but for the stamps.

    Attributes:
        asked: float32, words and branches.
        shared: float32, firms. seen: int32, firms: stamp. touched: int32, firms.
        runs: float32, runs of letters.
        likeness: float32, words. likeness_of: int32, words: the stamp it was worked out for.
    """

    asked: Array
    shared: Array
    seen: Array
    touched: Array
    runs: Array
    likeness: Array
    likeness_of: Array


#: What trade and place give is told apart in so many steps.
BINS = 128


@_inlined
def _capacity(rule: Carry, turnover: float, yearly: float) -> float:
    if math.isnan(turnover) or math.isnan(yearly):
        return rule.unknown
    load = yearly / max(turnover, rule.least)
    return 1.0 if load <= rule.easy else max(0.0, 1.0 - (load - rule.easy) / rule.span)


@_inlined
def _structure(columns: Columns, ask: Ask, firm: int) -> float:
    """Return what trade, place and capacity give."""
    best = 0.0
    van = 0
    for at in range(columns.trade_at[firm], columns.trade_at[firm + 1]):
        trade = columns.trade_id[at]
        value = ask.trade[trade] * columns.trade_weight[at]
        if value > best:
            best = value
            van = ask.by_van[trade]
    at_place = ask.far if van else ask.near
    score = (
        ask.trades * best
        + ask.place * at_place[columns.place[firm]]
        + ask.capacity * _capacity(ask.carry, columns.turnover[firm], ask.yearly)
    )
    if ask.size > 0.0:
        score += ask.size * columns.size[firm]
    return float(score)


@_inlined
def _first(columns: Columns, ask: Ask, scratch: Scratch, firm: int) -> float:
    """Return the score of a firm by all criteria but letters."""
    found = 0.0
    for at in range(columns.row_at[firm], columns.row_at[firm + 1]):
        found += scratch.asked[columns.row_id[at]] * columns.row_value[at]
    return found + _structure(columns, ask, firm)


@_compiled
def _spell(columns: Columns, ask: Ask, scratch: Scratch) -> float:
    """Fill in the need's runs of letters; return what turns them into a vector of length one."""
    for at in range(ask.word.shape[0]):
        word = ask.word[at]
        times = ask.word_times[at] * columns.word_rarity[word]
        for run in range(columns.letter_at[word], columns.letter_at[word + 1]):
            scratch.runs[columns.letter_id[run]] += times * columns.letter_value[run]
    for at in range(ask.strange.shape[0]):
        run = ask.strange[at]
        scratch.runs[run] += ask.strange_times[at] * columns.letter_rarity[run]
    # Each run is counted once, by taking its square out as it is met.
    squares = 0.0
    for at in range(ask.word.shape[0]):
        word = ask.word[at]
        for run in range(columns.letter_at[word], columns.letter_at[word + 1]):
            value = scratch.runs[columns.letter_id[run]]
            if value > 0.0:
                squares += value * value
                scratch.runs[columns.letter_id[run]] = -value
    for at in range(ask.strange.shape[0]):
        value = scratch.runs[ask.strange[at]]
        if value > 0.0:
            squares += value * value
            scratch.runs[ask.strange[at]] = -value
    return -1.0 / math.sqrt(squares) if squares > 0.0 else 0.0


@_compiled
def _forget(columns: Columns, ask: Ask, scratch: Scratch) -> None:
    for at in range(ask.word.shape[0]):
        word = ask.word[at]
        for run in range(columns.letter_at[word], columns.letter_at[word + 1]):
            scratch.runs[columns.letter_id[run]] = 0.0
    for at in range(ask.strange.shape[0]):
        scratch.runs[ask.strange[at]] = 0.0


@_inlined
def _letters(columns: Columns, scratch: Scratch, stamp: int, scale: float, firm: int) -> float:
    """Return what a firm's runs of letters share with those that were filled in, 0..1."""
    words = columns.post_at.shape[0] - 1
    found = 0.0
    for entry in range(columns.row_at[firm], columns.row_at[firm + 1]):
        word = columns.row_id[entry]
        if word >= words:
            break
        if scratch.likeness_of[word] != stamp:
            like = 0.0
            for run in range(columns.letter_at[word], columns.letter_at[word + 1]):
                like += scratch.runs[columns.letter_id[run]] * columns.letter_value[run]
            scratch.likeness[word] = like
            scratch.likeness_of[word] = stamp
        found += scratch.likeness[word] * columns.row_value[entry]
    return float(min(1.0, scale * found * columns.stretch[firm]))


@_compiled
def refine(
    columns: Columns, ask: Ask, scratch: Scratch, stamp: int, firms: Array, scores: Array, size: int
) -> None:
    """Add to the ``scores`` of ``firms`` what their runs of letters give."""
    scale = _spell(columns, ask, scratch)
    for at in range(size):
        scores[at] += ask.letters * _letters(columns, scratch, stamp, scale, firms[at])
    _forget(columns, ask, scratch)


@_inlined
def _push(scores: Array, firms: Array, size: int, score: float, firm: int) -> int:
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


@_compiled
def _begin(ask: Ask, scratch: Scratch) -> None:
    for at in range(ask.word.shape[0]):
        scratch.asked[ask.word[at]] = ask.word_value[at]
    for at in range(ask.branch.shape[0]):
        scratch.asked[ask.branch[at]] = ask.branch_value[at]


@_compiled
def _end(ask: Ask, scratch: Scratch) -> None:
    for at in range(ask.word.shape[0]):
        scratch.asked[ask.word[at]] = 0.0
    for at in range(ask.branch.shape[0]):
        scratch.asked[ask.branch[at]] = 0.0


@_compiled
def given(columns: Columns, ask: Ask, scratch: Scratch, wanted: Array, scores: Array) -> None:
    """Fill ``scores`` for the firms ``wanted``, by all criteria but letters."""
    _begin(ask, scratch)
    for at in range(wanted.shape[0]):
        scores[at] = _first(columns, ask, scratch, wanted[at])
    _end(ask, scratch)


@_compiled
def every(
    columns: Columns, ask: Ask, scratch: Scratch, stamp: int, scores: Array, firms: Array
) -> int:
    """Fill ``scores`` and ``firms`` with the best of all firms, letters and all; return how many.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in.
        stamp: a number never used before with this room.
        scores: to be filled.
        firms: to be filled.
    """
    _begin(ask, scratch)
    scale = _spell(columns, ask, scratch)
    size = 0
    for firm in range(columns.place.shape[0]):
        if not columns.blocked[firm]:
            score = _first(columns, ask, scratch, firm)
            score += ask.letters * _letters(columns, scratch, stamp, scale, firm)
            size = _push(scores, firms, size, score, firm)
    _forget(columns, ask, scratch)
    _end(ask, scratch)
    return size


@_compiled
def _sharers(columns: Columns, ask: Ask, scratch: Scratch, stamp: int, postings: int) -> int:
    """Add up the rarest words for all who have them; return how many firms were touched."""
    count = 0
    for at in range(ask.word.shape[0]):
        start = columns.post_at[ask.word[at]]
        end = columns.post_at[ask.word[at] + 1]
        postings -= end - start
        if postings < 0 and at > 0:
            break
        for place in range(start, end):
            firm = columns.post_doc[place]
            if scratch.seen[firm] != stamp:
                scratch.seen[firm] = stamp
                scratch.shared[firm] = 0.0
                scratch.touched[count] = firm
                count += 1
            scratch.shared[firm] += ask.word_value[at] * columns.post_value[place]
    return count


@_inlined
def _given(columns: Columns, ask: Ask, trade: int, run: int) -> float:
    """Return what a trade at a place gives."""
    return float(
        ask.trades * ask.trade[trade] * columns.run_weight[run]
        + ask.place * (ask.far if ask.by_van[trade] else ask.near)[columns.run_place[run]]
    )


@_compiled
def _least_given(columns: Columns, ask: Ask, most: float, firms: int, held: Array) -> int:
    """Return the bin from which on trades and places hold ``firms`` or just over."""
    for at in range(held.shape[0]):
        held[at] = 0
    for trade in range(ask.trade.shape[0]):
        if ask.trade[trade] > 0.0:
            for run in range(columns.run_of_trade[trade], columns.run_of_trade[trade + 1]):
                at = int(BINS * _given(columns, ask, trade, run) / most)
                held[at] += columns.run_at[run + 1] - columns.run_at[run]
    least = BINS
    count = held[BINS]
    while count < firms and least > 0:
        least -= 1
        count += held[least]
    return least


@_compiled
def likely(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    scores: Array,
    firms: Array,
    some_scores: Array,
    some_firms: Array,
    held: Array,
    postings: int,
    most_firms: int,
) -> int:
    """Fill ``scores`` and ``firms`` with the best of those who may come near the top.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in.
        stamp: a number never used before with this room; its negative is used as well.
        scores: to be filled.
        firms: to be filled.
        some_scores: room for sharers of words that are looked at whole.
        some_firms: likewise.
        held: int64, one longer than there are bins.
        postings: how many firms of rare words are added up.
        most_firms: how many firms are looked at for their trade and place.

    Returns:
        How many were found.
    """
    _begin(ask, scratch)
    touched = _sharers(columns, ask, scratch, stamp, postings)
    some = 0
    for at in range(touched):
        firm = scratch.touched[at]
        if not columns.blocked[firm]:
            part = _structure(columns, ask, firm) + scratch.shared[firm]
            some = _push(some_scores, some_firms, some, part, firm)
    size = 0
    for at in range(some):
        firm = some_firms[at]
        scratch.seen[firm] = -stamp
        size = _push(scores, firms, size, _first(columns, ask, scratch, firm), firm)
    most = float(ask.trades * np.max(ask.trade) + ask.place)
    least = _least_given(columns, ask, most, most_firms, held)
    left = 2 * most_firms
    for trade in range(ask.trade.shape[0]):
        if ask.trade[trade] <= 0.0:
            continue
        for run in range(columns.run_of_trade[trade], columns.run_of_trade[trade + 1]):
            if int(BINS * _given(columns, ask, trade, run) / most) < least:
                continue
            for at in range(columns.run_at[run], columns.run_at[run + 1]):
                firm = columns.run_doc[at]
                if scratch.seen[firm] != -stamp and left > 0:
                    scratch.seen[firm] = -stamp
                    left -= 1
                    size = _push(scores, firms, size, _first(columns, ask, scratch, firm), firm)
    _end(ask, scratch)
    return size
