"""The inner loops of the index, compiled by Numba when they are first used.

A score is a sum. Trade, place and capacity are looked up in small tables; words, branches and runs
of letters are sparse products over what the firm says. How alike a common word is to the need is
worked out from the need's letters beforehand, a rare one's when it is met.

:func:`every` looks at all firms. :func:`likely` looks at those who may come near the top. A few
telling words give every firm a hint of its text (:mod:`hints`). First come the holders of the
need's rarest words and those with the highest hints, wherever they are; then firms by what trade
and place give, best first, as long as that, the hint, and what firms of the trade were seen to say
beyond theirs could bring one into the list. They are read in brief (:mod:`briefs`), and by the
policy only if the brief leaves them room. How many is bounded, so that no need is slow.

What a criterion gives stands in :mod:`procmatch.matching.index.scoring`.
"""

from __future__ import annotations

import math

import numpy as np

from procmatch.matching.index import briefs, hints, scoring
from procmatch.matching.index.scoring import push
from procmatch.matching.index.shapes import Array, Ask, Budget, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["every", "likely"]


@compiled
def every(columns: Columns, ask: Ask, scratch: Scratch, scores: Array, firms: Array) -> int:
    """Fill ``scores`` and ``firms`` (ranks) with the best of all firms; return how many."""
    scoring.begin(columns, ask, scratch)
    bases, some = scratch.bases, scratch.some
    texts = np.empty(some.shape[0])
    found = 0
    size = 0
    for firm in range(columns.rank.shape[0]):
        if not columns.blocked[firm]:
            some[size] = firm
            size += 1
        if size == some.shape[0] or firm == columns.rank.shape[0] - 1:
            scoring.bases(columns, ask, scratch, some, size, bases)
            scoring.texts(columns, ask, scratch, some, size, texts)
            for at in range(size):
                rank = columns.rank[some[at]]
                found = push(scores, firms, found, bases[at] + texts[at], rank)
            size = 0
    scoring.end(columns, ask, scratch)
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
def _looked_at(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    size: int,
    scores: Array,
    firms: Array,
    found: int,
    steps: Array,
    lifts: Array,
    budget: Budget,
) -> int:
    """Look at ``size`` firms of ``scratch.some`` and keep the best; return how many are kept.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in; ``bases`` holds the most that trade and place may give.
        size: how many firms.
        scores: of the best so far.
        firms: the best so far.
        found: how many.
        steps: what hints, and what the two sides of briefs are counted in.
        lifts: the most so far of what texts gave beyond their hints, and rare words.
        budget: how much more than that is believed.
    """
    stretch, bases, texts = columns.stretch, scratch.bases, scratch.texts
    alike, some, before = scratch.alike, scratch.some, scratch.before
    most, seen, kind, hint = scratch.most, scratch.seen_of, scratch.kind, scratch.hints
    briefs.read(columns, ask, scratch, size, steps[1], steps[2])
    full = found == scores.shape[0]
    kept = 0
    for at in range(size):
        beyond = (texts[at] - hint[some[at]] * steps[0]) * budget.caution
        lifts[0] = max(lifts[0], beyond)
        most[kind[at]] = max(most[kind[at]], beyond)
        seen[kind[at]] += 1
        if not full or bases[at] + before[at] + texts[at] + ask.size + lifts[1] >= scores[0]:
            texts[kept], some[kept] = texts[at], some[at]
            kept += 1
    size = kept
    scoring.bases(columns, ask, scratch, some, size, bases)
    if full:
        kept = 0
        for at in range(size):
            if bases[at] + texts[at] + lifts[1] >= scores[0]:
                bases[kept], some[kept] = bases[at], some[at]
                kept += 1
        size = kept
    scoring.common(columns, scratch, some, size)
    for at in range(size):
        before[at] = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
    scoring.rare(columns, ask, scratch, some, size)
    for at in range(size):
        text = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
        lifts[1] = max(lifts[1], (text - before[at]) * budget.caution)
        found = push(scores, firms, found, bases[at] + text, columns.rank[some[at]])
    return found


@compiled
def _holders(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    words: Array,
    least: int,
    scores: Array,
    firms: Array,
    steps: Array,
    lifts: Array,
    budget: Budget,
) -> int:
    """Look at all who hold a word of few firms, and all with a hint of ``least`` or more.

    They could come from anywhere.

    Returns:
        How many are kept.
    """
    holder_at, holder, seen, hints = (
        columns.holder_at, columns.holder, scratch.seen, scratch.hints,
    )  # fmt: skip
    some, kind, trade_at, trade_id = (
        scratch.some, scratch.kind, columns.trade_at, columns.trade_id,
    )  # fmt: skip
    found, size = 0, 0
    common = columns.peak.shape[0]
    # Trade and place are not known of them; only the first are looked at whole.
    scratch.bases[:] = ask.trades + ask.place
    for word in np.append(ask.word[ask.word >= common], words):
        for at in range(holder_at[word], holder_at[word + 1]):
            firm = holder[at]
            if (word < common and hints[firm] < least) or seen[firm] >= stamp:
                continue
            seen[firm] = stamp
            some[size] = firm
            kind[size] = trade_id[trade_at[firm]]
            size += 1
            if size == budget.together:
                found = _looked_at(
                    columns, ask, scratch, size, scores, firms, found, steps, lifts, budget
                )
                size = 0
                scratch.bases[:] = ask.trades + ask.place
    return _looked_at(columns, ask, scratch, size, scores, firms, found, steps, lifts, budget)


