"""The inner loops of the index, compiled by Numba when they are first used.

A score is a sum. Trade, place and capacity are looked up in small tables; words, branches and runs
of letters are sparse products over what the firm says. How alike a common word is to the need is
worked out from the need's letters beforehand, a rare one's when it is met.

:func:`every` looks at all firms. :func:`likely` looks at those who may come near the top: first
at those who hold the need's rarest words, then at firms by what trade and place give, best first,
until what firms of a trade say could hardly lift the next ones into the list. How many is bounded,
so that no need is slow.

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

__all__ = ["every", "likely"]

Function = TypeVar("Function", bound=Callable[..., Any])


def _inlined(function: Function) -> Function:
    """Compile a step into its loop: handing over so many arrays takes longer than the step."""
    return cast("Function", njit(inline="always")(function))


#: Of those who hold a telling word so many are looked at to learn what it gives.
_TRIED = 16
#: So many firms are fetched into the processor's memory before they are worked on.
_AHEAD = 64


@compiled
def _fetch_bases(columns: Columns, firms: Array, start: int, stop: int) -> float:
    """Read what :func:`_bases` will, each firm apart from the others, so that they come together.

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
def _bases(
    columns: Columns, ask: Ask, scratch: Scratch, firms: Array, size: int, found: Array
) -> None:
    """Fill ``found`` with what trade, place, capacity and size give the first ``size`` firms."""
    # Arrays are taken out of their tuples once: each access through one is counted, and is slow.
    trade_at, trade_id, trade_weight = columns.trade_at, columns.trade_id, columns.trade_weight
    site_at, site_id, turnover, sizes = (
        columns.site_at, columns.site_id, columns.turnover, columns.size,
    )  # fmt: skip
    points, by_van, near, far, rule = ask.trade, ask.by_van, ask.near, ask.far, ask.carry
    unsized = math.isnan(ask.yearly)
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
    _common(columns, scratch, firms, size)
    _rare(columns, ask, scratch, firms, size)
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
def _common(columns: Columns, scratch: Scratch, firms: Array, size: int) -> None:
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
def _rare(columns: Columns, ask: Ask, scratch: Scratch, firms: Array, size: int) -> None:
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
def _begin(columns: Columns, ask: Ask, scratch: Scratch) -> None:
    near_at, near_id, near_value = columns.near_at, columns.near_id, columns.near_value
    said, letters, prefixes = scratch.said, scratch.letters, ask.prefixes
    for at in range(ask.word.shape[0]):
        said[prefixes + ask.word[at], 0] = ask.word_value[at]
    for at in range(ask.branch.shape[0]):
        said[ask.branch[at], 0] = ask.branch_value[at]
    for at in range(ask.run.shape[0]):
        run, value = ask.run[at], ask.run_value[at]
        letters[run] = value
        for near in range(near_at[run], near_at[run + 1]):
            said[prefixes + near_id[near], 1] += value * near_value[near]


