"""Wanted: which open lots each subscription asks for, ranked as its subscriber would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procmatch.alerts.preferences import Lift, lift, with_lift
from procmatch.alerts.wish_index import WishIndex
from procmatch.alerts.wishes import Offer, wants
from procmatch.errors import NotFound
from procmatch.matching.place import lot_municipalities
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot
from procmatch.model.subscription import Feedback, Subscription, Topic
from procmatch.settings import Settings
from procmatch.store import Store, notices
from procmatch.workflows.hidden import hidden_numbers
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, OpenTender, load_market
from procmatch.workflows.match import open_tenders, tenders_for
from procmatch.workflows.open_lots import OpenLots, open_lots

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
        tenders: the open ones. market: the suppliers. lots: prepared for the
            organisations among the subscribers; None where there are none.
        offers: (notice row, lot id) -> the lot as a search sees it.
        searches: id of a search subscription -> the lots it asks for, all at once.
        hidden: numbers of firms that are not to be named.
    """

    tenders: Sequence[OpenTender]
    market: Market
    lots: OpenLots | None
    offers: Offers
    searches: Mapping[str, Sequence[tuple[OpenTender, Lot]]]
    hidden: frozenset[str] = frozenset()


def today_of(
    store: Store, settings: Settings, clock: Clock, subscriptions: Sequence[Subscription]
) -> Today:
    """Return what is open today, and what ``subscriptions`` that search want of it."""
    tenders = open_tenders(store, clock)
    market = load_market(store, settings, clock)
    offers = _offers(store, tenders, market)
    asking = any(one.org is not None and one.topic is Topic.TENDERS for one in subscriptions)
    return Today(
        tenders=tenders,
        market=market,
        lots=open_lots(tenders, market) if asking else None,
        offers=offers,
        searches=_searches(subscriptions, tenders, offers),
        hidden=hidden_numbers(store, settings),
    )


def _searches(
    subscriptions: Sequence[Subscription], tenders: Sequence[OpenTender], offers: Offers
) -> Mapping[str, Sequence[tuple[OpenTender, Lot]]]:
    searching = [one for one in subscriptions if one.org is None and one.topic is Topic.TENDERS]
    index = WishIndex(searching)
    found: dict[str, list[tuple[OpenTender, Lot]]] = {one.id: [] for one in searching}
    for tender in tenders:
        for lot in tender.stored.notice.lots:
            for subscription in index.wanted_by(offers[tender.stored.row, lot.id]):
                found[subscription.id].append((tender, lot))
    return found


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
        subscription: of topic ``tenders``; one of those that ``today`` was made for.
        judged: procedure -> the subscriber's judgement.
        today: what is open.
        settings: the ranking policy.
        clock: aware UTC now.
    """
    found = []
    for one, lot, match in _candidates(store, subscription, judged, today, settings, clock):
        offer = today.offers[one.stored.row, lot.id]
        moved = lift(subscription, judged.values(), offer, match)
        scored = with_lift(match, moved) if match else None
        if scored is not None and scored.score < subscription.threshold:
            continue
        found.append(Hit(tender=one, lot=lot, offer=offer, match=scored, lift=moved))
    return found


def _candidates(
    store: Store,
    subscription: Subscription,
    judged: Mapping[str, Feedback],
    today: Today,
    settings: Settings,
    clock: Clock,
) -> Sequence[tuple[OpenTender, Lot, Match | None]]:
    def is_left(one: OpenTender) -> bool:
        said = judged.get(one.stored.procedure)
        return said is None or said.fits

    if subscription.org is None:
        return [(one, lot, None) for one, lot in today.searches[subscription.id] if is_left(one)]
    try:
        ranked = tenders_for(
            store,
            subscription.org,
            settings=settings,
            clock=clock,
            lots=today.lots,
            offers=subscription.offers,
        )
    except NotFound:
        return []  # removed from the register: nothing may be said about it
    return [
        (one, lot, match)
        for one, lot, match in ranked
        if match.verdict is not Verdict.NOT
        and is_left(one)
        and wants(subscription, today.offers[one.stored.row, lot.id])
    ]