@compiled
def _runs(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    least: int,
    most: float,
    scores: Array,
    firms: Array,
    found: int,
    steps: Array,
    lifts: Array,
    budget: Budget,
) -> int:
    """Look at firms by what their trade and site give, best first; return how many are kept."""
    seen, some, kind, hint, given = (
        scratch.seen, scratch.some, scratch.kind, scratch.hints, scratch.given,
    )  # fmt: skip
    run_at, run_doc, run_trade = columns.run_at, columns.run_doc, columns.run_trade
    head, chain, texts, seen_of = scratch.head, scratch.chain, scratch.most, scratch.seen_of
    bases, unit, last, none = scratch.bases, steps[0], head.shape[0] - 1, texts.shape[0] - 1
    rest = ask.capacity + ask.size
    looked, size = 0, 0
    for step in range(last, -1, -1):
        full = found == scores.shape[0] and looked >= budget.least
        above = (step + 1) * most / last + rest + lifts[0] + lifts[1] + least * unit
        if looked >= budget.most or (full and above < scores[0]):
            break
        run = head[step]
        while run >= 0:
            trade = run_trade[run]
            full = found == scores.shape[0] and looked >= budget.least
            low = 0
            if full:
                beyond = texts[trade] if seen_of[trade] >= budget.enough else lifts[0]
                wanted = scores[0] - given[run] - rest - beyond - lifts[1]
                low = math.ceil(wanted / unit) if wanted > 0.0 and unit > 0.0 else 0
                if wanted > least * unit or (trade == none and low):
                    run = chain[run]
                    continue
            for at in range(run_at[run], run_at[run + 1]):
                firm = run_doc[at]
                if hint[firm] < low or seen[firm] >= stamp:
                    continue
                seen[firm] = stamp
                some[size] = firm
                kind[size], bases[size] = trade, given[run]
                size += 1
                if size == budget.together:
                    looked += size
                    found = _looked_at(
                        columns, ask, scratch, size, scores, firms, found, steps, lifts, budget
                    )
                    size = 0
            run = chain[run]
    return _looked_at(columns, ask, scratch, size, scores, firms, found, steps, lifts, budget)


@compiled
def _strangers(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    words: Array,
    least: int,
    scores: Array,
    firms: Array,
    found: int,
    steps: Array,
    lifts: Array,
    budget: Budget,
) -> int:
    """Look at those of other trades whose hint and site may do; return how many are kept.

    There are too many of them near a place to ask each for its hint, so holders of words are asked
    for their place.
    """
    seen, some, kind, hint, bases = (
        scratch.seen, scratch.some, scratch.kind, scratch.hints, scratch.bases,
    )  # fmt: skip
    holder_at, holder, site_at, site_id = (
        columns.holder_at, columns.holder, columns.site_at, columns.site_id,
    )  # fmt: skip
    near, far, unit, none, size = ask.near, ask.far, steps[0], scratch.most.shape[0] - 1, 0
    for word in words:
        beyond = scratch.most[none] if scratch.seen_of[none] >= budget.enough else lifts[0]
        rest = ask.capacity + ask.size + beyond + lifts[1]
        wanted = scores[0] - ask.place - rest if found == scores.shape[0] else 0.0
        low = max(1, math.ceil(wanted / unit))
        if low >= least:
            break
        for at in range(holder_at[word], holder_at[word + 1]):
            firm = holder[at]
            if hint[firm] < low or seen[firm] >= stamp:
                continue
            place = 0.0
            for own in range(site_at[firm], site_at[firm + 1]):
                place = max(place, near[site_id[own]], far[site_id[own]])
            if place + hint[firm] * unit + rest < scores[0]:
                continue
            seen[firm] = stamp
            some[size], kind[size], bases[size] = firm, none, place
            size += 1
            if size == budget.together:
                found = _looked_at(
                    columns, ask, scratch, size, scores, firms, found, steps, lifts, budget
                )
                size = 0
    return _looked_at(columns, ask, scratch, size, scores, firms, found, steps, lifts, budget)


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
    scoring.begin(columns, ask, scratch)
    scratch.most[:] = 0.0
    scratch.seen_of[:] = 0
    words, worth = hints.telling(columns, ask, scratch, budget)
    total = float(worth.sum())
    unit = total / hints.STEPS
    one, other = briefs.sides(columns, ask, scratch)
    steps = np.array([unit, one, other])
    hints.give(columns, scratch, words, worth, 1.0 / unit if unit else 0.0)
    least = hints.plainest(columns, scratch, words, budget.first)
    # The most so far of what texts gave beyond their hints, and rare words alone.
    lifts = np.zeros(2)
    found = _holders(
        columns, ask, scratch, stamp, words, least, scores, firms, steps, lifts, budget
    )
    most = _by_steps(columns, ask, scratch)
    found = _runs(
        columns, ask, scratch, stamp, least, most, scores, firms, found, steps, lifts, budget
    )
    if unit:
        found = _strangers(
            columns, ask, scratch, stamp, words, least, scores, firms, found, steps, lifts, budget
        )
    hints.forget(columns, scratch, words)
    scoring.end(columns, ask, scratch)
    return found
