"""A firm in brief: its branches, common words and turnover, side by side and rounded up.

What a brief gives is no less than what the firm gets without its rare words, and little more.
Nearly all who are read are left out by it; it lies in one or two lines of the processor's memory,
and what the policy reads lies in a dozen.
"""

from __future__ import annotations

import math

import numpy as np

from procmatch.matching.index.shapes import Array, Ask, Columns, Scratch
from procmatch.matching.relevance.loops import compiled

__all__ = ["MOST_COLUMNS", "read", "shorten", "sides", "turnovers"]

#: Of branches and common words together: numbered in two bytes, with room for branches to come.
MOST_COLUMNS = 60_000
#: Before the words: how many there are, stretch, turnover.
_HEAD = 3
#: Steps of how much a word is in a firm, and of stretch.
_STEPS, _FINE = 255, 65_535
#: What a need gives for a word is counted in so many steps, two numbers in one.
_GIVEN, _HALF = 16_000.0, 32
_LOW = 2**32 - 1
#: So many briefs are fetched into the processor's memory before they are read.
_AHEAD = 32
#: Steps in which a turnover doubles, and how many there are.
_DOUBLING, _TURNOVERS = 32, 1_024


def turnovers(turnover: Array, least: float) -> tuple[Array, Array]:
    """Return each firm's step of turnover (uint16, 0 when unknown), and the most of each step.

    Args:
        turnover: not a number when unknown.
        least: a turnover below counts as this.
    """
    with np.errstate(invalid="ignore"):
        step = 1 + np.ceil(np.log2(np.maximum(turnover, least) / least) * _DOUBLING)
    step = np.where(np.isnan(turnover), 0, np.minimum(step, _TURNOVERS - 1))
    most = least * 2.0 ** (np.arange(_TURNOVERS) / _DOUBLING)
    most[0], most[-1] = math.nan, math.inf
    return step.astype(np.uint16), most


@compiled
def shorten(
    row_at: Array, row_mid: Array, row_id: Array, row_value: Array, stretch: Array, turnover: Array
) -> tuple[Array, Array, float]:
    """Return where each firm's brief begins, all briefs (uint16), and a step of stretch.

    Args:
        row_at: firm -> branches, then words, as in CSR.
        row_mid: where those that are not common begin; they are left out.
        row_id: of all firms.
        row_value: likewise, 0..1.
        stretch: of each firm.
        turnover: of each firm, in steps.
    """
    firms = len(row_mid)
    starts = np.zeros(firms + 1, dtype=np.int32)
    most = 1e-9
    for firm in range(firms):
        many = row_mid[firm] - row_at[firm]
        starts[firm + 1] = starts[firm] + _HEAD + many + (many + 1) // 2
        most = max(most, stretch[firm])
    found = np.zeros(starts[-1], dtype=np.uint16)
    for firm in range(firms):
        many, place = row_mid[firm] - row_at[firm], starts[firm]
        found[place] = many
        found[place + 1] = min(_FINE, math.ceil(stretch[firm] / most * _FINE))
        found[place + 2] = turnover[firm]
        place += _HEAD
        for at in range(many):
            own = row_at[firm] + at
            step = min(_STEPS, math.ceil(row_value[own] * _STEPS))
            found[place + at] = row_id[own]
            found[place + many + at // 2] += step if at % 2 == 0 else step * (_STEPS + 1)
    return starts, found, most / _FINE


@compiled
def sides(columns: Columns, ask: Ask, scratch: Scratch) -> tuple[float, float]:
    """Fill ``scratch.given_for`` and ``carried`` with what a need gives; return the two steps.

    What a word gives as it is, and by its letters, stand in the two halves of one number.
    """
    said, both, carried = scratch.said, scratch.both, scratch.carried
    touched, prefixes = scratch.touched, ask.prefixes
    size = touched[touched.shape[0] - 1]
    first = np.float32(1e-9)
    second = np.float32(1e-9)
    for at in range(ask.branch.shape[0]):
        first = max(first, said[ask.branch[at], 0])
    for at in range(size):
        word = prefixes + touched[at]
        first = max(first, said[word, 0])
        second = max(second, said[word, 1])
    one, other = np.float32(_GIVEN) / first, np.float32(_GIVEN) / second
    for at in range(ask.branch.shape[0]):
        high = np.int64(said[ask.branch[at], 0] * one)
        both[ask.branch[at]] = (high + (said[ask.branch[at], 0] > 0.0)) << _HALF
    for at in range(size):
        word = prefixes + touched[at]
        high, low = np.int64(said[word, 0] * one), np.int64(said[word, 1] * other)
        high += said[word, 0] > 0.0
        low += said[word, 1] > 0.0
        both[word] = (high << _HALF) + low
    rule, most = ask.carry, columns.brief_turnover
    unsized = math.isnan(ask.yearly)
    for step in range(most.shape[0]):
        points = rule.unknown
        if not unsized and step:
            load = ask.yearly / most[step]
            points = 1.0 if load <= rule.easy else max(0.0, 1.0 - (load - rule.easy) / rule.span)
        carried[step] = ask.capacity * points
    return float(1.0 / (one * _STEPS)), float(1.0 / (other * _STEPS))


@compiled
def _fetch(columns: Columns, firms: Array, start: int, stop: int) -> int:
    """Touch briefs, each apart from the others, so that they come together."""
    brief_at, brief = columns.brief_at, columns.brief
    sums = 0
    for at in range(start, stop):
        sums += brief_at[firms[at]]
    for at in range(start, stop):
        begin = brief_at[firms[at]]
        sums += brief[begin] + brief[min(begin + _HALF, brief.shape[0] - 1)]
    return sums


@compiled
def read(columns: Columns, ask: Ask, scratch: Scratch, size: int, one: float, other: float) -> None:
    """Fill ``texts`` and ``before`` of ``scratch`` with the most that texts and capacity may give.

    Args:
        columns: the firms.
        ask: the need.
        scratch: room to work in; the first ``size`` of ``some`` are read.
        size: how many firms.
        one: what :func:`sides` gave.
        other: likewise.
    """
    brief_at, brief, both, carried = columns.brief_at, columns.brief, scratch.both, scratch.carried
    some, texts, before, fine = scratch.some, scratch.texts, scratch.before, columns.brief_step[0]
    for at in range(size):
        if at % _AHEAD == 0:
            scratch.fetched[0] += _fetch(columns, some, at, min(size, at + _AHEAD))
        begin = brief_at[some[at]]
        many = np.int64(brief[begin])
        words = begin + _HEAD
        values = words + many
        total = np.int64(0)
        for pair in range(many >> 1):
            steps = np.int64(brief[values + pair])
            total += both[brief[words + 2 * pair]] * (steps & _STEPS)
            total += both[brief[words + 2 * pair + 1]] * (steps >> 8)
        if many & 1:
            total += both[brief[values - 1]] * np.int64(brief[values + (many >> 1)])
        alike = (total & _LOW) * other * brief[begin + 1] * fine
        texts[at] = (total >> _HALF) * one + ask.letters * min(1.0, alike)
        before[at] = carried[brief[begin + 2]]
