"""Changes of notices, and the competitions that one of them calls off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tests.generated.dice import Dice
from tests.generated.drafts import Draft, Story, issue
from tests.generated.model import Lot, State

__all__ = ["before_deadline", "call_off", "change", "hide"]

_GOOD_LINKS = frozenset(("new uuid", "next version", "twice"))
_FIELDS = (("deadline", 0.55), ("value", 0.15), ("lots", 0.12), ("description", 0.18))


def before_deadline(last: Draft, dice: Dice) -> datetime | None:
    """Return some time between a notice and its deadline; None when there is none."""
    deadline = last.state.deadline
    left = (deadline - last.moment).days - 2 if deadline else 0
    return last.moment + dice.days(1, left) if left > 1 else None


def hide(parent: Draft, style: str, dice: Dice) -> None:
    """Take a changed notice out of the search, as Doffin does where it sees what changed it."""
    parent.hidden = dice.happens(dice.shares.hidden[style in _GOOD_LINKS])


def change(story: Story, parent: Draft, moment: datetime, dice: Dice) -> Draft | None:
    """Publish a change, at times twice within minutes; return the newest, None after the end."""
    style = _style(story, parent, dice)
    state = _changed(parent, dice)
    reason = "update-add" if dice.happens(0.8) else ""
    folder = "parent" if parent.converted else parent.folder
    moments = [moment]
    if style == "twice":
        moments.append(moment + timedelta(minutes=dice.chance.randrange(1, 9)))
    newest = None
    for one in moments:
        newest = (
            issue(
                story,
                dice,
                parent.what,
                one,
                state,
                folder=folder,
                parent=parent,
                style=style,
                reason=reason,
                earlier=parent.earlier,
            )
            or newest
        )
    if newest:
        hide(parent, style, dice)
    return newest


def call_off(story: Story, parent: Draft, moment: datetime, dice: Dice) -> Draft | None:
    """Publish the change that ends a competition."""
    style = "new uuid" if dice.happens(0.8) else "next version"
    found = issue(
        story,
        dice,
        "competition",
        moment,
        replace(parent.state, description="Konkurransen er avlyst."),
        parent=parent,
        style=style,
        reason="cancel",
        earlier=parent.earlier,
    )
    if found:
        hide(parent, style, dice)
    return found


def _style(story: Story, parent: Draft, dice: Dice) -> str:
    # What is not on TED has no number there, what is only there none at Doffin. A planning notice
    # has no procedure id either: only a number that Doffin knows ties it.
    on_ted = story.regime == "eu" and parent.what != "planning"
    if parent.converted:
        return "ted number" if on_ted and dice.happens(0.4) else "doffin id"
    style = dice.pick(dice.shares.styles)
    if (style == "ted number" and not on_ted) or (style == "doffin id" and story.ted_only):
        return "new uuid"
    return style


def _changed(parent: Draft, dice: Dice) -> State:
    """Return what the notice says after a change; the converted form shows text only."""
    state = parent.state
    marked = replace(
        state, description=f"{state.description} Endret {dice.chance.randrange(10**6)}."
    )
    if parent.converted or parent.what != "competition":
        return marked
    field = dice.pick(_FIELDS)
    if field == "deadline" and state.deadline:
        later = state.deadline + timedelta(days=dice.chance.randrange(3, 22))
        return replace(state, deadline=later)
    if field == "value":
        return replace(state, value=(state.value or 1_000_000) + 250_000)
    if field == "lots" and len(state.lots) > 1:
        at = len(state.lots) + 1
        more = Lot(id=f"LOT-{at:04d}", title=f"Del {at}", english=f"Part {at}", value=None)
        return replace(state, lots=(*state.lots, more))
    return marked
