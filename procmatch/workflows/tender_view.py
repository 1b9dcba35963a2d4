"""One tender as it stands today, for reading: versions, awards, the ranking kept of each lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from procmatch.errors import NotFound
from procmatch.matching import match_lot
from procmatch.model.match import Linked, Match
from procmatch.model.notice import Award, Lot, Notice, NoticeKind
from procmatch.model.organisation import OrgId
from procmatch.model.procedure import Procedure, Ref
from procmatch.store import Store, matches, notices, organisations, procedures
from procmatch.store.documents import decode
from procmatch.store.notices import StoredNotice
from procmatch.workflows.market import Market, tender

__all__ = ["TenderView", "Winner", "best_of", "ranking", "view_tender"]

_RANKED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Winner:
    """Who won a lot: ``name`` is empty of a sole proprietor, ``number`` where nobody is certain."""

    lot: str
    name: str
    number: str
    award: Award


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderView:
    """A tender.

    Attributes:
        stored: what holds today. derived: the merged state; None before it was derived.
        publications: all of the procedure, oldest first.
        buyer: number of the first buyer that is known, or ``""``. buyer_municipality: where it is.
        winners: of all results. ranked: lot -> how many firms the kept ranking holds.
    """

    stored: StoredNotice
    derived: Procedure | None
    publications: Sequence[Notice]
    before: Sequence[Ref]
    after: Sequence[Ref]
    buyer: str
    buyer_municipality: str | None
    winners: Sequence[Winner]
    ranked: Mapping[str, int]

    @property
    def notice(self) -> Notice:
        """What holds today."""
        return self.stored.notice

    def lot(self, key: str) -> Lot:
        """Return a lot. Raises NotFound."""
        found = next((lot for lot in self.notice.lots if lot.id == key), None)
        if found is None:
            raise NotFound(f"no lot {key}")
        return found

    def is_open(self, moment: datetime) -> bool:
        """Whether one can still bid."""
        deadline = self.notice.deadline
        return (
            self.notice.kind is NoticeKind.COMPETITION
            and deadline is not None
            and deadline > moment
            and not (self.derived and self.derived.cancelled)
        )


def view_tender(store: Store, key: str) -> TenderView:
    """Return a tender by Doffin id, notice UUID or procedure id; the version that holds today.

    Raises:
        NotFound: the store has no such notice.
    """
    with store.read() as connection:
        procedure = notices.find(connection, key).procedure
        stored = notices.find(connection, procedure)
        chain = notices.of_procedure(connection, procedure)
        related = procedures.related(connection, procedure)
        parties = [
            party for one in chain for party in notices.parties_of(connection, one.row) if party.org
        ]
        buyer = next((party.org for party in parties if party.role == "buyer"), "")
        return TenderView(
            stored=stored,
            derived=procedures.find(connection, procedure),
            publications=[one.notice for one in chain],
            before=related["before"],
            after=related["after"],
            buyer=buyer or "",
            buyer_municipality=tender(connection, stored).buyer_municipality,
            winners=[winner for one in chain for winner in _winners(connection, one)],
            ranked=matches.counts(connection, stored.row),
        )


def _winners(connection: Connection, one: StoredNotice) -> list[Winner]:
    """Return the winners of a result; parties stand in the order in which they are printed."""
    if one.notice.kind is not NoticeKind.RESULT:
        return []
    by_position = {
        party.position: decode(party.document, Linked) if party.document else None
        for party in notices.parties_of(connection, one.row)
        if party.role == "winner"
    }
    position = len(one.notice.buyers)
    found = []
    for award in one.notice.awards:
        for printed in award.winners:
            link = by_position.get(position)
            number = link.org.number if link and link.certain else ""
            person = link is not None and _is_person(connection, link.org)
            found.append(
                Winner(
                    lot=award.lot or "",
                    name="" if person else printed.name,
                    number="" if person else number,
                    award=award,
                )
            )
            position += 1
    return found


def _is_person(connection: Connection, org: OrgId) -> bool:
    try:
        return organisations.find(connection, org).is_person
    except NotFound:
        return False


def best_of(store: Store, view: TenderView, lot: str, limit: int) -> Sequence[Match]:
    """Return the first firms of the ranking that the last match kept of a lot."""
    with store.read() as connection:
        return matches.of_lot(connection, notice=view.stored.row, lot=lot, limit=limit)


def ranking(
    store: Store, view: TenderView, lot: str, market: Market, clock_now: datetime
) -> Sequence[Match]:
    """Return the firms that could deliver a lot, best first; made now where no ranking is kept.

    Raises:
        NotFound: the notice has no such lot.
    """
    wanted = view.lot(lot)
    if view.ranked.get(lot):
        with store.read() as connection:
            return matches.kept_of_lot(connection, notice=view.stored.row, lot=lot)
    return match_lot(
        view.notice,
        wanted,
        market.index,
        policy=market.policy,
        now=clock_now,
        radius_km=market.radius_km,
        buyer_municipality=view.buyer_municipality,
        limit=_RANKED,
    )
