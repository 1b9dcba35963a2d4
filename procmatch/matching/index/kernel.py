"""The inner loops of the index, compiled by Numba when they are first used.

A score is a sum. Trade, place and capacity are looked up in small tables; words, branches and runs
of letters are sparse products over what the firm says.

:func:`every` looks at all firms. :func:`likely` looks at those who may come near the top: firms by
what trade and place give, best first, until what they say could hardly lift the next ones into the
list. How many is bounded, so that no need is slow.

What calls one another stands in this file: what Numba keeps on disk is renewed when the file
changes, not when another file does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from procmatch.matching.index.shapes import Array, Ask, Budget, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["every", "given", "likely"]

Function = TypeVar("Function", bound=Callable[..., Any])


def _inlined(function: Function) -> Function:
    """Compile a step into its loop: handing over so many arrays takes longer than the step."""
    return cast("Function", njit(inline="always")(function))


@compiled
def _bases(columns: Columns, ask: Ask, firms: Array, size: int, found: Array) -> None:
    """Fill ``found`` with what trade, place, capacity and size give the first ``size`` firms."""
    # Arrays are taken out of their tuples once: each access through one is counted, and is slow.
    trade_at, trade_id, trade_weight = columns.trade_at, columns.trade_id, columns.trade_weight
    site_at, site_id, turnover, sizes = (
        columns.site_at, columns.site_id, columns.turnover, columns.size,
    )  # fmt: skip
    points, by_van, near, far, rule = ask.trade, ask.by_van, ask.near, ask.far, ask.carry
    unsized = math.isnan(ask.yearly)
    for at in range(size):
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
        carries = rule.unknown
        if not unsized and not math.isnan(turnover[firm]):
            load = ask.yearly / max(turnover[firm], rule.least)
            carries = 1.0 if load <= rule.easy else max(0.0, 1.0 - (load - rule.easy) / rule.span)
        found[at] = ask.trades * best + place + ask.capacity * carries + ask.size * sizes[firm]


@compiled
def _texts(
    columns: Columns, ask: Ask, scratch: Scratch, firms: Array, size: int, found: Array
) -> None:
    """Fill ``found`` with what words, branches and letters give the first ``size`` firms."""
    alike = scratch.alike
    for at in range(size):
        found[at] = 0.0
        alike[at] = 0.0
    _add(columns, ask, scratch, firms, size, found, columns.row_at[:-1], columns.row_mid)
    _add(columns, ask, scratch, firms, size, found, columns.row_mid, columns.row_at[1:])
    for at in range(size):
        found[at] += ask.letters * min(1.0, alike[at] * columns.stretch[firms[at]])


@compiled
def _add(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    firms: Array,
    size: int,
    found: Array,
    starts: Array,
    ends: Array,
) -> None:
    """Add to ``found`` and ``scratch.alike`` what a part of each firm's row gives."""
    row_id, row_value, alike = columns.row_id, columns.row_value, scratch.alike
    letter_at, letter_id, letter_value = (
        columns.letter_at, columns.letter_id, columns.letter_value,
    )  # fmt: skip
    rarity = columns.rarity
    said, worked, letters, prefixes = scratch.said, scratch.worked, scratch.letters, ask.prefixes
    # How many words were worked out stands in the last place.
    last = worked.shape[0] - 1
    for at in range(size):
        firm = firms[at]
        total = 0.0
        both = 0.0
        for own in range(starts[firm], ends[firm]):
            word, value = row_id[own], row_value[own]
            like = said[word, 1]
            if like < 0.0:
                like = np.float32(0.0)
                for run in range(letter_at[word - prefixes], letter_at[word - prefixes + 1]):
                    like += letters[letter_id[run]] * letter_value[run]
                like /= rarity[word - prefixes]
                said[word, 1] = like
                worked[worked[last]] = word
                worked[last] += 1
            total += said[word, 0] * value
            both += like * value
        found[at] += total
        alike[at] += both


