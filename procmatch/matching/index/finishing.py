"""From firms read in brief to the best by the policy, compiled by Numba when it is first used."""

from __future__ import annotations

import numpy as np

from procmatch.matching.index import briefs, scoring
from procmatch.matching.index.scoring import push
from procmatch.matching.index.shapes import Array, Ask, Best, Budget, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["BRIEFLY", "KEPT", "SCORED", "finish", "looked_at", "threshold"]

#: Places in ``Best.size``.
BRIEFLY, KEPT, SCORED = 0, 1, 2
#: What rare words may give, as far as nothing is seen.
_RARE = 0.005
#: So many are scored together, before it is asked who still may be among the best.
_TOGETHER = 16


@compiled
def threshold(best: Best) -> float:
    """Return what the last of a full list got in brief, or less than anything."""
    return best.briefly[0] if best.size[BRIEFLY] == best.briefly.shape[0] else -1.0


@compiled
def looked_at(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    size: int,
    best: Best,
    steps: Array,
    lifts: Array,
    budget: Budget,
) -> None:
    """Read ``size`` firms of ``scratch.some`` in brief and keep those who may be among the best.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in; ``bases`` holds what trade and place give.
        size: how many firms.
        best: the best so far.
        steps: what hints, and what the two sides of briefs are counted in.
        lifts: the most so far of what texts gave beyond their hints, and rare words.
        budget: how much more than that is believed.
    """
    bases, texts, some, before = scratch.bases, scratch.texts, scratch.some, scratch.before
    most, seen, kind, hint = scratch.most, scratch.seen_of, scratch.kind, scratch.hints
    briefly, briefly_of, kept, kept_of, sizes = (
        best.briefly, best.briefly_of, best.kept, best.kept_of, best.size,
    )  # fmt: skip
    unit, limit, caution = steps[0], briefly.shape[0], budget.caution
    if sizes[KEPT] + size > kept.shape[0]:
        finish(columns, ask, scratch, best, lifts, budget, budget.worked)
        sizes[KEPT] = 0
    briefs.read(columns, ask, scratch, size, steps[1], steps[2])
    found, many, lift, rest = sizes[BRIEFLY], sizes[KEPT], lifts[0], ask.size + max(lifts[1], _RARE)
    for at in range(size):
        firm, trade = some[at], kind[at]
        beyond = (texts[at] - hint[firm] * unit) * caution
        lift = max(lift, beyond)
        most[trade] = max(most[trade], beyond)
        seen[trade] += 1
        score = bases[at] + before[at] + texts[at]
        if found < limit or score + rest >= briefly[0]:
            found = push(briefly, briefly_of, found, score, firm)
            kept[many] = score
            kept_of[many] = firm
            many += 1
    sizes[BRIEFLY], sizes[KEPT], lifts[0] = found, many, lift


@compiled
def _scored(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    firms: Array,
    best: Best,
    lifts: Array,
    budget: Budget,
) -> None:
    """Work the policy out for some firms, and keep the best."""
    size = firms.shape[0]
    bases, texts = np.empty(size), np.empty(size)
    alike, said, stretch = scratch.alike, scratch.texts, columns.stretch
    scoring.bases(columns, ask, scratch, firms, size, bases)
    scoring.common(columns, scratch, firms, size)
    for at in range(size):
        texts[at] = said[at] + ask.letters * min(1.0, alike[at] * stretch[firms[at]])
    scoring.rare(columns, ask, scratch, firms, size)
    found = best.size[SCORED]
    for at in range(size):
        text = said[at] + ask.letters * min(1.0, alike[at] * stretch[firms[at]])
        lifts[1] = max(lifts[1], (text - texts[at]) * budget.caution)
        score, rank = bases[at] + text, columns.rank[firms[at]]
        found = push(best.scores, best.firms, found, score, rank)
    best.size[SCORED] = found


@compiled
def finish(
    columns: Columns,
    ask: Ask,
    scratch: Scratch,
    best: Best,
    lifts: Array,
    budget: Budget,
    many: int,
) -> None:
    """Work the policy out for those kept, best first, as long as one may be among the best.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in.
        best: the best so far; who gets a score is no longer kept.
        lifts: what rare words gave at most, and more from now on.
        budget: how much more than that is believed.
        many: stop after about so many.
    """
    scores, kept = best.scores, best.kept[: best.size[KEPT]]
    rest = ask.size + max(lifts[1], _RARE)
    who = np.flatnonzero(kept >= max(0.0, threshold(best) - rest))
    # Of those that are alike in brief the first by key come first: a score may be theirs as well.
    who = who[np.argsort(columns.rank[best.kept_of[who]])]
    who = who[np.argsort(-kept[who], kind="mergesort")]
    for start in range(0, min(many, who.shape[0]), _TOGETHER):
        own = who[start : start + _TOGETHER]
        full = best.size[SCORED] == scores.shape[0]
        if full and kept[own[0]] + ask.size + max(lifts[1], _RARE) < scores[0]:
            break
        _scored(columns, ask, scratch, best.kept_of[own], best, lifts, budget)
        kept[own] = -1.0
