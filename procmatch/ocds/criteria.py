"""What a lot asks and rewards: award criteria, selection criteria, sustainability."""

from __future__ import annotations

from collections.abc import Iterable

from procmatch.model.notice import AwardCriterion, SelectionCriterion, Strategic
from procmatch.ocds.tables import (
    AWARD_CRITERIA,
    SELECTION_FAMILIES,
    STRATEGIES,
    SUSTAINABILITY_GOALS,
    WEIGHTS,
)
from procmatch.ocds.values import Json, kept, number, plain

__all__ = ["award_criteria", "selection_criteria", "sustainability"]

#: BT-06 names the four places where a goal may stand without saying which; the profile lists all.
_ANYWHERE = [
    "awardCriteria",
    "contractPerformanceConditions",
    "selectionCriteria",
    "technicalSpecifications",
]


def _each_once(items: Iterable[Json]) -> list[Json]:
    found: list[Json] = []
    for item in items:
        if item and item not in found:
            found.append(item)
    return found


def award_criteria(criteria: Iterable[AwardCriterion], main: str | None) -> Json:
    """Return ``AwardCriteria`` (BT-539, 540, 541, 5421, 734); ``{}`` when there is none."""
    return kept(criteria=_each_once(_award_criterion(one, main) for one in criteria))


def _award_criterion(one: AwardCriterion, main: str | None) -> Json:
    weight = None
    if one.weight is not None:
        weight = kept(number=number(one.weight), weight=WEIGHTS.get(one.weight_kind or ""))
    return kept(
        type=AWARD_CRITERIA.get((one.type or "").partition("-")[0]),
        name=plain(one.name, main),
        description=plain(one.description, main),
        numbers=[weight] if weight else [],
    )


def selection_criteria(criteria: Iterable[SelectionCriterion], main: str | None) -> Json:
    """Return ``SelectionCriteria`` (BT-747 or 809, 749, 750); ``{}`` when there is none."""
    return kept(criteria=_each_once(_selection_criterion(one, main) for one in criteria))


def _selection_criterion(one: SelectionCriterion, main: str | None) -> Json:
    families = (
        family for start, family in SELECTION_FAMILIES if (one.type or "").startswith(start)
    )
    said = (plain(one.name, main), plain(one.description, main))
    return kept(
        type=next(families, "other") if one.type else None,
        description=": ".join(filter(None, dict.fromkeys(said))),
    )


def sustainability(markers: Strategic, main: str | None) -> Json:
    """Return the fields of a lot that tell of green, social and innovative aims.

    BT-06, 774, 775, 776 and 777 become ``sustainability``, BT-805 a strategy in it, BT-754
    ``hasAccessibilityCriteria``.
    """
    goals = [
        SUSTAINABILITY_GOALS.get(code, family)
        for family, codes in (
            ("environmental", markers.environmental),
            ("social", markers.social),
            ("economic.innovativePurchase", markers.innovative),
        )
        for code in codes
    ]
    # BT-06 says only the family; it adds nothing where a finer code names a goal in it.
    for code in markers.strategic:
        goal = SUSTAINABILITY_GOALS.get(code)
        if goal and not any(_of_family(finer, goal) for finer in goals):
            goals.append(goal)
    said = plain(markers.description, main)
    found: list[Json] = [
        {"goal": goal, "strategies": list(_ANYWHERE)} for goal in dict.fromkeys(goals)
    ]
    green = [STRATEGIES[code] for code in dict.fromkeys(markers.gpp) if code in STRATEGIES]
    if green:
        found.append({"strategies": green})
    if said and found:
        found[0]["description"] = said
    accessible = {"inc": True, "n-inc": False, "n-inc-just": False}
    return kept(
        hasSustainability=True if found else None,
        sustainability=found,
        hasAccessibilityCriteria=next(
            (accessible[code] for code in markers.accessibility if code in accessible), None
        ),
    )


def _of_family(goal: str, family: str) -> bool:
    return goal.partition(".")[0] == family.partition(".")[0]
