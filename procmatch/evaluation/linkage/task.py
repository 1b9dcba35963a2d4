"""What a linkage task is: queries with the truth, and the registers in which they are asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from procmatch.evaluation.folders import SetAside
from procmatch.linkage import Query
from procmatch.model.organisation import NORWAY, Organisation, OrgId

__all__ = ["Case", "Round", "Task", "is_deleted", "label", "without_deleted", "without_places"]

#: One true unit in so many is deleted in the test of queries that have no answer.
DELETED_SHARE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A query and its truth.

    Attributes:
        id: as in run files. query: what is asked. truth: the unit meant.
    """

    id: str
    query: Query
    truth: OrgId


@dataclass(frozen=True, slots=True)
class Round:
    """Queries that are asked in one register."""

    register: Sequence[Organisation]
    cases: Sequence[Case]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A linkage task as read from a folder.

    Attributes:
        name: e.g. ``"t2_ldir"``. about: one sentence for the report.
        rounds: one, or many where each query needs a register of its own.
        files: that it was read from. aside: rows that could not be used.
    """

    name: str
    about: str
    rounds: tuple[Round, ...]
    files: tuple[str, ...]
    aside: tuple[SetAside, ...] = field(default=(), repr=False)

    @property
    def cases(self) -> list[Case]:
        """All queries, in order."""
        return [case for one in self.rounds for case in one.cases]

    @property
    def units(self) -> int:
        """How many units the largest register holds."""
        return max((len(one.register) for one in self.rounds), default=0)

    @property
    def has_places(self) -> bool:
        """Whether any query says where the party is."""
        return any(case.query.place or case.query.postcode for case in self.cases)


def label(org: OrgId) -> str:
    """Return the name of a unit in run files: its number, behind its country if it is foreign."""
    return org.number if org.register == NORWAY else f"{org.register}{org.number}"


def is_deleted(org: OrgId) -> bool:
    """Whether a unit is among the third that is deleted; the same on every machine."""
    digest = hashlib.sha256(f"{org.register}:{org.number}".encode()).digest()
    return int.from_bytes(digest[:8]) % DELETED_SHARE == 0


def without_deleted(task: Task) -> Task:
    """Return the task with a third of the true units taken out of its registers."""
    gone = {case.truth for case in task.cases if is_deleted(case.truth)}
    return replace(
        task,
        rounds=tuple(
            Round(tuple(unit for unit in one.register if unit.id not in gone), one.cases)
            for one in task.rounds
        ),
    )


def without_places(task: Task) -> Task:
    """Return the task with names only."""
    return replace(
        task,
        rounds=tuple(Round(one.register, tuple(_bare(one.cases))) for one in task.rounds),
    )


def _bare(cases: Iterable[Case]) -> Iterable[Case]:
    for case in cases:
        yield replace(case, query=Query(name=case.query.name))
