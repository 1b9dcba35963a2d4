"""Give every made-up notice its numbers at Doffin and TED, and print its references by them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.generated.drafts import END, Draft, Story
from tests.generated.model import Notice, Published
from tests.generated.shares import Shares

__all__ = ["Numbered", "publish"]

_FORMS = {
    "planning": ("planning", "pin-only", "4", "N4"),
    "competition": ("competition", "cn-standard", "16", "N16"),
    "result": ("result", "can-standard", "29", "N29"),
    "intent": ("dir-awa-pre", "veat", "25", "25"),
    "modification": ("cont-modif", "can-modif", "38", "38"),
}
_CALLS = {"qu-sy": ("qu-sy", "15"), "pin-cfc-standard": ("pin-cfc-standard", "10")}
_CORRECTION = "99"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A draft, what it prints, and where it came out: at Doffin, at TED, or at both."""

    story: Story
    draft: Draft
    notice: Notice
    doffin: Published | None
    ted: Published | None


def publish(
    stories: Sequence[Story], chance: random.Random, shares: Shares, today: date
) -> list[Numbered]:
    """Number all notices in the order in which they were sent; numbers tell nothing else."""
    pairs = [(story, draft) for story in stories for draft in story.drafts]
    pairs.sort(key=lambda pair: pair[1].moment)
    _number_doffin(pairs, chance)
    on_ted = _number_ted(pairs, chance, shares)
    awarded, cancelled = _seen_by_doffin(pairs)
    found = []
    for story, draft in pairs:
        notice = _notice(story, draft)
        doffin = None
        if draft.doffin:
            kind = _kind(story, draft)
            status = None
            if kind in _LIVE:
                status = _status(story, draft, notice, awarded, cancelled, today)
            doffin = Published(
                source="doffin",
                id=draft.doffin,
                notice=notice,
                published_on=draft.moment.date() + timedelta(days=_lag(chance)),
                kind=kind,
                status=status,
                searchable=not draft.hidden,
                control_characters=chance.random() < shares.control_characters,
            )
        ted = None
        if draft in on_ted:
            ted = Published(
                source="ted",
                id=draft.ted,
                notice=notice,
                published_on=on_ted[draft],
                kind=notice.code,
            )
        found.append(Numbered(story=story, draft=draft, notice=notice, doffin=doffin, ted=ted))
    return found


_LIVE = frozenset(
    (
        "ANNOUNCEMENT_OF_COMPETITION",
        "DYNAMIC_PURCHASING_SCHEME",
        "QUALIFICATION_SCHEME",
        "PRE_ANNOUNCEMENT",
    )
)


def _lag(chance: random.Random) -> int:
    return chance.choices((0, 1, 2, 3, 5, 7), (0.3, 0.4, 0.15, 0.08, 0.05, 0.02))[0]


def _number_doffin(pairs: Sequence[tuple[Story, Draft]], chance: random.Random) -> None:
    """Converted notices have high numbers with gaps, later ones count from 100,001 each year."""
    last: dict[tuple[int, bool], int] = {}
    for story, draft in pairs:
        if story.ted_only:
            continue
        series = (draft.moment.year, draft.converted)
        step = chance.randrange(1, 60) if draft.converted else 1
        last[series] = last.get(series, 300_000 if draft.converted else 100_000) + step
        draft.doffin = f"{draft.moment.year}-{last[series]}"


def _number_ted(
    pairs: Sequence[tuple[Story, Draft]], chance: random.Random, shares: Shares
) -> dict[Draft, date]:
    """Number what goes to TED; what is converted has a number, but no eForms page."""
    on_ted: dict[Draft, date] = {}
    waiting: list[tuple[date, int, Draft]] = []
    for at, (story, draft) in enumerate(pairs):
        if story.regime != "eu":
            continue
        late = chance.random() < shares.late_on_ted
        lag = chance.randrange(10, 40) if late else chance.randrange(1, 7)
        never = not story.ted_only and chance.random() < shares.never_on_ted
        day = draft.moment.date() + timedelta(days=lag)
        if draft.converted or not (never or day >= END.date()) or story.ted_only:
            waiting.append((day, at, draft))
    last: dict[int, int] = {}
    for day, _, draft in sorted(waiting, key=lambda one: one[:2]):
        last[day.year] = last.get(day.year, 900) + chance.randrange(1, 120)
        draft.ted, draft.ted_on = f"{last[day.year]}-{day.year}", day
        if not draft.converted:
            on_ted[draft] = day
    return on_ted


