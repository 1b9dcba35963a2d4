"""The inner loops of the index, compiled by Numba when they are first used.

A score is a sum. Trade, place and capacity are looked up in small tables; words, branches and runs
of letters are sparse products over what the firm says. How alike a common word is to the need is
worked out from the need's letters beforehand, a rare one's when it is met.

:func:`every` looks at all firms. :func:`likely` looks at those who may come near the top. A few
telling words and branches give every firm a hint of its text (:mod:`hints`). Firms are walked
through (:mod:`walking`) by what trade and place give, best first, as long as that, the hint, and
what firms of the trade were seen to say beyond theirs could bring one into the list. They are read
in brief (:mod:`briefs`); the policy is worked out (:mod:`finishing`) in the order of their briefs,
until none of the others can come in. How many is bounded, so that no need is slow.

What a criterion gives stands in :mod:`procmatch.matching.index.scoring`.
"""

from __future__ import annotations

import numpy as np

from procmatch.matching.index import briefs, finishing, hints, scoring, walking
from procmatch.matching.index.scoring import push
from procmatch.matching.index.shapes import Array, Ask, Best, Budget, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["every", "likely"]

#: Firms that are kept beside those of a full list.
_KEPT = 4_096
#: Firms are looked at first whose trade and place give this share of the most.
_FIRST = 0.85
#: So many get a score early, to tell what rare words give.
_SAMPLE = 16
#: More than any firm gets.
_NAMED = 4.0
#: A little more than the most, so that the most lies below.
_ABOVE = 1e-6


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
    scoring.end(ask, scratch)
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
        scores: to be filled; the answer is how many were found.
        firms: to be filled.
        budget: how much is looked at.
    """
    scoring.begin(columns, ask, scratch)
    scratch.most[:] = 0.0
    scratch.seen_of[:] = 0
    words, worth = hints.telling(columns, ask, scratch, budget)
    unit = float(worth.sum()) / hints.STEPS
    one, other = briefs.sides(columns, ask, scratch)
    steps = np.array([unit, one, other])
    least, many = hints.give(
        columns, scratch, words, worth, 1.0 / unit if unit else 0.0, budget.first
    )
    best = _none_yet(scores, firms)
    # The most so far of what texts gave beyond their hints, and rare words alone.
    lifts = np.zeros(2)
    _named(columns, ask, scratch, stamp, best, lifts, budget)
    most, _near, _far = walking.best_base(columns, ask)
    top, low, end = least * unit, most * _FIRST, most + _ABOVE
    walking.by_steps(columns, ask, scratch, low, end)
    looked = walking.runs(
        columns, ask, scratch, stamp, low, end, top, best, steps, lifts, budget, 0
    )
    finishing.finish(columns, ask, scratch, best, lifts, budget, _SAMPLE)
    walking.high(columns, ask, scratch, stamp, scratch.high[:many], best, steps, lifts, budget)
    rest = ask.capacity + ask.size + lifts[0] + lifts[1] + top
    lower = max(0.0, finishing.threshold(best) - rest)
    if looked < budget.least:
        lower = 0.0
    if lower < low:
        walking.by_steps(columns, ask, scratch, lower, low)
        walking.runs(
            columns, ask, scratch, stamp, lower, low, top, best, steps, lifts, budget, looked
        )
    if unit:
        walking.strangers(columns, ask, scratch, stamp, words, least, best, steps, lifts, budget)
    finishing.finish(
        columns, ask, scratch, best, lifts, budget, max(scores.shape[0], budget.worked)
    )
    hints.forget(columns, scratch, words)
    scoring.end(ask, scratch)
    return int(best.size[finishing.SCORED])


@compiled
def _none_yet(scores: Array, firms: Array) -> Best:
    """Return room for the best, which end in ``scores`` and ``firms``."""
    limit = scores.shape[0]
    room = limit + _KEPT
    return Best(
        np.empty(limit), np.empty(limit, dtype=np.int32),
        np.empty(room), np.empty(room, dtype=np.int32), scores, firms,
        np.zeros(3, dtype=np.int64),
    )  # fmt: skip


@compiled
def _named(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    best: Best,
    lifts: Array,
    budget: Budget,
) -> None:
    """Keep all who hold a word of few firms that the need names: they could come from anywhere."""
    holder_at, holder, seen = columns.holder_at, columns.holder, scratch.seen
    many = 0
    for word in ask.word + np.int32(ask.prefixes):
        if word < columns.peak.shape[0]:
            continue
        for at in range(holder_at[word], holder_at[word + 1]):
            firm = holder[at]
            if seen[firm] >= stamp:
                continue
            if many == best.kept.shape[0]:
                best.size[finishing.KEPT] = many
                finishing.finish(columns, ask, scratch, best, lifts, budget, budget.worked)
                many = 0
            seen[firm] = stamp
            best.kept[many], best.kept_of[many] = _NAMED, firm
            many += 1
    best.size[finishing.KEPT] = many
