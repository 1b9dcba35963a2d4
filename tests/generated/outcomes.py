"""Results of competitions: who won, what was called off, and how a result names its call."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tests.generated import words
from tests.generated.corrections import hide
from tests.generated.dice import Dice
from tests.generated.drafts import SWITCH, Draft, Story, issue
from tests.generated.model import Lot, LotResult

__all__ = ["decide", "outcome"]


def decide(story: Story, last: Draft, dice: Dice, names: Sequence[str]) -> None:
    """Publish what came of a competition, in one notice or two.

    Args:
        story: the purchase.
        last: the newest notice of its competition.
        dice: chance.
        names: what winners are called.
    """
    assert last.state.deadline
    shares = dice.shares
    lots = last.state.lots
    cancelled = dice.happens(shares.cancelled_by_result)
    several = len(lots) > 1 and not cancelled and dice.happens(shares.several)
    moment = last.state.deadline
    published = False
    for part in (lots[:1], lots[1:]) if several else (lots,):
        moment += dice.days(15, 60)
        results = outcome(part, dice, names, awarded=not cancelled)
        published = _publish(story, last, moment, results, dice) or published
    if cancelled and published:
        story.cancelled = "result"


def outcome(
    lots: Sequence[Lot], dice: Dice, names: Sequence[str], *, awarded: bool
) -> tuple[LotResult, ...]:
    """Return a winner for each lot, or nobody; of some the first lot has none."""
    partly = awarded and len(lots) > 1 and dice.happens(dice.shares.partly_cancelled)
    found = []
    for at, lot in enumerate(lots):
        if not awarded or (partly and at == 0):
            found.append(LotResult(lot=lot.id, winner=None, tenders=0))
            continue
        name = dice.chance.choice(names)
        found.append(
            LotResult(
                lot=lot.id,
                # The same name always has the same number.
                winner=(f"{name} leverandør AS", words.number(random.Random(name))),
                value=dice.chance.randrange(1, 300) * 10_000,
                tenders=dice.chance.randrange(1, 8),
            )
        )
    return tuple(found)


def _publish(
    story: Story, last: Draft, moment: datetime, results: tuple[LotResult, ...], dice: Dice
) -> bool:
    tie, folder = _tie(story, last, moment, dice)
    state = replace(last.state, deadline=None)
    result = issue(
        story,
        dice,
        "result",
        moment,
        state,
        folder=folder,
        earlier=last if tie == "reference" else None,
        results=results,
        tie=tie,
    )
    if result is None:
        return False
    if not result.converted and dice.happens(dice.shares.corrected_result):
        _correct(story, result, dice)
    awarded = any(one.winner for one in results)
    if awarded and tie == "procedure" and dice.happens(dice.shares.modified):
        later = moment + dice.days(100, 300)
        issue(story, dice, "modification", later, state, results=results)
    return True


def _tie(story: Story, last: Draft, moment: datetime, dice: Dice) -> tuple[str, str]:
    """Return how a result names its competition, and its procedure id."""
    if moment < SWITCH:
        # Every converted result has its own number; only TED numbers tie it.
        on_ted = story.regime == "eu" and dice.happens(0.7)
        return "reference" if on_ted else "probable", "own"
    tie = "procedure" if story.repeated else dice.pick(dice.shares.ties)
    if last.converted and tie == "procedure":
        tie = "reference"
    return tie, story.folder if tie == "procedure" else dice.uuid()


def _correct(story: Story, result: Draft, dice: Dice) -> None:
    results = tuple(
        replace(one, value=one.value + 1000) if one.value else one for one in result.results
    )
    corrected = issue(
        story,
        dice,
        "result",
        result.moment + dice.days(1, 10),
        result.state,
        folder=result.folder,
        parent=result,
        style="new uuid",
        reason="mod-cir",
        earlier=result.earlier,
        results=results,
        tie=result.tie,
    )
    if corrected:
        hide(result, "new uuid", dice)
