"""How a municipality's shares develop, against its targets and against others like it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from procmatch.insight.likeness import Likeness, Town, likeness
from procmatch.insight.shares import Measure, Purchase, Question, Share, Target, share
from procmatch.insight.trends import Tracked, interval, track
from procmatch.model.organisation import Organisation
from procmatch.store import Store, public_bodies, target_rows, trade_counts
from procmatch.workflows.agreements import Signed, signed_so_far
from procmatch.workflows.ingest import Clock

__all__ = [
    "Compared",
    "Towns",
    "drop_target",
    "set_target",
    "similar",
    "targets_of",
    "towns_with_results",
    "tracked",
]

_YEARS, _ALL = range(2000, 2101), 100
#: So many of the nearest size are looked at closer.
_NEAREST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One municipality beside others.

    Attributes:
        number: four digits (two for a county). name: of its unit. employees: in the register.
        firms: registered there whose trade is known. likeness: to the first; None of itself.
        awards: how many awards to winners are counted.
        shares: by question, in number of awards. intervals: see
            :func:`~procmatch.insight.trends.interval`.
    """

    number: str
    name: str
    employees: int | None
    firms: int
    likeness: Likeness | None
    awards: int
    shares: dict[Question, Share]
    intervals: dict[Question, tuple[float, float] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Towns:
    """The municipalities, or the counties, that can be compared with.

    Attributes:
        heads: number -> its unit, of those that have results in the store.
        firms: number -> how many firms of each industry division, of all places.
    """

    heads: Mapping[str, Organisation]
    firms: Mapping[str, Mapping[str, int]]


def towns_with_results(store: Store, digits: int) -> Towns:
    """Return the municipalities (four digits) or counties (two) that can be compared with."""
    with store.read() as connection:
        heads = public_bodies.heads_with_results(connection, digits)
        return Towns(
            heads={
                one.business_place.municipality[:digits]: one
                for one in heads
                if one.business_place.municipality
            },
            firms=trade_counts.firms_by_division(connection, digits),
        )


def set_target(store: Store, place: str, target: Target) -> None:
    """Set a target, or another percentage for one that is there.

    Raises:
        ValueError: the percentage lies outside 0..100, or the year outside 2000..2100.
    """
    if target.year not in _YEARS or not 0 <= target.percent <= _ALL:
        raise ValueError(f"target: {target.percent} % in {target.year}")
    with store.begin() as connection:
        target_rows.save(
            connection,
            place,
            target.question.value,
            target.measure.value,
            target.year,
            target.percent,
        )


def drop_target(store: Store, place: str, target: Target) -> bool:
    """Take a target back, whatever its percentage; return whether there was one."""
    with store.begin() as connection:
        return target_rows.remove(
            connection, place, target.question.value, target.measure.value, target.year
        )


def targets_of(store: Store, place: str) -> list[Target]:
    """Return the targets of a place, by year."""
    with store.read() as connection:
        return [
            Target(
                question=Question(question), measure=Measure(measure), year=year, percent=percent
            )
            for question, measure, year, percent in target_rows.of_place(connection, place)
        ]


def tracked(store: Store, place: str, rows: Sequence[Purchase]) -> list[Tracked]:
    """Return how the targets of a place stand, counted from its purchases."""
    return [track(target, rows) for target in targets_of(store, place)]


def similar(
    store: Store,
    place: str,
    clock: Clock,
    *,
    limit: int = 5,
    signed: Callable[[str], Signed] | None = None,
    towns: Towns | None = None,
) -> list[Compared]:
    """Return a municipality or county and those most like it, itself first.

    Of the thirty nearest in size those that are most alike by size, number of firms and trades, see
    :mod:`~procmatch.insight.likeness`. Only those that have results in the store are there to
    compare with.

    Args:
        store: with notices that are linked.
        place: four digits; two for a county.
        clock: evidence counts that holds today.
        limit: how many others at the most.
        signed: what a place has signed, where somebody keeps it already.
        towns: who can be compared with, where somebody keeps it already.

    Raises:
        NotFound: the register in the store has no such municipality.
    """
    told = signed or (lambda number: signed_so_far(store, number, clock))
    known = towns or towns_with_results(store, len(place))
    own = told(place)
    unit = own.buyer.unit
    others = sorted(
        (one for one in known.heads.items() if one[1].id != unit.id),
        key=lambda pair: (_in_size(unit, pair[1]), pair[1].id),
    )
    near = dict(others[:_NEAREST])
    firms: Mapping[str, Mapping[str, int]] = {
        number: known.firms.get(number, {}) for number in (place, *near)
    }
    this = Town(employees=unit.employees, firms=firms[place])
    alike = {
        number: likeness(this, Town(employees=one.employees, firms=firms[number]))
        for number, one in near.items()
    }
    chosen = sorted(near, key=lambda number: (alike[number].order, number))[:limit]
    found = [_compared(place, unit, own.purchases, firms[place], None)]
    for number in chosen:
        rows = told(number).purchases
        found.append(_compared(number, near[number], rows, firms[number], alike[number]))
    return found


def _in_size(one: Organisation, other: Organisation) -> float:
    """Return how far two are apart in employees, as a ratio; unknown is farthest."""
    if not one.employees or not other.employees:
        return math.inf
    return abs(math.log(one.employees / other.employees))


def _compared(
    number: str,
    unit: Organisation,
    rows: Sequence[Purchase],
    firms: Mapping[str, int],
    alike: Likeness | None,
) -> Compared:
    shares = {question: share(rows, question, Measure.NUMBER) for question in Question}
    return Compared(
        number=number,
        name=unit.name,
        employees=unit.employees,
        firms=sum(firms.values()),
        likeness=alike,
        awards=len(rows),
        shares=shares,
        intervals={question: interval(one) for question, one in shares.items()},
    )
