"""What a municipality has signed: agreements and when they end, and who its money went to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.insight.radar import Agreement, agreements
from procmatch.insight.shares import Purchase
from procmatch.insight.spend import as_purchase
from procmatch.model.organisation import OrgId, Supplier
from procmatch.store import Store, awarded
from procmatch.store.awarded import Awarded
from procmatch.workflows.buyers import Buyer, buyer_of
from procmatch.workflows.ingest import Clock
from procmatch.workflows.known_suppliers import known_suppliers
from procmatch.workflows.settle import settle

__all__ = ["Signed", "signed_by", "signed_so_far"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What results say of one buyer.

    Attributes:
        buyer: the municipality. agreements: by lot, oldest result first.
        purchases: each award to each winner; those whose winner is not certain are unknown.
        without_winner: lots that ended without one.
    """

    buyer: Buyer
    agreements: tuple[Agreement, ...]
    purchases: tuple[Purchase, ...]
    without_winner: int


def signed_by(store: Store, municipality: str, clock: Clock) -> Signed:
    """Return what a municipality or county has signed, as far as results tell.

    Args:
        store: with notices that are linked.
        municipality: four digits; two for a county.
        clock: evidence counts that holds today.

    Raises:
        NotFound: the register in the store has no such municipality.
    """
    settle(store)
    return signed_so_far(store, municipality, clock)


def signed_so_far(store: Store, municipality: str, clock: Clock) -> Signed:
    """Return the same without writing anything: procedures are as the last run derived them."""
    with store.read() as connection:
        buyer = buyer_of(connection, municipality)
        found = list(awarded.results(connection, buyer.orgs))
        wanted = {org for one in found for winners in one.winners for org in winners if org}
        winners = known_suppliers(connection, wanted, clock().date())
    signed = [
        agreement
        for one in found
        for agreement in agreements(one.procedure, one.notice, one.competition)
    ]
    rows = [row for one in found for row in _purchases(one, winners, municipality)]
    empty = sum(not award.winners for one in found for award in one.notice.awards)
    return Signed(
        buyer=buyer,
        agreements=tuple(signed),
        purchases=tuple(rows),
        without_winner=empty,
    )


def _purchases(
    one: Awarded, winners: dict[OrgId, Supplier], municipality: str
) -> Sequence[Purchase]:
    """Return one row for each winner of each award; a consortium's value is shared evenly."""
    notice = one.notice
    key = notice.source_id or notice.notice_id
    day = notice.published_on or (notice.dispatched_at.date() if notice.dispatched_at else None)
    lots = {
        lot.id: lot for lot in (*(one.competition.lots if one.competition else ()), *notice.lots)
    }
    rows = []
    for at, (award, orgs) in enumerate(zip(notice.awards, one.winners, strict=True)):
        lot = lots.get(award.lot or "")
        cpv = (lot.cpv_main if lot else None) or notice.cpv_main or ""
        money = award.value if award.value and award.value.currency == "NOK" else None
        signed = award.concluded_on or day
        year = signed.year if signed else None
        for place, (printed, org) in enumerate(zip(award.winners, orgs, strict=True)):
            base = Purchase(
                key=f"{key} {award.lot or ''} {at + 1}.{place + 1}",
                year=year,
                unit=notice.buyers[0].name if notice.buyers else "",
                category=cpv[:2],
                name=printed.name,
                value=money.amount / len(award.winners) if money else None,
            )
            rows.append(as_purchase(base, winners.get(org) if org else None, municipality))
    return rows
