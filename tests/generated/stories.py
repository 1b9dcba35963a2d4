"""What happens to one purchase: planned, called, corrected, cancelled, awarded, modified."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from tests.generated import words
from tests.generated.corrections import before_deadline, call_off, change
from tests.generated.dice import Dice
from tests.generated.drafts import SWITCH, Draft, Story, issue
from tests.generated.model import Lot, State
from tests.generated.outcomes import decide, outcome

__all__ = ["Teller"]

_YEARLY = timedelta(days=300)
_DEADLINE_HOURS = ((10, 0), (11, 0), (12, 30), (22, 0), (9, 59))
_KINDS_OF_ONE_NOTICE = (("planning", 0.25), ("intent", 0.1), ("competition", 0.65))


class Teller:
    """Makes up purchases; the same dice tell the same."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.buyers = words.buyers(dice.chance)
        self.names = words.names(dice.chance)
        self.used: Counter[tuple[str, str]] = Counter()
        self.told: list[Story] = []

    def quiet(self, start: datetime) -> list[Story]:
        """Tell a purchase of one notice, of any kind."""
        story = self._story(start)
        story.ted_only = False
        kind = self.dice.pick(_KINDS_OF_ONE_NOTICE)
        state = self._state(start, kind)
        lots = state.lots
        won = outcome(lots, self.dice, self.names, awarded=True) if kind == "intent" else ()
        issue(story, self.dice, kind, start, state, results=won)
        return [story]

    def purchase(self, start: datetime) -> list[Story]:
        """Tell a purchase: one story, more when a planning notice comes before."""
        shares = self.dice.shares
        rest = 1 - shares.planning - shares.planned - shares.intent
        kind = self.dice.pick(
            (
                ("planning", shares.planning),
                ("planned", shares.planned),
                ("intent", shares.intent),
                ("competition", rest),
            )
        )
        if kind == "planned":
            return self._planned(start)
        story = self._story(start)
        if kind == "planning":
            self._planning(story, start)
        elif kind == "intent":
            self._intent(story, start)
        else:
            if self.dice.happens(shares.repeated):
                story = self._repetition(start) or story
            self._competition(story, start)
            self.told.append(story)
        return [story]

    def _story(self, start: datetime) -> Story:
        dice, shares = self.dice, self.dice.shares
        buyer = dice.chance.choice(self.buyers)
        cpv, nature, what, english = dice.chance.choice(words.PURCHASES)
        pair = (buyer.number, cpv)
        self.used[pair] += 1
        base = int(buyer.number) + int(cpv)
        place = self.names[(base + 7 * self.used[pair]) % len(self.names)]
        national = dice.happens(shares.national)
        rare = shares.qualification + shares.dynamic + shares.announced
        call = dice.pick(
            (
                ("qu-sy", shares.qualification),
                ("dps", shares.dynamic),
                ("pin-cfc-standard", shares.announced),
                ("cn-standard", 1 - rare),
            )
        )
        modern = start >= SWITCH
        return Story(
            buyer=buyer,
            cpv=cpv,
            nature=nature,
            title=f"{what} til {place}",
            english=f"{english} for {place}",
            regime="national" if national else "eu",
            converted=not modern,
            folder=dice.uuid(),
            call="cn-standard" if national else call,
            ted_only=modern and not national and dice.happens(shares.ted_only),
        )

    def _again(self, old: Story) -> Story:
        return replace(old, folder=self.dice.uuid(), drafts=[], cancelled="", ted_only=False)

    def _repetition(self, start: datetime) -> Story | None:
        """The same buyer buys the same by the same name, long after: another purchase."""
        if start < SWITCH + _YEARLY or not self.told:
            return None
        for _ in range(20):
            old = self.dice.chance.choice(self.told)
            if old.converted or old.repeated or not old.drafts:
                continue
            # Where only the name ties a result, nobody could tell the two apart.
            if any(one.tie != "procedure" for one in old.results):
                continue
            if abs(old.drafts[0].moment - start) > _YEARLY:
                old.repeated = True
                return self._again(old)
        return None

    def _state(self, start: datetime, kind: str) -> State:
        chance = self.dice.chance
        value = chance.randrange(2, 400) * 50_000 if self.dice.happens(0.47) else None
        deadline = None
        if kind == "competition":
            day = start + timedelta(days=chance.randrange(18, 50))
            hour, minute = chance.choice(_DEADLINE_HOURS)
            deadline = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        many = chance.choices((1, 2, 3, 5), (0.6, 0.2, 0.15, 0.05))[0]
        return State(
            description="Oppdragsgiver ønsker tilbud som beskrevet i konkurransegrunnlaget.",
            deadline=deadline,
            value=value,
            lots=tuple(_lot(at, many, value) for at in range(1, many + 1)),
        )

    def _planning(self, story: Story, start: datetime) -> Draft | None:
        dice = self.dice
        first = issue(story, dice, "planning", start, self._state(start, "planning"))
        if first is None or not dice.happens(dice.shares.changed / 4):
            return first
        changed = change(story, first, start + dice.days(2, 30), dice)
        return first if changed is None or dice.happens(0.3) else changed

    def _planned(self, start: datetime) -> list[Story]:
        dice = self.dice
        before = self._story(start)
        before.ted_only = False
        planning = self._planning(before, start)
        found = [before]
        lags = (60, 150) if dice.happens(0.15) else (60,)
        for lag in lags:
            moment = start + dice.days(lag, lag + 80)
            # Converted notices name no UUID that a new one could point to.
            if planning is None or before.converted != (moment < SWITCH):
                continue
            after = self._again(before)
            # Two rounds have nearly the same name: no result is left to that.
            after.repeated = len(lags) > 1
            if lag != lags[0]:
                after.title, after.english = f"{before.title}, ny runde", f"{before.english}, again"
            self._competition(after, moment, planning)
            found.append(after)
        return found

    def _intent(self, story: Story, start: datetime) -> None:
        dice = self.dice
        state = self._state(start, "intent")
        won = outcome(state.lots, dice, self.names, awarded=True)
        intent = issue(story, dice, "intent", start, state, results=won)
        if intent is not None and not story.converted and dice.happens(0.4):
            moment = start + dice.days(15, 50)
            issue(story, dice, "result", moment, state, results=won, tie="procedure")

    def _competition(self, story: Story, start: datetime, planning: Draft | None = None) -> None:
        dice, shares = self.dice, self.dice.shares
        state = self._state(start, "competition")
        last = issue(story, dice, "competition", start, state, earlier=planning)
        if last is None:
            return
        if dice.happens(shares.changed):
            for _ in range(dice.chance.choices((1, 2, 3, 4), shares.chain)[0]):
                moment = before_deadline(last, dice)
                last = (change(story, last, moment, dice) if moment else None) or last
        if not story.converted and dice.happens(shares.cancelled_by_change):
            moment = before_deadline(last, dice)
            if moment and call_off(story, last, moment, dice):
                story.cancelled = "change"
                return
        known_to_doffin = not story.converted and not story.ted_only
        if known_to_doffin and dice.happens(shares.cancelled_by_status):
            story.cancelled = "status"
        elif dice.happens(shares.result):
            decide(story, last, dice, self.names)


def _lot(at: int, many: int, value: int | None) -> Lot:
    return Lot(
        id="LOT-0000" if many == 1 else f"LOT-{at:04d}",
        title="Hele anskaffelsen" if many == 1 else f"Del {at}",
        english="All of it" if many == 1 else f"Part {at}",
        value=value // many if value else None,
    )
