"""Results with who bought and who won, as linkage knows them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from procmatch.model.notice import Notice, NoticeKind
from procmatch.model.organisation import OrgId
from procmatch.model.procedure import Procedure
from procmatch.store.documents import decode
from procmatch.store.tables import notices, parties, procedures

__all__ = ["Awarded", "results"]

#: Databases limit the number of parameters of one statement.
_CHUNK = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """A result notice.

    Attributes:
        procedure: its id. notice: the result.
        competition: what it announced last, or None where no competition is stored.
        buyers: certain links of its buyers.
        winners: for each award the certain link of each of its winners, else None.
    """

    procedure: str
    notice: Notice
    competition: Notice | None
    buyers: tuple[OrgId, ...]
    winners: tuple[tuple[OrgId | None, ...], ...]


def results(connection: Connection, buyers: Collection[OrgId] | None = None) -> Iterator[Awarded]:
    """Yield the results of buyers, or of all; oldest first, of copies of one notice the master's.

    Procedures must have been derived (the workflow ``settle``).
    """
    wanted = None if buyers is None else sorted(buyers)
    rows: dict[int, None] = {}
    if wanted is None:
        every = select(notices.c.id).where(notices.c.kind == NoticeKind.RESULT.value)
        rows = dict.fromkeys(connection.scalars(every))
    for start in range(0, len(wanted or ()), _CHUNK):
        numbers = [org.number for org in (wanted or ())[start : start + _CHUNK]]
        query = (
            select(notices.c.id)
            .join(parties, parties.c.notice == notices.c.id)
            .where(
                notices.c.kind == NoticeKind.RESULT.value,
                parties.c.role == "buyer",
                parties.c.certain.is_(True),
                parties.c.org.in_(numbers),
            )
        )
        rows |= dict.fromkeys(connection.scalars(query))
    found: list[tuple[object, Awarded]] = []
    for row in rows:
        stored = connection.execute(select(notices).where(notices.c.id == row)).one()
        state = _procedure(connection, stored.procedure)
        ref = (stored.source, stored.source_id)
        if state and ref in {(copy.source, copy.id) for copy, _ in state.twins}:
            continue
        found.append(
            ((str(stored.dispatched_at or stored.published_on or ""), row),
             _awarded(connection, stored, state, wanted))
        )  # fmt: skip
    yield from (one for _, one in sorted(found, key=lambda pair: pair[0]))  # type: ignore[arg-type, return-value]


def _procedure(connection: Connection, key: str) -> Procedure | None:
    text = connection.scalar(select(procedures.c.document).where(procedures.c.id == key))
    return decode(text, Procedure) if text else None


def _awarded(
    connection: Connection,
    row: Row[tuple[object, ...]],
    state: Procedure | None,
    wanted: Collection[OrgId] | None,
) -> Awarded:
    notice = decode(row.document, Notice)
    linked = {
        (one.role, one.position): OrgId(one.register, one.org)
        for one in connection.execute(select(parties).where(parties.c.notice == row.id))
        if one.certain and one.org
    }
    # Parties stand in the order in which they are printed: buyers, then the winners of each award.
    position = len(notice.buyers)
    winners = []
    for award in notice.awards:
        own = range(position, position + len(award.winners))
        winners.append(tuple(linked.get(("winner", at)) for at in own))
        position += len(award.winners)
    own_buyers = (linked.get(("buyer", at)) for at in range(len(notice.buyers)))
    return Awarded(
        procedure=row.procedure,
        notice=notice,
        competition=_competition(connection, state),
        buyers=tuple(org for org in own_buyers if org and (wanted is None or org in wanted)),
        winners=tuple(winners),
    )


def _competition(connection: Connection, state: Procedure | None) -> Notice | None:
    """Return the newest competition notice of a procedure that has lots."""
    if state is None:
        return None
    for ref in reversed(state.publications):
        text = connection.scalar(
            select(notices.c.document).where(
                notices.c.source == ref.source,
                notices.c.source_id == ref.id,
                notices.c.kind == NoticeKind.COMPETITION.value,
            )
        )
        if text and (found := decode(text, Notice)).lots:
            return found
    return None
