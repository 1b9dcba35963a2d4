"""Look up one notice with all that belongs to its procedure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.model.match import Linked
from procmatch.model.notice import Notice
from procmatch.model.procedure import Procedure, Ref
from procmatch.store import Store, notices, procedures
from procmatch.store.documents import decode

__all__ = ["Found", "LinkedParty", "look_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedParty:
    """A buyer or winner as printed, and the register unit it was linked to, if any."""

    role: str
    lot: str | None
    name: str
    number: str | None
    linked: Linked | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A notice, its parties and its procedure.

    Attributes:
        notice: the notice asked for. procedure: the id of its procedure.
        publications: all of its procedure, oldest first.
        derived: the merged state of the procedure; None before it was derived.
        before, after: planning notices that it builds on, and what was built on it.
    """

    notice: Notice
    procedure: str
    parties: Sequence[LinkedParty]
    publications: Sequence[Notice]
    derived: Procedure | None
    before: Sequence[Ref]
    after: Sequence[Ref]


def look_up(store: Store, key: str) -> Found:
    """Find a notice by Doffin id, notice UUID or procedure id.

    Raises:
        NotFound: the store has no such notice.
    """
    with store.read() as connection:
        stored = notices.find(connection, key)
        parties = [
            LinkedParty(
                role=row.role,
                lot=row.lot,
                name=row.name,
                number=row.number,
                linked=decode(row.document, Linked) if row.document else None,
            )
            for row in notices.parties_of(connection, stored.row)
        ]
        chain = [one.notice for one in notices.of_procedure(connection, stored.procedure)]
        derived = procedures.find(connection, stored.procedure)
        related = procedures.related(connection, stored.procedure)
    return Found(
        notice=stored.notice,
        procedure=stored.procedure,
        parties=parties,
        publications=chain,
        derived=derived,
        before=related["before"],
        after=related["after"],
    )
