"""What if a contract were divided, or parts put together: who could bid before and after, and why.

Both sides are counted among the same firms and by the same rules. Who could deliver the whole must
answer all that the parts ask for, each kind of goods and each place; a part asks for less and is
worth less, and keeps the whole's requirements. So dividing never takes a firm away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from procmatch.insight.asks import all_of, asks
from procmatch.insight.bidders import Field, Lack, Standing, Step
from procmatch.insight.equal import EQUAL_TREATMENT
from procmatch.insight.naming import kind_named
from procmatch.insight.work import Work, work_of
from procmatch.matching.need import Wanted
from procmatch.model.notice import Lot
from procmatch.model.organisation import OrgId
from procmatch.text.messages import Message

__all__ = [
    "IN_ONE",
    "Joining",
    "Side",
    "WhatIf",
    "compare",
    "said",
]

#: Heads the sentences of :func:`said`.
IN_ONE = Message("In one contract, or in parts")


@dataclass(frozen=True, slots=True)
class Side:
    """How many firms could bid alone: all of them, small ones, and those of unknown size."""

    firms: int
    small: int
    unknown_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """A firm that could bid on some part, and not on the whole.

    Attributes:
        standing: before the whole: what is missing there.
        parts: ids of the lots that it could bid on; of one that is a step away, could nearly.
    """

    standing: Standing
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The answer.

    Attributes:
        whole: the contract in one. parts: what it is divided into.
        before, after: who could bid on the whole, and on at least one part.
        by_part: the same for each part, in their order.
        joined: firms that could bid on a part and not on the whole, small ones first, then the
            nearest. one_step: firms that lack one thing for some part, likewise.
        why: what the joined lack for the whole (goods, reach, a kind of hurdle), most first.
        work: contracts and invoices.
        at_least: more firms may exist than were looked at.
    """

    whole: Lot
    parts: tuple[Lot, ...]
    before: Side
    after: Side
    by_part: tuple[tuple[Lot, Side], ...]
    joined: tuple[Joining, ...]
    one_step: tuple[Joining, ...]
    why: tuple[tuple[str, int], ...]
    work: Work
    at_least: bool


def compare(whole: Wanted, parts: Sequence[Wanted], field: Field) -> WhatIf:
    """Compare a contract in one with its parts.

    Args:
        whole: the contract, prepared.
        parts: at least one.
        field: firms looked up for the whole and for each part.
    """
    asked = [asks(part) for part in parts]
    # What is reserved in some parts alone is open as a whole.
    aside = frozenset(() if all(map(_reserved, parts)) else ("reserved",))
    each = [field.stand(part, own) for part, own in zip(parts, asked, strict=True)]
    before = _of_all(field.stand(whole, all_of(asked), aside=aside), each, aside)
    able, near = _by_firm(parts, each, Step.ABLE), _by_firm(parts, each, Step.ONE_STEP)
    # Who can bid on no part is not counted for all of them: a part may not say what it wants.
    fit = {org for org, one in before.items() if one.step is Step.ABLE and org in able}
    after = {one.org: one for some in each for one in some if one.org in able}
    joined = _sorted(
        Joining(standing=before[org], parts=tuple(ids))
        for org, ids in able.items()
        if org not in fit
    )
    steps = {one.org: one for some in each for one in some if one.step is Step.ONE_STEP}
    one_step = _sorted(
        Joining(standing=steps[org], parts=tuple(ids))
        for org, ids in near.items()
        if org not in able
    )
    why = Counter(lack.kind for one in joined for lack in one.standing.lacks)
    return WhatIf(
        whole=whole.lot,
        parts=tuple(part.lot for part in parts),
        before=_side(before[org] for org in sorted(fit)),
        after=_side(after.values()),
        by_part=tuple(
            (part.lot, _side(one for one in some if one.step is Step.ABLE))
            for part, some in zip(parts, each, strict=True)
        ),
        joined=joined,
        one_step=one_step,
        why=tuple(sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))),
        work=work_of(whole.lot, [part.lot for part in parts]),
        # Firms are looked up best first: a list half of others went beyond those who could.
        at_least=2 * len(after) >= field.looked_at,
    )


def _of_all(
    whole: Iterable[Standing], each: Sequence[Sequence[Standing]], aside: frozenset[str]
) -> dict[OrgId, Standing]:
    """Return how firms stand before the whole: what stops one on a part stops it there too."""
    lacks: dict[OrgId, dict[str, Lack]] = {}
    for one in (one for some in each for one in some):
        own = lacks.setdefault(one.org, {})
        own |= {lack.kind: lack for lack in one.lacks if lack.kind not in aside}
    found = {}
    for one in whole:
        every = lacks.get(one.org, {}) | {lack.kind: lack for lack in one.lacks}
        step = (Step.ABLE, Step.ONE_STEP)[len(every)] if len(every) <= 1 else Step.OUT
        found[one.org] = replace(
            one, lacks=tuple(every.values()), step=Step.OUT if one.step is Step.OUT else step
        )
    return found


def _reserved(part: Wanted) -> bool:
    return bool(part.lot.reserved) or any(one.kind == "reserved" for one in part.requirements)


def _by_firm(
    parts: Sequence[Wanted], each: Sequence[Sequence[Standing]], step: Step
) -> dict[OrgId, list[str]]:
    found: dict[OrgId, list[str]] = {}
    for part, some in zip(parts, each, strict=True):
        for one in some:
            if one.step is step:
                found.setdefault(one.org, []).append(part.lot.id)
    return found


def _sorted(found: Iterable[Joining]) -> tuple[Joining, ...]:
    def order(one: Joining) -> tuple[bool, float, OrgId]:
        away = one.standing.distance_km
        return (
            one.standing.small is not True,
            float("inf") if away is None else away,
            one.standing.org,
        )

    return tuple(sorted(found, key=order))


def _side(some: Iterable[Standing]) -> Side:
    every = [one.small for one in some]
    return Side(len(every), every.count(True), every.count(None))


def said(found: WhatIf) -> Iterator[Message]:
    """Yield the answer in sentences: how many before and after, why, and what it costs."""
    yield Message(
        "In one contract: {firms} firms nearby could bid alone, {small} of them small.",
        (("firms", found.before.firms), ("small", found.before.small)),
    )
    yield Message(
        "In {parts} parts: {firms} firms could bid on at least one, {small} of them small.",
        (
            ("parts", len(found.parts)),
            ("firms", found.after.firms),
            ("small", found.after.small),
        ),
    )
    if found.joined:
        yield Message(
            "That is {firms} more who could bid, {small} more of them small.",
            (
                ("firms", found.after.firms - found.before.firms),
                ("small", found.after.small - found.before.small),
            ),
        )
    else:
        yield Message("Dividing so brings in nobody who could not bid on the whole.")
    if found.at_least:
        yield Message("There may be more: only the likeliest firms were looked at.")
    for kind, many in found.why:
        yield Message(
            "What kept {many} of them out of the whole: {what}",
            (("many", many), ("what", kind_named(kind))),
        )
    yield Message(
        "At the most {contracts} more contracts and {invoices} more invoices a year, if each part "
        "goes to another supplier and each sends one invoice a month.",
        (
            ("contracts", found.work.extra_contracts),
            ("invoices", found.work.extra_invoices),
        ),
    )
    yield EQUAL_TREATMENT
