"""The inner loops of the index, compiled by Numba when they are first used.

A score is a sum. Trade, place and capacity are looked up in small tables; words, branches and runs
of letters are sparse products over what the firm says.

:func:`every` looks at all firms. :func:`likely` looks at those who may come near the top: firms
that share the rarest words of the need, then firms by what trade and place give, best first, until
what they say could hardly lift the next ones into the list. How many is bounded, so that no need is
slow.

All compiled code of the index stands in this file: what Numba keeps on disk is renewed when the
file changes, not when another file does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

from procmatch.matching.relevance.loops import compiled

__all__ = [
    "Ask", "Budget", "Carry", "Columns", "Scratch", "every", "given", "likely", "spell",
]  # fmt: skip

Array = npt.NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., Any])


def _inlined(function: Function) -> Function:
    """Compile a step into its loop: handing over so many arrays takes longer than the step."""
    return cast("Function", njit(inline="always")(function))


class Columns(NamedTuple):
    """Firms as arrays. ``*_at`` are starts as in CSR; ids are int32 unless said otherwise.

    Attributes:
        trade_at, trade_id (int16), trade_weight: firm -> its trades.
        site_at, site_id: firm -> its sites.
        turnover: float32, not a number when unknown. size: float32, 0 when unknown.
        blocked: uint8, 1 for those no list may show.
        rank: where the firm's key stands in order.
        row_at, row_id, row_value: firm -> branches, then words, common ones first, each row of
            length one; words are numbered after the branches. row_mid: where words that are not
            common begin.
        stretch: float32, from a row of words to one over runs of letters.
        post_at, post_doc, post_value: word -> firms.
        run_of_trade, run_at, run_site, run_weight, run_doc: trade -> site -> firms; after the last
            trade all firms by site.
        letter_at, letter_id, letter_value: word -> runs of letters.
    """

    trade_at: Array
    trade_id: Array
    trade_weight: Array
    site_at: Array
    site_id: Array
    turnover: Array
    size: Array
    blocked: Array
    rank: Array
    row_at: Array
    row_mid: Array
    row_id: Array
    row_value: Array
    stretch: Array
    post_at: Array
    post_doc: Array
    post_value: Array
    run_of_trade: Array
    run_at: Array
    run_site: Array
    run_weight: Array
    run_doc: Array
    letter_at: Array
    letter_id: Array
    letter_value: Array


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
        branch, branch_value: CPV branches, likewise. prefixes: how many there are.
        run, run_value: runs of letters, of length one. letters: what they count.
        trade: points by trade. trades: what they count.
        by_van: uint8, by trade: 1 where ``far`` holds, else ``near``.
        near, far: points by site times what they count.
        capacity: what it counts. yearly: value a year, not a number when unknown.
        carry: how the two meet. It is handed over, for a figure compiled in would stay when it
            changes elsewhere.
        size: what it counts.
    """

    word: Array
    prefixes: int
    word_value: Array
    branch: Array
    branch_value: Array
    run: Array
    run_value: Array
    letters: float
    trade: Array
    trades: float
    by_van: Array
    near: Array
    far: Array
    capacity: float
    yearly: float
    carry: Carry
    size: float


class Scratch(NamedTuple):
    """Room to work in, one for each thread; as it began between two needs, but for ``seen``.

    Attributes:
        said: float32, branches then words x 2: what the need gives for each, and how like it is to
            the need by its letters, below 0 where this was not worked out yet; always 0 for
            branches.
        worked: int32, words that were worked out.
        letters: float32, runs of letters of the need.
        shared: float32, firms. seen: int32, firms: the stamp of the need that looked at it.
        touched: int32, firms.
        best: int32, sharers of rare words. parts: float64, what they share.
        some: int32, firms that are looked at together. bases, texts, alike: float64, what
            they get.
        given: float32, runs of firms: what their trade and site give.
        chain: int32, runs of firms: the next one that gives as much.
        head: int32, one longer than there are steps: the first run of each.
    """

    said: Array
    worked: Array
    letters: Array
    shared: Array
    seen: Array
    touched: Array
    best: Array
    parts: Array
    some: Array
    bases: Array
    texts: Array
    alike: Array
    given: Array
    chain: Array
    head: Array


class Budget(NamedTuple):
    """How much is looked at for a need.

    Attributes:
        postings: firms of rare words added up.
        sharers: of those the best that are looked at whole.
        least: firms looked at for trade and place before it may end.
        most: and at most.
    """

    postings: int
    sharers: int
    least: int
    most: int
    caution: float


