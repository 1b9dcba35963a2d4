"""What really belongs together: the answers to the questions that a generated market asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tests.generated.drafts import Draft, Story
from tests.generated.model import Difference, Key, Procedure, State
from tests.generated.numbers import Numbered

__all__ = ["Truth", "among", "expected_procedures", "truth_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All keys are (source, source id).

    Attributes:
        procedures: every purchase, by its first notice.
        groups: the publications of each, both sources together. A planning notice and its
            corrections are a group of their own.
        changes: change -> what it changes, at the same source where it is there. Of a change
            published twice, both.
        differences: change -> the fields that it altered.
        cancelled: every publication of the purchases that were called off. cancelled_how: how.
        awarded: every publication of the purchases with a winner. Both count a result that is only
            probable; a notice of intent awards nothing.
        results: result (or correction of one) -> the newest call of its competition.
        ties: result -> ``procedure``, ``reference`` or ``probable``: what says so.
        probable: results that only buyer, CPV code and title tie to their competition, and what
            corrects them. Some print a TED number, but no converted notice says its own.
        planned: call -> the planning notice that it names in a way that can be followed.
        copies: publication at TED -> the same notice at Doffin.
    """

    procedures: tuple[Procedure, ...]
    groups: list[frozenset[Key]]
    changes: Mapping[Key, Key]
    differences: Mapping[Key, tuple[Difference, ...]]
    cancelled: frozenset[Key]
    cancelled_how: Mapping[Key, str]
    awarded: frozenset[Key]
    results: Mapping[Key, Key]
    ties: Mapping[Key, str]
    probable: frozenset[Key]
    planned: Mapping[Key, Key]
    copies: Mapping[Key, Key]


def among(groups: Sequence[frozenset[Key]], seen: Collection[Key]) -> set[frozenset[Key]]:
    """Return the groups as somebody knows them who has only seen some publications."""
    known = frozenset(seen)
    return {group & known for group in groups} - {frozenset()}


def expected_procedures(truth: Truth) -> dict[Key, str]:
    """Return publication -> name of its procedure."""
    return {key: one.name for one in truth.procedures for key in one.publications}


def _keys(one: Numbered) -> list[Key]:
    return [published.key for published in (one.doffin, one.ted) if published]


def _at(one: Numbered, source: str) -> Key | None:
    published = one.doffin if source == "doffin" else one.ted
    return published.key if published else None


def _pairs(child: Numbered, parent: Numbered) -> list[tuple[Key, Key]]:
    """Return the two at each source; where the parent is not, at the other one."""
    found = []
    for key in _keys(child):
        other = _at(parent, key[0]) or next(iter(_keys(parent)), None)
        if other:
            found.append((key, other))
    return found


def _differences(one: Draft, parent: Draft) -> tuple[Difference, ...]:
    found = []
    old, new = parent.state, one.state
    if not one.converted:
        for field in ("deadline", "value"):
            before, after = getattr(old, field), getattr(new, field)
            if before != after:
                found.append(Difference(field=field, old=before, new=after))
        before, after = (tuple(lot.id for lot in state.lots) for state in (old, new))
        if before != after:
            found.append(Difference(field="lots", old=before, new=after))
    if old.description != new.description:
        found.append(Difference(field="description", old=old.description, new=new.description))
    if one.reason == "cancel":
        found.append(Difference(field="cancelled", old=False, new=True))
    if one.results != parent.results:
        found.append(Difference(field="awards", old=parent.results, new=one.results))
    return tuple(found)


def _can_follow(one: Numbered) -> bool:
    """Return whether the notice that BT-125 names says its own name as printed there."""
    earlier = one.draft.earlier
    if earlier is None:
        return False
    return one.notice.earlier in {earlier.doffin, f"{earlier.id}-{earlier.version}"}


def _final(story: Story) -> State:
    calls = story.competitions or story.drafts
    return max(calls, key=lambda one: one.moment).state


def _awarded(story: Story) -> bool:
    return any(lot.winner for one in story.results for lot in one.results)


def truth_of(numbered: Sequence[Numbered]) -> Truth:
    """Return the truth about all that was published."""
    known = {one.draft: one for one in numbered}
    stories: dict[Story, list[Numbered]] = {}
    for one in numbered:
        stories.setdefault(one.story, []).append(one)
    changes: dict[Key, Key] = {}
    differences: dict[Key, tuple[Difference, ...]] = {}
    planned: dict[Key, Key] = {}
    results: dict[Key, Key] = {}
    ties: dict[Key, str] = {}
    probable: set[Key] = set()
    for one in numbered:
        draft = one.draft
        if draft.parent:
            changes.update(_pairs(one, known[draft.parent]))
            altered = _differences(draft, draft.parent)
            differences.update(dict.fromkeys(_keys(one), altered))
        if draft.what == "competition" and draft.earlier and _can_follow(one):
            planned.update(_pairs(one, known[draft.earlier]))
        calls = one.story.competitions
        if draft.what == "result" and calls:
            last = max(calls, key=lambda call: call.moment)
            results.update(_pairs(one, known[last]))
            tie = draft.tie
            if tie == "reference" and not _can_follow(one):
                tie = "probable"
            ties.update(dict.fromkeys(_keys(one), tie))
            if tie == "probable":
                probable.update(_keys(one))
    procedures = [
        _procedure(number, story, ones, planned)
        for number, (story, ones) in enumerate(stories.items())
    ]
    procedures = [one for one in procedures if one.publications]
    return Truth(
        procedures=tuple(procedures),
        groups=[frozenset(one.publications) for one in procedures],
        changes=changes,
        differences=differences,
        cancelled=frozenset(key for one in procedures if one.cancelled for key in one.publications),
        cancelled_how={
            key: one.cancelled for one in procedures if one.cancelled for key in one.publications
        },
        awarded=frozenset(key for one in procedures if one.awarded for key in one.publications),
        results=results,
        ties=ties,
        probable=frozenset(probable),
        planned=planned,
        copies={one.ted.key: one.doffin.key for one in numbered if one.ted and one.doffin},
    )


def _procedure(
    number: int, story: Story, ones: Sequence[Numbered], planned: Mapping[Key, Key]
) -> Procedure:
    keys = tuple(key for one in ones for key in _keys(one))
    return Procedure(
        name=f"procedure {number + 1}",
        publications=keys,
        buyer=story.buyer,
        title=story.title,
        cpv=story.cpv,
        competition=bool(story.competitions),
        final=_final(story),
        cancelled=story.cancelled,
        awarded=_awarded(story),
        planned_by=tuple(dict.fromkeys(planned[key] for key in keys if key in planned)),
    )
