"""News for buyers: what they announced that few small firms nearby fit, and agreements that end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from procmatch.alerts.agreements import agreement_sentence
from procmatch.alerts.nearby import Nearby, nearby_sentences
from procmatch.errors import NotFound
from procmatch.insight.radar import Agreement, ending_within, plan_from
from procmatch.matching import match_lot
from procmatch.matching.place import supplier_municipalities
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot
from procmatch.model.organisation import SizeClass
from procmatch.model.subscription import DigestItem, Subscription
from procmatch.store import Store, matches, notices
from procmatch.store.told import Told
from procmatch.workflows.agreements import signed_by
from procmatch.workflows.buyers import buyer_of
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, OpenTender
from procmatch.workflows.telling import Known, Piece, facts_of
from procmatch.workflows.wanted import Today

__all__ = ["FEW", "ending", "few_local"]

#: Fewer firms than this that could bid are few.
FEW = 3
_SMALL = {SizeClass.MICRO, SizeClass.SMALL}
_FITS = 0.5
_HURDLES = 3
_RANKED = 200


def few_local(
    store: Store, subscription: Subscription, today: Today, known: Known, clock: Clock
) -> list[Piece]:
    """Return the buyer's open tenders with lots that few or no small firms nearby fit.

    A firm counts when it is micro or small by what is known, works within the normal distance, and
    the ranking gives it at least 0.5 and does not rule it out. Of a lot one
    hears again only when few has become none, or none few.
    """
    try:
        with store.read() as connection:
            buyer = buyer_of(connection, subscription.municipalities[0])
    except NotFound:
        return []
    own = {org.number for org in buyer.orgs}
    pieces = []
    for one in today.tenders:
        lots = [
            lot
            for lot in one.stored.notice.lots
            if own.intersection(today.offers[one.stored.row, lot.id].buyers)
        ]
        piece = _few(store, subscription, one, lots, today, known, clock) if lots else None
        if piece:
            pieces.append(piece)
    return pieces


def _few(
    store: Store,
    subscription: Subscription,
    one: OpenTender,
    lots: Sequence[Lot],
    today: Today,
    known: Known,
    clock: Clock,
) -> Piece | None:
    told, shown, sentences = [], [], []
    for lot in lots:
        places = today.offers[one.stored.row, lot.id].places
        ranked = _ranking(store, one, lot, today.market, clock)
        open_ones = [hit for hit in ranked if hit.supplier.number not in today.hidden]
        near = _nearby(open_ones, today.market, places)
        mark = "none" if not near.fitting else "few"
        old = known.get((one.stored.procedure, lot.id))
        if len(near.fitting) >= FEW or (old and old.fingerprint == mark):
            continue
        name = one.stored.notice.source_id or one.stored.notice.notice_id
        told.append(Told(procedure=one.stored.procedure, lot=lot.id, fingerprint=mark, notice=name))
        shown.append(lot)
        alone = len(one.stored.notice.lots) <= 1
        sentences += nearby_sentences(near, lot, subscription.language, alone=alone)
    if not told:
        return None
    item = DigestItem(
        notice=one.stored.notice,
        procedure=one.stored.procedure,
        lots=tuple((lot, None) for lot in shown),
        news="few-local",
        changes=tuple(sentences),
    )
    facts = facts_of(item, subscription.language, clock())
    return Piece(item=item, told=tuple(told), facts=facts)


def _ranking(
    store: Store, one: OpenTender, lot: Lot, market: Market, clock: Clock
) -> Sequence[Match]:
    """Return the ranking that the last match kept; made now where there is none yet."""
    with store.read() as connection:
        found = matches.of_lot(connection, notice=one.stored.row, lot=lot.id)
    return found or match_lot(
        one.stored.notice,
        lot,
        market.index,
        codes=market.codes,
        policy=market.policy,
        now=clock(),
        radius_km=market.radius_km,
        buyer_municipality=one.buyer_municipality,
        limit=_RANKED,
    )


def _nearby(found: Sequence[Match], market: Market, places: frozenset[str]) -> Nearby:
    """Count the small firms nearby in a ranking; ``places`` are the lot's municipalities."""
    local = [
        one
        for one in found
        if one.supplier in market.index
        and market.index.supplier(one.supplier).size in _SMALL
        and _is_near(one, market, places)
    ]
    fitting = [one for one in local if one.verdict is not Verdict.NOT and one.score >= _FITS]
    stopped = [one for one in local if one.verdict is Verdict.NOT]
    reasons = Counter(hurdle.reason for one in stopped for hurdle in one.hurdles if hurdle.blocking)
    return Nearby(
        fitting=tuple(one.supplier_name for one in fitting),
        sure=sum(one.verdict is Verdict.ELIGIBLE for one in fitting),
        stopped=len(stopped),
        hurdles=tuple(reason for reason, _count in reasons.most_common(_HURDLES)),
        radius_km=round(market.radius_km),
    )


def _is_near(one: Match, market: Market, places: frozenset[str]) -> bool:
    if one.distance_km is not None:
        return one.distance_km <= market.radius_km
    unit = market.index.supplier(one.supplier).organisation
    return not places.isdisjoint(supplier_municipalities(unit))


def _ending_sentence(one: Agreement, language: str) -> str:
    assert one.end is not None
    return agreement_sentence(
        title=one.title,
        end=one.end,
        last_end=one.span.last_end,
        renewable=one.span.renewals != 0,
        value=one.value,
        plan_from=plan_from(one),
        language=language,
    )


def ending(store: Store, subscription: Subscription, known: Known, clock: Clock) -> list[Piece]:
    """Return the buyer's agreements whose first end comes within twelve months, soonest first.

    One hears of an agreement once, and again when its end is told otherwise.
    """
    try:
        signed = signed_by(store, subscription.municipalities[0], clock)
    except NotFound:
        return []
    by_notice: dict[str, list[Agreement]] = {}
    for one in ending_within(signed.agreements, clock().date()):
        old = known.get((one.procedure, one.lot))
        if old is None or old.fingerprint != f"ends {one.end}":
            by_notice.setdefault(one.notice, []).append(one)
    pieces = []
    for key, found in by_notice.items():
        with store.read() as connection:
            stored = notices.find(connection, key)
        lots = {lot.id: lot for lot in stored.notice.lots}
        item = DigestItem(
            notice=stored.notice,
            procedure=stored.procedure,
            lots=tuple((lots[one.lot], None) for one in found if one.lot in lots),
            news="ending",
            changes=tuple(_ending_sentence(one, subscription.language) for one in found),
        )
        told = tuple(
            Told(procedure=one.procedure, lot=one.lot, fingerprint=f"ends {one.end}", notice=key)
            for one in found
        )
        facts = facts_of(item, subscription.language, clock())
        pieces.append(Piece(item=item, told=told, facts=facts))
    return pieces
