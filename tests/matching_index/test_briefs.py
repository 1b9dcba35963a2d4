"""What is read of firms before the policy is: hints and briefs leave nobody out who could be in.

A brief is rounded up, so a firm never gets less by it than by its branches, common words and
turnover; a hint is what few words give, and never more than all of them do.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

from procmatch.matching.index import FirmIndex, briefs, hints, scoring
from procmatch.matching.index.asking import asking, shares, understood
from procmatch.matching.index.search import _OF_MANY
from procmatch.matching.index.shapes import Array, Ask, Scratch
from procmatch.matching.relevance import POLICY, Firm, Need
from tests.matching_index.market import firms, needs

#: Firms enough for words to be common, and a step of a byte for each of a few words.
MANY, STEP = 21, 0.03
#: Firms of the highest hints that are remembered.
HIGH = 30


def asked(index: FirmIndex, need: Need) -> tuple[Ask, Scratch]:
    room = index.base.room()
    said = understood(index.base, need, room.letters)
    ask = asking(index.base, need, said, shares(POLICY), radius_km=80.0)
    scoring.begin(index.base.columns, ask, room)
    return ask, room


def crowd(market: list[Firm]) -> FirmIndex:
    """Return an index in which each firm stands so often that its words are common."""
    return FirmIndex.build(
        replace(one, key=f"{one.key}-{at}") for one in market for at in range(MANY)
    )


def common_texts(index: FirmIndex, ask: Ask, room: Scratch, size: int) -> Array:
    scoring.common(index.base.columns, room, room.some, size)
    alike = room.alike[:size] * index.base.columns.stretch[room.some[:size]]
    found: Array = room.texts[:size] + ask.letters * np.minimum(1.0, alike)
    return found


@settings(max_examples=20)
@given(firms(least=1, most=4), needs())
def test_a_brief_gives_no_less_than_the_firm_gets_and_little_more(
    market: list[Firm], need: Need
) -> None:
    index = crowd(market)
    ask, room = asked(index, need)
    size = min(len(index), len(room.some))
    room.some[:size] = np.arange(size)
    exact = common_texts(index, ask, room, size)
    briefs.read(index.base.columns, ask, room, size, *briefs.sides(index.base.columns, ask, room))
    assert np.all(room.texts[:size] >= exact - 1e-6)
    assert np.all(room.texts[:size] <= exact + STEP)


@pytest.mark.parametrize("yearly", [None, 1e4, 3e5, 1e7])
def test_a_turnover_in_brief_carries_no_less_and_little_more(yearly: float | None) -> None:
    turnover = (None, 0.0, 1e5, 123_456.0, 5e6, 1e14)
    index = FirmIndex.build(
        Firm(key=str(at), name="En", turnover=one) for at, one in enumerate(turnover)
    )
    ask, room = asked(index, Need(key="", yearly=yearly))
    room.some[: len(turnover)] = np.arange(len(turnover))
    briefs.read(
        index.base.columns, ask, room, len(turnover), *briefs.sides(index.base.columns, ask, room)
    )
    points = index.points(Need(key="", yearly=yearly), list("012345"))["capacity"]
    order = [int(index.base.key(at)) for at in range(len(turnover))]
    exact = np.array(points)[order] * ask.capacity
    assert np.all(room.before[: len(turnover)] >= exact - 1e-9)
    assert np.all(room.before[: len(turnover)] <= exact + 0.03 * ask.capacity)


@settings(max_examples=20)
@given(firms(least=1, most=4), needs())
def test_hints_add_up_what_words_give_and_leave_nothing_behind(
    market: list[Firm], need: Need
) -> None:
    index = crowd(market)
    columns = index.base.columns
    ask, room = asked(index, need)
    told, worth = hints.telling(columns, ask, room, _OF_MANY)
    assume(len(told))
    assert np.all(np.diff(worth) <= 0)
    unit = float(worth.sum()) / hints.STEPS
    least, size = hints.give(columns, room, told, worth, 1.0 / unit, HIGH)
    of_all = room.hints.copy()
    for firm in range(len(index)):
        held = [
            one for one in told if firm in columns.holder[slice(*columns.holder_at[one : one + 2])]
        ]
        assert bool(of_all[firm]) <= bool(held)
        assert of_all[firm] * unit <= sum(worth[told == one][0] for one in held) + 1e-6
    assert size <= HIGH
    assert sorted(room.high[:size]) == np.flatnonzero(of_all >= least).tolist()
    hints.forget(columns, room, told)
    assert not room.hints.any()