@compiled
def _begin(ask: Ask, scratch: Scratch) -> None:
    for at in range(ask.word.shape[0]):
        scratch.said[ask.prefixes + ask.word[at], 0] = ask.word_value[at]
    for at in range(ask.branch.shape[0]):
        scratch.said[ask.branch[at], 0] = ask.branch_value[at]
    for at in range(ask.run.shape[0]):
        scratch.letters[ask.run[at]] = ask.run_value[at]


@compiled
def _end(ask: Ask, scratch: Scratch) -> None:
    for at in range(ask.word.shape[0]):
        scratch.said[ask.prefixes + ask.word[at], 0] = 0.0
    for at in range(ask.branch.shape[0]):
        scratch.said[ask.branch[at], 0] = 0.0
    for at in range(ask.run.shape[0]):
        scratch.letters[ask.run[at]] = 0.0
    last = scratch.worked.shape[0] - 1
    for at in range(scratch.worked[last]):
        scratch.said[scratch.worked[at], 1] = -1.0
    scratch.worked[last] = 0


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


@compiled
def given(columns: Columns, ask: Ask, scratch: Scratch, wanted: Array, scores: Array) -> None:
    """Fill ``scores`` for the firms ``wanted``."""
    _begin(ask, scratch)
    size = wanted.shape[0]
    texts = np.empty(size)
    _bases(columns, ask, wanted, size, scores)
    _texts(columns, ask, scratch, wanted, size, texts)
    scores += texts
    _end(ask, scratch)


@compiled
def every(columns: Columns, ask: Ask, scratch: Scratch, scores: Array, firms: Array) -> int:
    """Fill ``scores`` and ``firms`` (ranks) with the best of all firms; return how many."""
    _begin(ask, scratch)
    bases, texts, some = scratch.bases, scratch.texts, scratch.some
    found = 0
    size = 0
    for firm in range(columns.rank.shape[0]):
        if not columns.blocked[firm]:
            some[size] = firm
            size += 1
        if size == some.shape[0] or firm == columns.rank.shape[0] - 1:
            _bases(columns, ask, some, size, bases)
            _texts(columns, ask, scratch, some, size, texts)
            for at in range(size):
                rank = columns.rank[some[at]]
                found = _push(scores, firms, found, bases[at] + texts[at], rank)
            size = 0
    _end(ask, scratch)
    return found


@compiled
def _by_steps(columns: Columns, ask: Ask, scratch: Scratch) -> float:
    """Sort runs of firms by what their trade and site give, in steps; return the most of any."""
    run_of_trade, run_weight, run_site = columns.run_of_trade, columns.run_weight, columns.run_site
    values, chain, head, worth = scratch.given, scratch.chain, scratch.head, ask.trade
    most = 0.0
    trades = worth.shape[0]
    for trade in range(trades + 1):
        if trade < trades and worth[trade] <= 0.0:
            continue
        points = 0.0 if trade == trades else ask.trades * worth[trade]
        place = ask.far if trade < trades and ask.by_van[trade] else ask.near
        for run in range(run_of_trade[trade], run_of_trade[trade + 1]):
            value = points * run_weight[run] + place[run_site[run]]
            values[run] = value
            most = max(most, value)
    steps = head.shape[0] - 1
    head[:] = -1
    scale = steps / most if most > 0.0 else 0.0
    for trade in range(trades + 1):
        if trade < trades and worth[trade] <= 0.0:
            continue
        for run in range(run_of_trade[trade], run_of_trade[trade + 1]):
            step = int(scale * values[run])
            chain[run] = head[step]
            head[step] = run
    return most


