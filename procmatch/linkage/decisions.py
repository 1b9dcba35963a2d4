"""Linkage that asks a person's decisions first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeAlias

from procmatch.linkage.decide import Candidate
from procmatch.linkage.linker import Linker
from procmatch.linkage.query import Query
from procmatch.model.label import Decision, Label, Printed
from procmatch.model.match import Linked
from procmatch.model.organisation import OrgId

__all__ = [
    "DECIDED",
    "LIKELY",
    "Ruling",
    "Rulings",
    "candidates_left",
    "is_overruled",
    "link_decided",
    "rulings_of",
]

#: The method of a link that a person made.
DECIDED = "decided"
#: Likelier than not.
LIKELY = 0.5
#: Candidates looked at besides those that a person excluded.
_NEXT = 10
_FIELDS = tuple(field.name for field in fields(Printed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """All that was decided of one printed party.

    Attributes:
        same: the unit that is meant, if that was said. name: its name as it was shown.
        nobody: no unit is meant. others: units that are not meant.
    """

    same: OrgId | None = None
    name: str = ""
    nobody: bool = False
    others: frozenset[OrgId] = frozenset()

    @property
    def is_final(self) -> bool:
        """Whether there is nothing left to ask."""
        return self.nobody or self.same is not None


#: By the key of what was printed.
Rulings: TypeAlias = Mapping[str, Ruling]
_OPEN = Ruling()


def rulings_of(labels: Iterable[Label]) -> dict[str, Ruling]:
    """Put together what was decided of each printed party; of two final answers the last counts."""
    found: dict[str, Ruling] = {}
    for label in labels:
        old = found.get(label.key, _OPEN)
        if label.decision is Decision.NOBODY:
            new = replace(old, same=None, name="", nobody=True)
        elif label.org is None:
            continue
        elif label.decision is Decision.SAME:
            others = old.others - {label.org}
            new = Ruling(same=label.org, name=label.name, others=others)
        else:
            new = replace(old, others=old.others | {label.org})
            if old.same == label.org:
                new = replace(new, same=None, name="")
        found[label.key] = new
    return found


def is_overruled(printed: Printed, org: OrgId, method: str, rulings: Rulings) -> bool:
    """Say whether a certain link no longer agrees with what persons decided.

    Args:
        printed: the party.
        org: the unit that it is linked to.
        method: of the link.
        rulings: what holds now.
    """
    ruling = rulings.get(printed.key, _OPEN) if rulings else _OPEN
    if ruling.is_final:
        return org != ruling.same
    return method == DECIDED or org in ruling.others


def _query(printed: Printed) -> Query:
    return Query(**{name: getattr(printed, name) for name in _FIELDS})


def link_decided(
    linker: Linker, parties: Sequence[Printed], rulings: Rulings
) -> list[Linked | None]:
    """Link parties in order; what a person decided wins over the linker.

    Where the linker's unit was excluded, the next candidate takes its place, never as certain.

    Args:
        linker: the register.
        parties: as printed.
        rulings: what was decided.
    """
    keys = [one.key for one in parties] if rulings else []
    ruled = [rulings.get(key, _OPEN) for key in keys] or [_OPEN] * len(parties)
    asked = [at for at, ruling in enumerate(ruled) if not ruling.is_final]
    found: dict[int, Linked | None] = dict(
        zip(asked, linker.link_many([_query(parties[at]) for at in asked]), strict=True)
    )
    doubted = [at for at in asked if ruled[at].others]
    left = candidates_left(linker, [parties[at] for at in doubted], rulings, limit=_NEXT)
    for at, candidates in zip(doubted, left, strict=True):
        found[at] = _without(ruled[at].others, found[at], candidates)
    found |= _settled(linker, [(at, one) for at, one in enumerate(ruled) if one.same])
    return [found.get(at) for at in range(len(parties))]


def _settled(linker: Linker, settled: Sequence[tuple[int, Ruling]]) -> dict[int, Linked | None]:
    """Make links to the units that persons chose, by their names in the register today."""
    numbers = [ruling.same.number for _at, ruling in settled if ruling.same]
    today = linker.link_many([Query(name="", number=number) for number in numbers])
    made: dict[int, Linked | None] = {}
    for (at, ruling), unit in zip(settled, today, strict=True):
        assert ruling.same is not None
        made[at] = Linked(
            org=ruling.same,
            name=unit.name if unit and unit.org == ruling.same else ruling.name,
            score=1.0,
            certain=True,
            method=DECIDED,
            criteria=((DECIDED, "by a person"),),
        )
    return made


def _without(
    excluded: frozenset[OrgId], linked: Linked | None, left: Sequence[Candidate]
) -> Linked | None:
    """Return a link to none of the excluded units."""
    if linked is not None and linked.org not in excluded:
        runner_up = linked.runner_up
        kept = runner_up if runner_up and runner_up[0] not in excluded else None
        return replace(linked, runner_up=kept)
    if not left or left[0].score < LIKELY:
        return None
    best = left[0]
    return Linked(
        org=best.org,
        name=best.name,
        score=best.score,
        certain=False,
        method="name",
        criteria=(*best.criteria, (DECIDED, "a likelier unit was excluded by a person")),
        runner_up=(left[1].org, left[1].score) if len(left) > 1 else None,
    )


def candidates_left(
    linker: Linker, parties: Sequence[Printed], rulings: Rulings, *, limit: int
) -> list[list[Candidate]]:
    """Return for each party the units that it may mean and that no person excluded, best first.

    What an excluded unit had of the probability is shared by those that are left.
    """
    excluded = [rulings.get(one.key, _OPEN).others for one in parties]
    most = limit + max(map(len, excluded), default=0)
    found = linker.candidates_many([_query(one) for one in parties], limit=most)
    return [_left(some, out)[:limit] for some, out in zip(found, excluded, strict=True)]


def _left(candidates: Sequence[Candidate], excluded: frozenset[OrgId]) -> list[Candidate]:
    gone = sum(one.score for one in candidates if one.org in excluded)
    return [
        replace(one, score=min(1.0, one.score / (1.0 - gone))) if 0 < gone < 1 else one
        for one in candidates
        if one.org not in excluded
    ]
