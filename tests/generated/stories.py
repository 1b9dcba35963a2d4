"""What happens to one purchase: planned, called, corrected, cancelled, awarded, modified."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.generated import words
from tests.generated.drafts import END, SWITCH, Draft, Shares, Story, new_uuid
from tests.generated.model import Buyer, Lot, LotResult, State

__all__ = ["Teller"]

_YEARLY = timedelta(days=300)
_DEADLINE_HOURS = ((10, 0), (11, 0), (12, 30), (22, 0), (9, 59))


class Teller:
    """Makes up purchases; the same seed tells the same."""

    def __init__(self, chance: random.Random, shares: Shares) -> None:
        self.chance = chance
        self.shares = shares
        self.buyers = words.buyers(chance)
        self.names = words.names(chance)
        self.used: Counter[tuple[str, str]] = Counter()
        self.told: list[Story] = []

    def quiet(self, start: datetime) -> list[Story]:
        """Tell a purchase of one notice, of any kind."""
        kind = self.pick((("planning", 0.25), ("intent", 0.1), ("competition", 0.65)))
        story = self._story(start)
        state = self._state(start, kind)
        self._publish(story, kind, start, state)
        return [story]

    def purchase(self, start: datetime) -> list[Story]:
        """Tell a purchase: one story, two when a planning notice comes before."""
        shares = self.shares
        rest = 1 - shares.planning - shares.planned - shares.intent
        kind = self.pick(
            (
                ("planning", shares.planning),
                ("planned", shares.planned),
                ("intent", shares.intent),
                ("competition", rest),
            )
        )
        if kind == "planning":
            story = self._story(start)
            self._planning(story, start)
            return [story]
        if kind == "intent":
            story = self._story(start)
            self._intent(story, start)
            return [story]
        if kind == "planned":
            return self._planned(start)
        story = self._repetition(start) if self.happens(shares.repeated) else None
        story = story or self._story(start)
        self._competition(story, start)
        self.told.append(story)
        return [story]

    def happens(self, share: float) -> bool:
        """Return True in that share of cases."""
        return self.chance.random() < share

    def pick(self, weighted: Sequence[tuple[str, float]]) -> str:
        """Return one of the names by its weight."""
        names, weights = zip(*weighted, strict=True)
        return str(self.chance.choices(names, weights)[0])

    def _story(self, start: datetime) -> Story:
        buyer = self.chance.choice(self.buyers)
        cpv, nature, what, english = self.chance.choice(words.PURCHASES)
        pair = (buyer.number, cpv)
        self.used[pair] += 1
        base = int(buyer.number) + int(cpv)
        place = self.names[(base + 7 * self.used[pair]) % len(self.names)]
        regime = "national" if self.happens(self.shares.national) else "eu"
        modern = start >= SWITCH
        shares = self.shares
        rare = shares.qualification + shares.dynamic + shares.announced
        call = self.pick(
            (
                ("qu-sy", shares.qualification),
                ("dps", shares.dynamic),
                ("pin-cfc-standard", shares.announced),
                ("cn-standard", 1 - rare),
            )
        )
        return Story(
            buyer=buyer,
            cpv=cpv,
            nature=nature,
            title=f"{what} til {place}",
            english=f"{english} for {place}",
            regime=regime,
            converted=not modern,
            folder=new_uuid(self.chance),
            call="cn-standard" if regime == "national" else call,
            ted_only=modern and regime == "eu" and self.happens(shares.ted_only),
        )

    def _repetition(self, start: datetime) -> Story | None:
        """The same buyer buys the same by the same name, years later: another purchase."""
        if start < SWITCH + _YEARLY:
            return None
        for _ in range(20):
            old = self.chance.choice(self.told) if self.told else None
            if old is None or old.converted or old.repeated or not old.drafts:
                continue
            if any(one.tie != "procedure" for one in old.results):
                continue
            if abs(old.drafts[0].moment - start) > _YEARLY:
                old.repeated = True
                folder = new_uuid(self.chance)
                return replace(old, folder=folder, drafts=[], cancelled="", ted_only=False)
        return None

    def _lots(self, value: int | None, title: str) -> tuple[Lot, ...]:
        many = self.chance.choices((1, 2, 3, 5), (0.6, 0.2, 0.15, 0.05))[0]
        return tuple(self._lot(at, many, value, title) for at in range(1, many + 1))

    def _lot(self, at: int, many: int, value: int | None, title: str) -> Lot:
        return Lot(
            id="LOT-0000" if many == 1 else f"LOT-{at:04d}",
            title=title if many == 1 else f"Del {at}",
            english=title if many == 1 else f"Part {at}",
            value=value // many if value else None,
        )

    def _state(self, start: datetime, kind: str) -> State:
        value = self.chance.randrange(2, 400) * 50_000 if self.happens(0.47) else None
        deadline = None
        if kind == "competition":
            day = start + timedelta(days=self.chance.randrange(18, 50))
            hour, minute = self.chance.choice(_DEADLINE_HOURS)
            deadline = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return State(
            description="Oppdragsgiver ønsker tilbud som beskrevet i konkurransegrunnlaget.",
            deadline=deadline,
            value=value,
            lots=self._lots(value, "Hele anskaffelsen"),
        )

    def _publish(  # noqa: PLR0913 - a notice has that many sides
        self,
        story: Story,
        what: str,
        moment: datetime,
        state: State,
        *,
        folder: str | None = "",
        parent: Draft | None = None,
        style: str = "",
        reason: str = "",
        earlier: Draft | None = None,
        results: tuple[LotResult, ...] = (),
        tie: str = "",
    ) -> Draft | None:
        """Add a notice to the story; None when its day has not come."""
        converted = story.converted and moment < SWITCH
        if moment >= END or (story.converted and not converted and what != "result"):
            return None
        if what == "planning":
            folder = None
        elif folder == "":
            folder = "own" if converted else story.folder
        version, identifier = "01", new_uuid(self.chance)
        if parent is not None and style in {"next version", "resubmitted"}:
            version, identifier = f"{int(parent.version) + 1:02d}", parent.id
        draft = Draft(
            what=what,
            moment=moment,
            id="own" if converted else identifier,
            version=version,
            folder=folder,
            state=state,
            converted=converted,
            parent=parent,
            style=style,
            reason=reason,
            earlier=earlier,
            results=results,
            tie=tie,
        )
        story.drafts.append(draft)
        return draft

    def _planning(self, story: Story, start: datetime) -> Draft | None:
        first = self._publish(story, "planning", start, self._state(start, "planning"))
        if first is None or not self.happens(self.shares.changed / 4):
            return first
        changed = self._change(story, first, start + self._days(2, 30))
        return first if changed is None or self.happens(0.3) else changed

    def _planned(self, start: datetime) -> list[Story]:
        before = self._story(start)
        before.ted_only = False
        planning = self._planning(before, start)
        found = [before]
        for lag in (60, 150) if self.happens(0.15) else (60,):
            moment = start + self._days(lag, lag + 80)
            # Converted notices name no UUID that a new one could point to.
            if planning is None or before.converted != (moment < SWITCH):
                continue
            after = replace(before, folder=new_uuid(self.chance), drafts=[], ted_only=False)
            if lag > 60:
                after.title, after.english = f"{before.title}, ny runde", f"{before.english}, again"
            self._competition(after, moment, planning)
            found.append(after)
        return found

    def _intent(self, story: Story, start: datetime) -> None:
        state = self._state(start, "intent")
        results = self._outcome(story, state.lots, awarded=True)
        intent = self._publish(story, "intent", start, state, results=results)
        if intent is not None and not story.converted and self.happens(0.4):
            self._publish(
                story,
                "result",
                start + self._days(15, 50),
                state,
                results=results,
                tie="procedure",
            )

    def _competition(self, story: Story, start: datetime, planning: Draft | None = None) -> None:
        story.competition = True
        state = self._state(start, "competition")
        last = self._publish(story, "competition", start, state, earlier=planning)
        if last is None:
            return
        shares = self.shares
        if self.happens(shares.changed):
            many = self.chance.choices((1, 2, 3, 4), shares.chain)[0]
            for _ in range(many):
                after = self._next_moment(last)
                last = (self._change(story, last, after) if after else None) or last
        if not story.converted and self.happens(shares.cancelled_by_change):
            moment = self._next_moment(last)
            cancel = moment and self._cancel(story, last, moment)
            if cancel:
                story.cancelled = "change"
                return
        known_to_doffin = not story.converted and not story.ted_only
        if known_to_doffin and self.happens(shares.cancelled_by_status):
            story.cancelled = "status"
            return
        if self.happens(shares.result):
            self._results(story, last)

    def _next_moment(self, last: Draft) -> datetime | None:
        """Some time between a notice and its deadline; None when there is none."""
        deadline = last.state.deadline
        left = (deadline - last.moment).days - 2 if deadline else 0
        return last.moment + self._days(1, left) if left > 1 else None

    def _days(self, low: int, high: int) -> timedelta:
        minutes = self.chance.randrange(24 * 60)
        return timedelta(days=self.chance.randrange(low, high), minutes=minutes)

    def _style(self, story: Story, parent: Draft) -> str:
        if parent.converted:
            on_ted = story.regime == "eu" and self.happens(0.4)
            return "ted number" if on_ted else "doffin id"
        style = self.pick(self.shares.styles)
        # What is not on TED has no number there, what is only there none at Doffin.
        wrong = "doffin id" if story.ted_only else "ted number"
        unknown = style == wrong and (story.ted_only or story.regime == "national")
        return "new uuid" if unknown else style

    def _hide(self, parent: Draft, style: str) -> None:
        good = style in {"new uuid", "next version", "twice"}
        parent.hidden = self.happens(self.shares.hidden[good])

    def _change(self, story: Story, parent: Draft, moment: datetime) -> Draft | None:
        style = self._style(story, parent)
        state = self._changed(parent, style)
        reason = "update-add" if self.happens(0.8) else ""
        folder = parent.folder
        again = {"style": style, "reason": reason, "earlier": parent.earlier, "parent": parent}
        if parent.converted:
            folder = "parent"
        change = self._publish(story, parent.what, moment, state, folder=folder, **again)  # type: ignore[arg-type]
        if change is None:
            return None
        self._hide(parent, style)
        if style == "twice":
            later = moment + timedelta(minutes=self.chance.randrange(1, 9))
            more = self._publish(story, parent.what, later, state, folder=folder, **again)  # type: ignore[arg-type]
            return more or change
        return change

    def _cancel(self, story: Story, parent: Draft, moment: datetime) -> Draft | None:
        style = "new uuid" if self.happens(0.8) else "next version"
        state = replace(parent.state, description="Konkurransen er avlyst.")
        change = self._publish(
            story,
            "competition",
            moment,
            state,
            parent=parent,
            style=style,
            reason="cancel",
            earlier=parent.earlier,
        )
        if change:
            self._hide(parent, style)
        return change

    def _changed(self, parent: Draft, style: str) -> State:
        """Return what the notice says after a change; the converted form shows text only."""
        state = parent.state
        marked = f"{state.description} Endret {self.chance.randrange(10**6)}."
        if parent.converted or parent.what != "competition":
            return replace(state, description=marked)
        field = self.pick(
            (("deadline", 0.55), ("value", 0.15), ("lots", 0.12), ("description", 0.18))
        )
        if field == "deadline" and state.deadline:
            later = state.deadline + timedelta(days=self.chance.randrange(3, 22))
            return replace(state, deadline=later)
        if field == "value":
            return replace(state, value=(state.value or 1_000_000) + 250_000)
        if field == "lots" and len(state.lots) > 1:
            at = len(state.lots) + 1
            more = Lot(id=f"LOT-{at:04d}", title=f"Del {at}", english=f"Part {at}", value=None)
            return replace(state, lots=(*state.lots, more))
        return replace(state, description=marked)

    def _results(self, story: Story, last: Draft) -> None:
        assert last.state.deadline
        lots = last.state.lots
        cancelled = self.happens(self.shares.cancelled_by_result)
        several = len(lots) > 1 and not cancelled and self.happens(self.shares.several)
        parts = (lots[:1], lots[1:]) if several else (lots,)
        moment = last.state.deadline
        published = False
        for part in parts:
            moment += self._days(15, 60)
            outcome = self._outcome(story, part, awarded=not cancelled)
            published = self._result(story, last, moment, outcome) or published
        if cancelled and published:
            story.cancelled = "result"

    def _result(
        self, story: Story, last: Draft, moment: datetime, outcome: tuple[LotResult, ...]
    ) -> bool:
        tie, folder = self._tie(story, last, moment)
        earlier = last if tie == "reference" else None
        state = replace(last.state, deadline=None)
        result = self._publish(
            story, "result", moment, state, folder=folder, earlier=earlier, results=outcome, tie=tie
        )
        if result is None:
            return False
        if not result.converted and self.happens(self.shares.corrected_result):
            self._correct(story, result)
        awarded = any(one.winner for one in outcome)
        if awarded and tie == "procedure" and self.happens(self.shares.modified):
            self._publish(
                story, "modification", moment + self._days(100, 300), state, results=outcome
            )
        return True

    def _tie(self, story: Story, last: Draft, moment: datetime) -> tuple[str, str | None]:
        """Return how a result names its competition, and its procedure id."""
        if moment < SWITCH:
            # Every converted result has its own number; only TED numbers tie it.
            on_ted = story.regime == "eu" and self.happens(0.7)
            return ("reference" if on_ted else "probable"), "own"
        tie = "procedure" if story.repeated else self.pick(self.shares.ties)
        if last.converted and tie == "procedure":
            tie = "reference"
        return tie, story.folder if tie == "procedure" else new_uuid(self.chance)

    def _correct(self, story: Story, result: Draft) -> None:
        outcome = tuple(
            replace(one, value=one.value + 1000) if one.value else one for one in result.results
        )
        corrected = self._publish(
            story,
            "result",
            result.moment + self._days(1, 10),
            result.state,
            folder=result.folder,
            parent=result,
            style="new uuid",
            reason="mod-cir",
            earlier=result.earlier,
            results=outcome,
            tie=result.tie,
        )
        if corrected:
            self._hide(result, "new uuid")

    def _outcome(
        self, story: Story, lots: tuple[Lot, ...], *, awarded: bool
    ) -> tuple[LotResult, ...]:
        partly = awarded and len(lots) > 1 and self.happens(self.shares.partly_cancelled)
        found = []
        for at, lot in enumerate(lots):
            winner = None
            if awarded and not (partly and at == 0):
                winner = self._winner(story.buyer)
            value = self.chance.randrange(1, 300) * 10_000 if winner else None
            tenders = self.chance.randrange(1, 8) if winner else 0
            found.append(LotResult(lot=lot.id, winner=winner, value=value, tenders=tenders))
        return tuple(found)

    def _winner(self, buyer: Buyer) -> tuple[str, str]:
        name = self.chance.choice(self.names)
        seed = random.Random(f"{name} {buyer.nuts}")
        return f"{name} leverandør AS", words.number(seed)