@compiled
def _could_rise(
    scratch: Scratch, size: int, least: float, lift: float, letters: float, stretch: Array
) -> int:
    """Keep those of ``scratch.some`` that ``lift`` would bring to ``least``; return how many."""
    bases, texts, alike, some = scratch.bases, scratch.texts, scratch.alike, scratch.some
    kept = 0
    for at in range(size):
        part = bases[at] + texts[at] + letters * min(1.0, alike[at] * stretch[some[at]])
        if part + lift >= least:
            bases[kept], texts[kept], alike[kept], some[kept] = (
                bases[at],
                texts[at],
                alike[at],
                some[at],
            )
            kept += 1
    return kept


@compiled
def _looked_at(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    size: int,
    scores: Array,
    firms: Array,
    found: int,
    careful: int,
    lifts: Array,
) -> int:
    """Look at ``size`` firms of ``scratch.some`` and keep the best; return how many are kept.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in.
        size: how many firms.
        scores: of the best so far.
        firms: the best so far.
        found: how many.
        careful: 1 to look at all of them whole, for little is known yet of what texts give.
        lifts: the most that any text gave so far, and the most that its rare words did.
    """
    row_at, row_mid, stretch = columns.row_at, columns.row_mid, columns.stretch
    bases, texts, alike, some = scratch.bases, scratch.texts, scratch.alike, scratch.some
    before = scratch.before
    _bases(columns, ask, some, size, bases)
    texts[:size] = 0.0
    alike[:size] = 0.0
    full = found == scores.shape[0] and careful == 0
    if full:
        # Those are left out whom no text seen so far would lift into the list.
        size = _could_rise(scratch, size, scores[0], lifts[0], ask.letters, stretch)
    _add(columns, ask, scratch, some, size, texts, row_at[:-1], row_mid)
    if full:
        # Most can be left out before words that few have are looked at.
        size = _could_rise(scratch, size, scores[0], lifts[1], ask.letters, stretch)
    for at in range(size):
        before[at] = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
    _add(columns, ask, scratch, some, size, texts, row_mid, row_at[1:])
    for at in range(size):
        text = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
        lifts[0] = max(lifts[0], text * lifts[2])
        lifts[1] = max(lifts[1], (text - before[at]) * lifts[2])
        found = _push(scores, firms, found, bases[at] + text, columns.rank[some[at]])
    return found


@compiled
def likely(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    scores: Array,
    firms: Array,
    budget: Budget,
) -> int:
    """Fill ``scores`` and ``firms`` (ranks) with the best of those who may come near the top.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in.
        stamp: a number above 0 never used before with this room.
        scores: to be filled.
        firms: to be filled.
        budget: how much is looked at.

    Returns:
        How many were found.
    """
    _begin(ask, scratch)
    seen, blocked, some = scratch.seen, columns.blocked, scratch.some
    run_at, run_doc, chain = columns.run_at, columns.run_doc, scratch.chain
    most = _by_steps(columns, ask, scratch)
    steps = scratch.head.shape[0] - 1
    lifts = np.array([0.0, 0.0, budget.caution])
    found, looked, size = 0, 0, 0
    for step in range(steps, -1, -1):
        above = (step + 1) * most / steps + ask.capacity + ask.size + lifts[0]
        enough = found == scores.shape[0] and looked >= budget.least and above < scores[0]
        if looked >= budget.most or enough:
            break
        run = scratch.head[step]
        while run >= 0:
            for at in range(run_at[run], run_at[run + 1]):
                firm = run_doc[at]
                if seen[firm] != stamp and not blocked[firm]:
                    seen[firm] = stamp
                    some[size] = firm
                    size += 1
                    if size == some.shape[0]:
                        looked += size
                        careful = 1 if looked <= budget.least else 0
                        found = _looked_at(
                            columns, ask, scratch, size, scores, firms, found, careful, lifts
                        )
                        size = 0
            run = chain[run]
        if size:
            looked += size
            careful = 1 if looked <= budget.least else 0
            found = _looked_at(columns, ask, scratch, size, scores, firms, found, careful, lifts)
            size = 0
    _end(ask, scratch)
    return found
