"""A procedure: what the notices of one purchase say today, merged, and how it came to that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procmatch.model.notice import NoticeKind
from procmatch.model.references import Keys, Reference, parse

__all__ = [
    "Cancellation",
    "Difference",
    "Procedure",
    "ProcedureState",
    "Publication",
    "Ref",
    "Revision",
]


class ProcedureState(StrEnum):
    """How far a purchase has come. Whether a competition is open depends on the clock too."""

    PLANNED = "planned"
    #: Announced; tenders are or were invited.
    COMPETITION = "competition"
    #: The buyer intends to award directly and has not awarded yet.
    INTENDED = "intended"
    AWARDED = "awarded"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Which publication: source and the source's own id."""

    source: str
    id: str

    def __str__(self) -> str:
        return f"{self.source} {self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The facts of one publication that say where it belongs.

    Attributes:
        ref: source and its id. notice_id, version: BT-701, BT-757.
        kind: see :class:`NoticeKind`. title: BT-21. cpv_main: BT-262.
        at: BT-05 dispatch, else the publication date, UTC; None when neither is known.
        deadline: first deadline of any lot, UTC.
        keys: what it is called and what it refers to. changes: BT-758 as printed.
        cancels: the change calls the procedure off (BT-140 cancel).
        buyers: organisation numbers of the buyers.
        status: the source's own word: ACTIVE, EXPIRED, AWARDED, CANCELLED; None where it has none.
    """

    ref: Ref
    notice_id: str
    version: str
    kind: NoticeKind
    title: str = ""
    cpv_main: str | None = None
    at: datetime | None = None
    deadline: datetime | None = None
    keys: Keys
    changes: str | None = None
    cancels: bool = False
    buyers: tuple[str, ...] = ()
    status: str | None = None

    @property
    def procedure_uuid(self) -> str | None:
        """BT-04 where it is a UUID, as eForms systems make them; None otherwise."""
        names = (
            key.removeprefix("procedure:")
            for key in sorted(self.keys.procedure)
            if key.startswith("procedure:")
        )
        return next((name for name in names if parse(name) == Reference(f"uuid:{name}")), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that a publication changed.

    Attributes:
        field: name of the model's field, e.g. ``deadline``, ``value``, ``lots``.
        lot: the lot's id, or None for the whole notice.
        before, after: the values as plain text; None where there was or is none. A time is ISO
            8601 UTC, an amount ``1200000 NOK``, a list joined by ``; ``.
    """

    field: str
    lot: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What one publication changed in an earlier one.

    Attributes:
        by, of: the later and the earlier publication.
        at: when the later one was sent, UTC.
        reason: BT-140. text: BT-762, else BT-141: the buyer's own words.
        differences: field by field; empty where the change is told in words only (form 99).
        stated: the later one names the earlier one; else they stand in one procedure or share a
            notice UUID, and time says which follows which.
    """

    by: Ref
    of: Ref
    at: datetime | None = None
    reason: str | None = None
    text: str = ""
    differences: tuple[Difference, ...] = ()
    stated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """That a procedure was called off: ``how`` is change, result or listing.

    ``change``: a change notice with reason cancel. ``result``: a result in which no lot has a
    winner. ``listing``: the source's list says so and no notice does.
    """

    how: str
    by: Ref
    at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """The merged state of one purchase; a function of its publications alone.

    Attributes:
        id: BT-04 of its first publication that has one, else that publication's own id.
        state: how far it has come.
        current: the publication that says what holds today.
        publications: all, oldest first; the same notice at two sources stands twice.
        twins: (copy, master) pairs: one notice from two sources. Doffin is master.
        revisions: what changed what, oldest first.
        results: publications of awards, oldest first.
        probable: publications that belong here by buyer, CPV and title only.
        cancelled: how and by which publication it was called off, or None.
        closed_lots: lots that a result says have no winner.
    """

    id: str
    state: ProcedureState
    current: Ref
    publications: tuple[Ref, ...]
    twins: tuple[tuple[Ref, Ref], ...] = ()
    revisions: tuple[Revision, ...] = ()
    results: tuple[Ref, ...] = ()
    probable: tuple[Ref, ...] = ()
    cancelled: Cancellation | None = None
    closed_lots: tuple[str, ...] = ()