@compiled
def _end(columns: Columns, ask: Ask, scratch: Scratch) -> None:
    near_at, near_id = columns.near_at, columns.near_id
    said, letters, prefixes = scratch.said, scratch.letters, ask.prefixes
    for at in range(ask.word.shape[0]):
        said[prefixes + ask.word[at], 0] = 0.0
    for at in range(ask.branch.shape[0]):
        said[ask.branch[at], 0] = 0.0
    for at in range(ask.run.shape[0]):
        run = ask.run[at]
        letters[run] = 0.0
        for near in range(near_at[run], near_at[run + 1]):
            said[prefixes + near_id[near], 1] = 0.0
    last = scratch.worked.shape[0] - 1
    for at in range(scratch.worked[last]):
        said[scratch.worked[at], 1] = -1.0
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
def every(columns: Columns, ask: Ask, scratch: Scratch, scores: Array, firms: Array) -> int:
    """Fill ``scores`` and ``firms`` (ranks) with the best of all firms; return how many."""
    _begin(columns, ask, scratch)
    bases, some = scratch.bases, scratch.some
    texts = np.empty(some.shape[0])
    found = 0
    size = 0
    for firm in range(columns.rank.shape[0]):
        if not columns.blocked[firm]:
            some[size] = firm
            size += 1
        if size == some.shape[0] or firm == columns.rank.shape[0] - 1:
            _bases(columns, ask, scratch, some, size, bases)
            _texts(columns, ask, scratch, some, size, texts)
            for at in range(size):
                rank = columns.rank[some[at]]
                found = _push(scores, firms, found, bases[at] + texts[at], rank)
            size = 0
    _end(columns, ask, scratch)
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
    _common(columns, scratch, some, size)
    if full:
        # Most can be left out before words that few have are looked at.
        size = _could_rise(columns, ask, scratch, size, scores[0], lifts[2])
    _bases(columns, ask, scratch, some, size, bases)
    if full:
        size = _could_rise(columns, ask, scratch, size, scores[0], lifts[2])
    for at in range(size):
        before[at] = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
    _rare(columns, ask, scratch, some, size)
    for at in range(size):
        text = texts[at] + ask.letters * min(1.0, alike[at] * stretch[some[at]])
        lifts[kind[at] % 2] = max(lifts[kind[at] % 2], text * budget.caution)
        lifts[2] = max(lifts[2], (text - before[at]) * budget.caution)
        most[kind[at]] = max(most[kind[at]], text * budget.caution)
        found = _push(scores, firms, found, bases[at] + text, columns.rank[some[at]])
    return found


@_inlined
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
    _begin(columns, ask, scratch)
    seen, some = scratch.seen, scratch.some
    run_at, run_doc, chain = columns.run_at, columns.run_doc, scratch.chain
    run_trade, values, bases, kind = (
        columns.run_trade, scratch.given, scratch.bases, scratch.kind,
    )  # fmt: skip
    scratch.most[:] = 0.0
    scratch.seen_of[:] = 0
    telling, done = 2 * stamp, 2 * stamp + 1
    words = _telling(columns, ask, scratch, budget)
    _mark(columns, scratch, telling, words, budget)
    # The most that texts gave so far: without telling words, with them, and by rare words alone.
    lifts = np.zeros(3)
    found = _tried(columns, ask, scratch, done, words, scores, firms, lifts, budget)
    most = _by_steps(columns, ask, scratch)
    steps = scratch.head.shape[0] - 1
    rest = most / steps + ask.capacity + ask.size
    looked, size = 0, 0
    for step in range(steps, -1, -1):
        above = step * most / steps + rest + max(lifts[0], lifts[1])
        full = found == scores.shape[0] and looked >= budget.least
        if looked >= budget.most or (full and above < scores[0]):
            break
        run = scratch.head[step]
        while run >= 0:
            of, up = 2 * run_trade[run], values[run] + rest
            plain, lift = _lift(scratch, of, budget, lifts), _lift(scratch, of + 1, budget, lifts)
            if full and up + max(plain, lift) < scores[0]:
                run = chain[run]
                continue
            poor = full and up + plain < scores[0]
            for at in range(run_at[run], run_at[run + 1]):
                firm = run_doc[at]
                if seen[firm] >= done or (poor and seen[firm] != telling):
                    continue
                some[size] = firm
                bases[size] = up
                kind[size] = of + 1 if seen[firm] == telling else of
                seen[firm] = done
                size += 1
                if size == some.shape[0]:
                    looked += size
                    careful = 1 if looked <= budget.least else 0
                    found = _looked_at(
                        columns, ask, scratch, size, scores, firms, found, careful, lifts, budget
                    )
                    size = 0
            run = chain[run]
        if size:
            looked += size
            careful = 1 if looked <= budget.least else 0
            found = _looked_at(
                columns, ask, scratch, size, scores, firms, found, careful, lifts, budget
            )
            size = 0
    _end(columns, ask, scratch)
    return found
