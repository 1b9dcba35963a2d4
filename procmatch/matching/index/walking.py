"""Who is read in brief for a need, and in what order; compiled by Numba when it is first used.

Firms are walked through by what trade and place give, best first, in two goes: the best first, then
all from whom more may still come, as far as the first list tells. Those with high hints are looked
at between the two, wherever they are.
"""

from __future__ import annotations

import math

from procmatch.matching.index import scoring
from procmatch.matching.index.finishing import looked_at, threshold
from procmatch.matching.index.shapes import Array, Ask, Best, Budget, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["best_base", "by_steps", "high", "runs", "strangers"]


@compiled
def best_base(columns: Columns, ask: Ask) -> tuple[float, float, float]:
    """Return the most that trade and place give together, and near and far places alone."""
    worth, by_van, run_of_trade = ask.trade, ask.by_van, columns.run_of_trade
    near, far = 0.0, 0.0
    for site in range(ask.near.shape[0]):
        near, far = max(near, ask.near[site]), max(far, ask.far[site])
    most = max(near, far)
    for trade in range(worth.shape[0]):
        if run_of_trade[trade] < run_of_trade[trade + 1]:
            most = max(most, ask.trades * worth[trade] + (far if by_van[trade] else near))
    return most, near, far


@compiled
def by_steps(columns: Columns, ask: Ask, scratch: Scratch, low: float, high: float) -> None:
    """List runs of firms to which trade and site give ``low`` or more, but less than ``high``.

    They are chained by steps of what they get.
    """
    run_of_trade, run_weight, run_site = columns.run_of_trade, columns.run_weight, columns.run_site
    listed, given, chain, head = scratch.listed, scratch.given, scratch.chain, scratch.head
    run_at, worth, near, far, by_van, count = (
        columns.run_at, ask.trade, ask.near, ask.far, ask.by_van, ask.trades,
    )  # fmt: skip
    _most, most_near, most_far = best_base(columns, ask)
    steps = head.shape[0] - 1
    head[:] = -1
    scale = steps / (high - low)
    trades, size = worth.shape[0], 0
    for trade in range(trades + 1):
        if trade < trades and worth[trade] <= 0.0:
            continue
        points = 0.0 if trade == trades else count * worth[trade]
        van = trade < trades and by_van[trade] == 1
        place = far if van else near
        if points + (most_far if van else most_near) < low:
            continue
        for run in range(run_of_trade[trade], run_of_trade[trade + 1]):
            value = points * run_weight[run] + place[run_site[run]]
            if low <= value < high:
                # Copied while they come in order; later they would each have to be waited for.
                listed[size, 0], listed[size, 1] = run_at[run], run_at[run + 1]
                listed[size, 2], given[size] = trade, value
                step = int(scale * (value - low))
                chain[size] = head[step]
                head[step] = size
                size += 1


@compiled
def runs(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    low: float,
    high: float,
    top: float,
    best: Best,
    steps: Array,
    lifts: Array,
    budget: Budget,
    looked: int,
) -> int:
    """Look at firms by what their trade and site give, best first; return how many.

    Of the runs that :func:`by_steps` listed between ``low`` and ``high``. ``top`` is the most that
    a hint is worth, of those not looked at elsewhere; ``steps`` what hints, and the two sides of
    briefs, are counted in; ``lifts`` the most so far of what texts gave beyond their hints, and of
    rare words; ``looked`` how many were looked at before.
    """
    seen, some, kind, hint, given = (
        scratch.seen, scratch.some, scratch.kind, scratch.hints, scratch.given,
    )  # fmt: skip
    run_doc, head, chain, texts, seen_of = (
        columns.run_doc, scratch.head, scratch.chain, scratch.most, scratch.seen_of,
    )  # fmt: skip
    bases, unit, last, none = scratch.bases, steps[0], head.shape[0] - 1, texts.shape[0] - 1
    listed, rest, size, least = scratch.listed, ask.capacity + ask.size, 0, threshold(best)
    enough, together = budget.enough, budget.together
    for step in range(last, -1, -1):
        full = least >= 0.0 and looked >= budget.least
        above = low + (step + 1) * (high - low) / last + rest + lifts[0] + lifts[1] + top
        if looked >= budget.most or (full and above < least):
            break
        at = head[step]
        while at >= 0 and looked < budget.most:
            start, end, trade, value = listed[at, 0], listed[at, 1], listed[at, 2], given[at]
            at, hinted = chain[at], 0
            if least >= 0.0 and looked >= budget.least:
                beyond = texts[trade] if seen_of[trade] >= enough else lifts[0]
                wanted = least - value - rest - beyond - lifts[1]
                hinted = math.ceil(wanted / unit) if wanted > 0.0 and unit > 0.0 else 0
                if wanted > top or (trade == none and hinted):
                    continue
            for place in range(start, end):
                firm = run_doc[place]
                if hint[firm] < hinted or seen[firm] >= stamp:
                    continue
                seen[firm] = stamp
                some[size] = firm
                kind[size], bases[size] = trade, value
                size += 1
                if size == together:
                    looked += size
                    looked_at(columns, ask, scratch, size, best, steps, lifts, budget)
                    least = threshold(best)
                    size = 0
    looked_at(columns, ask, scratch, size, best, steps, lifts, budget)
    return looked + size


