"""The inner loops of the index, compiled by Numba when they are first used.

A score is a sum. Trade, place and capacity are looked up in small tables; words, branches and runs
of letters are sparse products over what the firm says. How alike a common word is to the need is
worked out from the need's letters beforehand, a rare one's when it is met.

:func:`every` looks at all firms. :func:`likely` looks at those who may come near the top: first
at those who hold the need's rarest words, then at firms by what trade and place give, best first,
until what firms of a trade say could hardly lift the next ones into the list. How many is bounded,
so that no need is slow.

What a criterion gives stands in :mod:`procmatch.matching.index.scoring`.
"""

from __future__ import annotations

import numpy as np

from procmatch.matching.index import scoring
from procmatch.matching.index.scoring import inlined, push
from procmatch.matching.index.shapes import Array, Ask, Budget, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["every", "likely"]

#: Of those who hold a telling word so many are looked at to learn what it gives.
_TRIED = 16


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
def _could_rise(
    columns: Columns, ask: Ask, scratch: Scratch, size: int, least: float, lift: float
) -> int:
    """Keep those of ``scratch.some`` that ``lift`` would bring to ``least``; return how many."""
    stretch, bases, texts = columns.stretch, scratch.bases, scratch.texts
    alike, some, kind = scratch.alike, scratch.some, scratch.kind
    kept = 0
    for at in range(size):
        text = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
        if bases[at] + text + lift >= least:
            bases[kept], texts[kept], alike[kept], some[kept], kind[kept] = (
                bases[at], texts[at], alike[at], some[at], kind[at],
            )  # fmt: skip
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
        careful: 1 to look at all of them whole, for little is known yet of what texts give.
        lifts: the most that texts gave so far: without telling words, with them, by rare words.
        budget: how much more than that is believed.
    """
    stretch, bases, texts = columns.stretch, scratch.bases, scratch.texts
    alike, some, before = scratch.alike, scratch.some, scratch.before
    most, seen, kind = scratch.most, scratch.seen_of, scratch.kind
    full = found == scores.shape[0] and careful == 0
    for at in range(size):
        seen[kind[at]] += 1
    scoring.common(columns, scratch, some, size)
    if full:
        # Most can be left out before words that few have are looked at.
        size = _could_rise(columns, ask, scratch, size, scores[0], lifts[2])
    scoring.bases(columns, ask, scratch, some, size, bases)
    if full:
        size = _could_rise(columns, ask, scratch, size, scores[0], lifts[2])
    for at in range(size):
        before[at] = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
    scoring.rare(columns, ask, scratch, some, size)
    for at in range(size):
        text = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
        lifts[kind[at] % 2] = max(lifts[kind[at] % 2], text * budget.caution)
        lifts[2] = max(lifts[2], (text - before[at]) * budget.caution)
        most[kind[at]] = max(most[kind[at]], text * budget.caution)
        found = push(scores, firms, found, bases[at] + text, columns.rank[some[at]])
    return found


@inlined
def _lift(scratch: Scratch, kind: int, budget: Budget, lifts: Array) -> float:
    """Return what the texts of a kind of firm are believed to give at most."""
    if scratch.seen_of[kind] >= budget.enough:
        return float(scratch.most[kind])
    return float(lifts[kind % 2])


@compiled
def _telling(columns: Columns, ask: Ask, scratch: Scratch, budget: Budget) -> Array:
    """Return the common words that could give a firm the most, most first."""
    holder_at, peak, said, prefixes = columns.holder_at, columns.peak, scratch.said, ask.prefixes
    worth = np.zeros(peak.shape[0], dtype=np.float32)
    most = np.float32(0.0)
    for word in range(peak.shape[0]):
        if holder_at[word] < holder_at[word + 1]:
            worth[word] = said[prefixes + word, 0] * peak[word, 0] + np.float32(ask.letters) * min(
                np.float32(1.0), said[prefixes + word, 1] * peak[word, 1]
            )
            most = max(most, worth[word])
    some = np.flatnonzero(worth > most * np.float32(budget.telling))
    return some[np.argsort(-worth[some])]


@compiled
def _mark(columns: Columns, scratch: Scratch, sign: int, words: Array, budget: Budget) -> None:
    """Put ``sign`` on firms that hold one of ``words``."""
    holder_at, holder, seen = columns.holder_at, columns.holder, scratch.seen
    looked = 0
    for word in words:
        looked += holder_at[word + 1] - holder_at[word]
        if looked > budget.told:
            break
        for at in range(holder_at[word], holder_at[word + 1]):
            seen[holder[at]] = max(sign, seen[holder[at]])


@compiled
def _tried(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    done: int,
    words: Array,
    scores: Array,
    firms: Array,
    lifts: Array,
    budget: Budget,
) -> int:
    """Look at all who hold a word of few firms, and some who hold each of ``words``.

    The first could come from anywhere; the others tell what a telling word gives.

    Returns:
        How many are kept.
    """
    holder_at, holder, seen = columns.holder_at, columns.holder, scratch.seen
    some, kind, trade_at, trade_id = (
        scratch.some, scratch.kind, columns.trade_at, columns.trade_id,
    )  # fmt: skip
    found, size = 0, 0
    for word in np.append(ask.word[ask.word >= columns.peak.shape[0]], words):
        begin, end = holder_at[word], holder_at[word + 1]
        step = max(1, (end - begin) // _TRIED) if word < columns.peak.shape[0] else 1
        for at in range(begin, end, step):
            firm = holder[at]
            if seen[firm] >= done:
                continue
            seen[firm] = done
            some[size] = firm
            kind[size] = 2 * trade_id[trade_at[firm]] + 1
            size += 1
            if size == some.shape[0]:
                found = _looked_at(
                    columns, ask, scratch, size, scores, firms, found, 1, lifts, budget
                )
                size = 0
    return _looked_at(columns, ask, scratch, size, scores, firms, found, 1, lifts, budget)


@compiled
def _step(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    step: int,
    telling: int,
    rest: float,
    scores: Array,
    firms: Array,
    found: int,
    looked: int,
    lifts: Array,
    budget: Budget,
) -> tuple[int, int]:
    """Look at the runs of a step; return how many firms are kept, and were looked at so far.

    ``telling`` marks those who hold a telling word; ``rest`` is what may come to what a run gives.
    """
    seen, some, bases, kind = scratch.seen, scratch.some, scratch.bases, scratch.kind
    run_at, run_doc, full = columns.run_at, columns.run_doc, looked >= budget.least
    full = full and found == scores.shape[0]
    size = 0
    run = scratch.head[step]
    while run >= 0:
        of, up = 2 * columns.run_trade[run], scratch.given[run] + rest
        plain, lift = _lift(scratch, of, budget, lifts), _lift(scratch, of + 1, budget, lifts)
        if full and up + max(plain, lift) < scores[0]:
            run = scratch.chain[run]
            continue
        poor = full and up + plain < scores[0]
        for at in range(run_at[run], run_at[run + 1]):
            firm = run_doc[at]
            if seen[firm] > telling or (poor and seen[firm] != telling):
                continue
            some[size], bases[size] = firm, up
            kind[size] = of + 1 if seen[firm] == telling else of
            seen[firm] = telling + 1
            size += 1
            if size == some.shape[0]:
                looked += size
                careful = 1 if looked <= budget.least else 0
                found = _looked_at(
                    columns, ask, scratch, size, scores, firms, found, careful, lifts, budget
                )
                size = 0
        run = scratch.chain[run]
    looked += size
    careful = 1 if looked <= budget.least else 0
    found = _looked_at(columns, ask, scratch, size, scores, firms, found, careful, lifts, budget)
    return found, looked


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
    telling = 2 * stamp
    words = _telling(columns, ask, scratch, budget)
    _mark(columns, scratch, telling, words, budget)
    # The most that texts gave so far: without telling words, with them, and by rare words alone.
    lifts = np.zeros(3)
    found = _tried(columns, ask, scratch, telling + 1, words, scores, firms, lifts, budget)
    most = _by_steps(columns, ask, scratch)
    steps = scratch.head.shape[0] - 1
    rest = most / steps + ask.capacity + ask.size
    looked = 0
    for step in range(steps, -1, -1):
        above = step * most / steps + rest + max(lifts[0], lifts[1])
        full = found == scores.shape[0] and looked >= budget.least
        if looked >= budget.most or (full and above < scores[0]):
            break
        found, looked = _step(
            columns, ask, scratch, step, telling, rest,
            scores, firms, found, looked, lifts, budget,
        )  # fmt: skip
    scoring.end(columns, ask, scratch)
    return found