@compiled
def spell(
    letter_at: Array,
    letter_id: Array,
    letter_value: Array,
    word: Array,
    times: Array,
    strange: Array,
    strange_times: Array,
    room: Array,
) -> tuple[Array, Array]:
    """Return a need as runs of letters and their values, of length one.

    Args:
        letter_at: word -> its runs, as in CSR.
        letter_id: of all words.
        letter_value: weighed by how rare they are.
        word: the need's words.
        times: how much each counts.
        strange: further runs.
        strange_times: how much each counts, weighed.
        room: float32, runs; all 0, before and after.
    """
    most = strange.shape[0]
    for at in range(word.shape[0]):
        most += letter_at[word[at] + 1] - letter_at[word[at]]
    ids = np.empty(most, dtype=np.int32)
    size = 0
    for at in range(word.shape[0]):
        for run in range(letter_at[word[at]], letter_at[word[at] + 1]):
            if room[letter_id[run]] == 0.0:
                ids[size] = letter_id[run]
                size += 1
            room[letter_id[run]] += times[at] * letter_value[run]
    for at in range(strange.shape[0]):
        if room[strange[at]] == 0.0:
            ids[size] = strange[at]
            size += 1
        room[strange[at]] += strange_times[at]
    values = np.empty(size, dtype=np.float32)
    square = 0.0
    for at in range(size):
        value = room[ids[at]]
        room[ids[at]] = 0.0
        values[at] = value
        square += value * value
    if square > 0.0:
        values /= np.float32(math.sqrt(square))
    return ids[:size], values


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
def _sharers(
    columns: Columns, ask: Ask, scratch: Scratch, stamp: int, postings: int, most: int
) -> int:
    """Leave in ``scratch.best`` the firms that share the rarest words; return how many."""
    post_at, post_doc, post_value = columns.post_at, columns.post_doc, columns.post_value
    seen, shared, touched, blocked = scratch.seen, scratch.shared, scratch.touched, columns.blocked
    count = 0
    for at in range(ask.word.shape[0]):
        start, end, value = post_at[ask.word[at]], post_at[ask.word[at] + 1], ask.word_value[at]
        postings -= end - start
        if postings < 0:
            break
        for place in range(start, end):
            firm = post_doc[place]
            if seen[firm] != stamp:
                seen[firm] = stamp
                shared[firm] = 0.0
                touched[count] = firm
                count += 1
            shared[firm] += value * post_value[place]
    best, parts = scratch.best[:most], scratch.parts[:most]
    size = 0
    for at in range(count):
        firm = touched[at]
        if not blocked[firm]:
            size = _push(parts, best, size, shared[firm], firm)
    return size


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
def likely(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    stamp: int,
    scores: Array,
    firms: Array,
    budget: Budget,
    count: Array,
) -> int:
    """Fill ``scores`` and ``firms`` (ranks) with the best of those who may come near the top.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in.
        stamp: a number never used before with this room; its negative is used as well.
        scores: to be filled.
        firms: to be filled.
        budget: how much is looked at.

    Returns:
        How many were found.
    """
    _begin(ask, scratch)
    seen, blocked, rank = scratch.seen, columns.blocked, columns.rank
    run_at, run_doc, chain = columns.run_at, columns.run_doc, scratch.chain
    bases, texts, some, best = scratch.bases, scratch.texts, scratch.some, scratch.best
    sharers = _sharers(columns, ask, scratch, stamp, budget.postings, budget.sharers)
    _bases(columns, ask, best, sharers, bases)
    _texts(columns, ask, scratch, best, sharers, texts)
    found = 0
    for at in range(sharers):
        seen[best[at]] = -stamp
        found = _push(scores, firms, found, bases[at] + texts[at], rank[best[at]])
    most = _by_steps(columns, ask, scratch)
    steps = scratch.head.shape[0] - 1
    looked = 0
    lift = 0.0
    margin = 0.0
    size = 0
    before = np.empty(some.shape[0])
    row_at, row_mid, stretch = columns.row_at, columns.row_mid, columns.stretch
    for step in range(steps, -1, -1):
        full = found == scores.shape[0]
        above = (step + 1) * most / steps + ask.capacity + ask.size + lift
        if looked >= budget.most or (full and looked >= budget.least and above < scores[0]):
            break
        run = scratch.head[step]
        while run >= 0:
            at = run_at[run]
            end = run_at[run + 1]
            run = chain[run]
            while at < end:
                firm = run_doc[at]
                at += 1
                if seen[firm] != -stamp and not blocked[firm]:
                    seen[firm] = -stamp
                    some[size] = firm
                    size += 1
                if size == some.shape[0] or (at == end and run < 0):
                    _bases(columns, ask, some, size, bases)
                    looked += size
                    if found == scores.shape[0] and looked > budget.least:
                        # Those are left out whom no text seen so far would lift into the list.
                        kept = 0
                        for other in range(size):
                            if bases[other] + lift >= scores[0]:
                                bases[kept] = bases[other]
                                some[kept] = some[other]
                                kept += 1
                        size = kept
                    count[1] += size
                    alike = scratch.alike
                    for other in range(size):
                        texts[other] = 0.0
                        alike[other] = 0.0
                    _add(columns, ask, scratch, some, size, texts, row_at[:-1], row_mid)
                    # Most can be left out before words that few have are looked at.
                    if found == scores.shape[0] and looked > budget.least:
                        kept = 0
                        for other in range(size):
                            letters = ask.letters * min(1.0, alike[other] * stretch[some[other]])
                            part = bases[other] + texts[other] + letters
                            if part + margin >= scores[0]:
                                bases[kept] = bases[other]
                                texts[kept] = texts[other]
                                alike[kept] = alike[other]
                                some[kept] = some[other]
                                kept += 1
                        size = kept
                    for other in range(size):
                        before[other] = texts[other] + ask.letters * min(
                            1.0, alike[other] * stretch[some[other]]
                        )
                    count[2] += size
                    _add(columns, ask, scratch, some, size, texts, row_mid, row_at[1:])
                    for other in range(size):
                        text = texts[other] + ask.letters * min(
                            1.0, alike[other] * stretch[some[other]]
                        )
                        lift = max(lift, text * budget.caution)
                        margin = max(margin, (text - before[other]))
                        score = bases[other] + text
                        found = _push(scores, firms, found, score, rank[some[other]])
                    size = 0
    count[0] += looked
    _end(ask, scratch)
    return found