def _of_converted(draft: Draft, story: Story, result: Draft) -> str:
    """Name a converted notice: by its TED number, in the old way or the new, or its Doffin id."""
    number, _, year = draft.ted.partition("-")
    if result.converted:
        return f"{year}/S 101-{number:0>6}" if number else ""
    return draft.ted if number and int(number) % 2 else draft.doffin


def _folder(draft: Draft) -> str | None:
    if draft.folder == "own":
        return draft.doffin
    if draft.folder == "parent":
        assert draft.parent
        return _folder(draft.parent)
    return draft.folder


def _changes(draft: Draft) -> str:
    """BT-758 as printed."""
    parent = draft.parent
    if parent is None or draft.style == "resubmitted":
        return ""
    if draft.style == "ted number" and parent.ted_on and parent.ted_on <= draft.moment.date():
        return parent.ted
    if (draft.style == "doffin id" or parent.converted) and parent.doffin:
        return parent.doffin
    if draft.style == "bare uuid":
        return parent.id
    return f"{parent.id}-{parent.version}"


def _notice(story: Story, draft: Draft) -> Notice:
    form, code, european, national = _FORMS[draft.what]
    subtype = national if story.regime == "national" else european
    if draft.what == "competition" and story.regime == "eu":
        code, subtype = _CALLS.get(story.call, (code, subtype))
    if draft.converted and draft.parent:
        subtype = _CORRECTION
    changes, earlier = _changes(draft), ""
    if draft.earlier is not None:
        one = draft.earlier
        earlier = _of_converted(one, story, draft) if one.converted else f"{one.id}-{one.version}"
    return Notice(
        id=draft.doffin if draft.id == "own" else draft.id,
        version=draft.version,
        procedure=_folder(draft),
        form=form,
        code=code,
        subtype=subtype,
        regime=story.regime,
        converted=draft.converted,
        issued_at=draft.moment,
        buyer=story.buyer,
        title=story.title,
        english=story.english,
        cpv=story.cpv,
        nature=story.nature,
        state=draft.state,
        changes=changes,
        reason=draft.reason if changes and not draft.converted else "",
        earlier=earlier,
        # The planning notice of a call stands in its lots, the call of a result above them.
        earlier_in_lot=draft.what == "competition" and not draft.converted,
        results=draft.results,
        dps="dps-list" if story.call == "dps" and draft.what == "competition" else "none",
        unreadable=draft.unreadable,
    )


def _kind(story: Story, draft: Draft) -> str:
    """Doffin's own type."""
    if draft.what == "planning":
        return "ADVISORY_NOTICE"
    if draft.what == "intent":
        return "ANNOUNCEMENT_OF_INTENT"
    if draft.what == "modification":
        return "CHANGE_OF_CONCLUSION_OF_CONTRACT"
    if draft.what == "result":
        if any(one.winner for one in draft.results):
            return "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT"
        return "CANCELLED_OR_MISSING_CONCLUSION_OF_CONTRACT"
    calls = {
        "dps": "DYNAMIC_PURCHASING_SCHEME",
        "qu-sy": "QUALIFICATION_SCHEME",
        "pin-cfc-standard": "PRE_ANNOUNCEMENT",
    }
    return calls.get(story.call, "ANNOUNCEMENT_OF_COMPETITION")


def _seen_by_doffin(pairs: Sequence[tuple[Story, Draft]]) -> tuple[set[str], set[str]]:
    """Return the procedure ids that Doffin knows to be awarded, and called off."""
    awarded: set[str] = set()
    cancelled: set[str] = set()
    for _, draft in pairs:
        folder = _folder(draft) or ""
        if draft.what == "result":
            won = any(one.winner for one in draft.results)
            (awarded if won else cancelled).add(folder)
        elif draft.reason == "cancel":
            cancelled.add(folder)
    return awarded, cancelled


def _status(
    story: Story,
    draft: Draft,
    notice: Notice,
    awarded: set[str],
    cancelled: set[str],
    today: date,
) -> str:
    """Doffin's own status; it does not see a result that names another procedure."""
    if story.cancelled == "status" or notice.procedure in cancelled:
        return "CANCELLED"
    if notice.procedure in awarded:
        return "AWARDED"
    deadline: datetime | None = draft.state.deadline
    return "EXPIRED" if deadline and deadline.date() < today else "ACTIVE"