@compiled
def high(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    firms: Array,
    best: Best,
    steps: Array,
    lifts: Array,
    budget: Budget,
) -> None:
    """Look at those of some firms whose hint, trade and place may do."""
    seen, some, kind, hint, bases = (
        scratch.seen, scratch.some, scratch.kind, scratch.hints, scratch.bases,
    )  # fmt: skip
    trade_at, trade_id, unit = columns.trade_at, columns.trade_id, steps[0]
    most, _near, _far = best_base(columns, ask)
    size = 0
    for number, firm in enumerate(firms):
        rest = threshold(best) - ask.capacity - ask.size - lifts[0] - lifts[1]
        if seen[firm] < stamp and most + hint[firm] * unit >= rest:
            some[size] = firm
            size += 1
        if size == budget.together or (size and number == firms.shape[0] - 1):
            scoring.givens(columns, ask, scratch, some, size, bases)
            kept = 0
            for at in range(size):
                if bases[at] + hint[some[at]] * unit >= rest:
                    seen[some[at]] = stamp
                    some[kept], bases[kept] = some[at], bases[at]
                    kind[kept] = trade_id[trade_at[some[at]]]
                    kept += 1
            looked_at(columns, ask, scratch, kept, best, steps, lifts, budget)
            size = 0


@compiled
def _placed(
    columns: Columns, ask: Ask, scratch: Scratch, start: int, end: int, wanted: float, unit: float
) -> int:
    """Keep those of ``scratch.some`` from ``start`` to ``end`` whose site and hint are enough.

    Returns:
        Where those kept end.
    """
    site_at, site_id, near, far = columns.site_at, columns.site_id, ask.near, ask.far
    some, kind, bases, hint = scratch.some, scratch.kind, scratch.bases, scratch.hints
    none, kept, fetched = scratch.most.shape[0] - 1, start, 0
    # Touched one after another, each apart from the others, so that they come together.
    for at in range(start, end):
        fetched += site_at[some[at]]
    for at in range(start, end):
        fetched += site_id[site_at[some[at]]]
    scratch.fetched[0] += fetched
    for at in range(start, end):
        firm, place = some[at], 0.0
        for own in range(site_at[firm], site_at[firm + 1]):
            place = max(place, near[site_id[own]], far[site_id[own]])
        if place + hint[firm] * unit >= wanted:
            some[kept], kind[kept], bases[kept] = firm, none, place
            kept += 1
    return kept


@compiled
def strangers(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    words: Array,
    least: int,
    best: Best,
    steps: Array,
    lifts: Array,
    budget: Budget,
) -> None:
    """Look at those of other trades whose hint, below ``least``, and site may do.

    There are too many of them near a place to ask each for its hint, so holders of words are asked
    for their place.
    """
    seen, some, hint, holder_at, holder = (
        scratch.seen, scratch.some, scratch.hints, columns.holder_at, columns.holder,
    )  # fmt: skip
    unit, none, size, kept = steps[0], scratch.most.shape[0] - 1, 0, 0
    for word in words:
        beyond = scratch.most[none] if scratch.seen_of[none] >= budget.enough else lifts[0]
        wanted = threshold(best) - ask.capacity - ask.size - beyond - lifts[1]
        low = max(1, math.ceil((wanted - ask.place) / unit))
        if low >= least:
            break
        for at in range(holder_at[word], holder_at[word + 1]):
            firm = holder[at]
            if hint[firm] < low or seen[firm] >= stamp:
                continue
            seen[firm] = stamp
            some[size] = firm
            size += 1
            if size == budget.together:
                kept = size = _placed(columns, ask, scratch, kept, size, wanted, unit)
                if 2 * kept > budget.together:
                    looked_at(columns, ask, scratch, kept, best, steps, lifts, budget)
                    kept = size = 0
        kept = size = _placed(columns, ask, scratch, kept, size, wanted, unit)
    looked_at(columns, ask, scratch, kept, best, steps, lifts, budget)
