"""Wanted: which open lots each subscription asks for, ranked as its subscriber would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procmatch.alerts.preferences import Lift, lift, with_lift
from procmatch.alerts.wishes import Offer, wants
from procmatch.errors import NotFound
from procmatch.matching.place import lot_municipalities
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot
from procmatch.model.subscription import Feedback, Subscription
from procmatch.settings import Settings
from procmatch.store import Store, notices
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, OpenTender, load_market
from procmatch.workflows.match import open_tenders, tenders_for

__all__ = ["Hit", "Today", "hits_of", "today_of"]

#: (notice row, lot id) -> the lot as a search sees it.
Offers = Mapping[tuple[int, str], Offer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An open lot that a subscription asks for.

    Attributes:
        match: for an organisation; its score has the lift in it.
        lift: what the subscriber's own words add, and the sentences that say so.
    """

    tender: OpenTender
    lot: Lot
    offer: Offer
    match: Match | None
    lift: Lift


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What all subscriptions are compared with; made once.

    Attributes:
        tenders: the open ones. market: the suppliers.
        offers: (notice row, lot id) -> the lot as a search sees it.
    """

    tenders: Sequence[OpenTender]
    market: Market
    offers: Offers


def today_of(store: Store, settings: Settings, clock: Clock) -> Today:
    """Return what is open today."""
    tenders = open_tenders(store, clock)
    market = load_market(store, settings, clock)
    return Today(tenders=tenders, market=market, offers=_offers(store, tenders, market))


def _offers(store: Store, tenders: Sequence[OpenTender], market: Market) -> Offers:
    found = {}
    with store.read() as connection:
        for one in tenders:
            parties = notices.parties_of(connection, one.stored.row)
            buyers = tuple(row.org for row in parties if row.role == "buyer" and row.org)
            own = {one.buyer_municipality} if one.buyer_municipality else set()
            for lot in one.stored.notice.lots:
                places, _field = lot_municipalities(
                    one.stored.notice, lot, market.codes.places, one.buyer_municipality
                )
                found[one.stored.row, lot.id] = Offer(
                    notice=one.stored.notice, lot=lot, places=places | own, buyers=buyers
                )
    return found


def hits_of(
    store: Store,
    subscription: Subscription,
    judged: Mapping[str, Feedback],
    today: Today,
    *,
    settings: Settings,
    clock: Clock,
) -> list[Hit]:
    """Return the open lots that a subscription asks for.

    A tender that the subscriber said does not fit is not mentioned again; what was judged moves
    the rank of others like it. For an organisation, a lot must reach the threshold after that.

    Args:
        store: with the register and the notices.
        subscription: of topic ``tenders``.
        judged: procedure -> the subscriber's judgement.
        today: what is open.
        settings: the ranking policy.
        clock: aware UTC now.
    """
    left = [
        one
        for one in today.tenders
        if (said := judged.get(one.stored.procedure)) is None or said.fits
    ]
    found = []
    for one, lot, match in _candidates(store, subscription, left, today.market, settings, clock):
        offer = today.offers[one.stored.row, lot.id]
        if not wants(subscription, offer):
            continue
        moved = lift(subscription, judged.values(), offer, match)
        scored = with_lift(match, moved) if match else None
        if scored is not None and scored.score < subscription.threshold:
            continue
        found.append(Hit(tender=one, lot=lot, offer=offer, match=scored, lift=moved))
    return found


def _candidates(
    store: Store,
    subscription: Subscription,
    tenders: Sequence[OpenTender],
    market: Market,
    settings: Settings,
    clock: Clock,
) -> Sequence[tuple[OpenTender, Lot, Match | None]]:
    if subscription.org is None:
        return [(one, lot, None) for one in tenders for lot in one.stored.notice.lots]
    try:
        ranked = tenders_for(
            store,
            subscription.org,
            settings=settings,
            clock=clock,
            market=market,
            tenders=tenders,
            offers=subscription.offers,
        )
    except NotFound:
        return []  # removed from the register: nothing may be said about it
    return [hit for hit in ranked if hit[2].verdict is not Verdict.NOT]
