"""One firm for reading: register, accounts, evidence, what it won, and what is open for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procmatch.errors import NotFound
from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import OrgId, Supplier
from procmatch.model.statement import Stated
from procmatch.store import (
    Store,
    accounts,
    evidence_known,
    matches,
    notices,
    organisations,
    statements,
)
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import OpenTender, supplier
from procmatch.workflows.open_market import Now

__all__ = ["Won", "open_lots", "past_wins", "view_stated", "view_supplier"]

_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """A result in which a firm won: key of the notice, its title, buyers, day and value if told."""

    key: str
    notice: Notice
    lots: tuple[str, ...]
    day: date | None
    value: Decimal | None


def view_supplier(store: Store, org: OrgId, clock: Clock) -> Supplier:
    """Return a firm with its accounts and evidence that holds today.

    Raises:
        NotFound: the store has no such unit, or it is a sole proprietor, who is a person, and did
            not ask to be shown.
    """
    with store.read() as connection:
        unit = organisations.find(connection, org)
        stated = statements.find(connection, org)
        if unit.is_person and not (stated and stated.shown):
            raise NotFound(f"{org} is a person")
        return supplier(
            unit,
            organisations.past_awards(connection, [org]).get(org, ()),
            accounts.of(connection, [org]).get(org, ()),
            evidence_known.valid(connection, clock().date(), org=org).get(org, ()),
            stated,
        )


def view_stated(store: Store, org: OrgId) -> Stated | None:
    """Return what a firm says itself, None where it says nothing."""
    with store.read() as connection:
        return statements.find(connection, org)


def open_lots(
    store: Store, bidder: Supplier, now: Now, clock: Clock
) -> list[tuple[OpenTender, Lot, Match]]:
    """Return the open lots in whose kept ranking a firm stands, best first."""
    with store.read() as connection:
        kept = matches.of_supplier(connection, bidder.organisation.id)
    found = [
        (one, lot, hit)
        for one in now.still_open(clock())
        for lot in one.stored.notice.lots
        if (hit := kept.get((one.stored.row, lot.id)))
    ]
    return sorted(found, key=lambda each: (-each[2].score, each[2].notice, each[2].lot))


def past_wins(store: Store, bidder: Supplier) -> Sequence[Won]:
    """Return what a firm certainly won, newest first, at most fifty."""
    number = bidder.organisation.id.number
    found = []
    with store.read() as connection:
        for key in sorted(bidder.past_awards, reverse=True)[:_SHOWN]:
            try:
                stored = notices.find(connection, key)
            except NotFound:
                continue
            own = {
                party.lot
                for party in notices.parties_of(connection, stored.row)
                if party.role == "winner" and party.org == number
            }
            awards = [one for one in stored.notice.awards if one.lot in own and one.winners]
            values = [
                one.value.amount
                for one in awards
                if one.value and one.value.currency == "NOK" and len(one.winners) == 1
            ]
            days = [one.concluded_on for one in awards if one.concluded_on]
            found.append(
                Won(
                    key=key,
                    notice=stored.notice,
                    lots=tuple(sorted(lot for lot in own if lot)),
                    day=max(days, default=stored.notice.published_on),
                    value=sum(values, Decimal(0))
                    if len(values) == len(awards) and values
                    else None,
                )
            )
    return sorted(found, key=lambda one: (one.day or date.min, one.key), reverse=True)
