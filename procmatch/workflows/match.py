"""Match: could this supplier bid on this lot?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Connection

from procmatch.codes import Codes, from_entries
from procmatch.matching import NeedAnswer, match_lot, match_lots, match_need
from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import OrgId, Supplier
from procmatch.model.statement import Stated
from procmatch.settings import Settings
from procmatch.store import (
    Store,
    accounts,
    evidence_known,
    matches,
    notices,
    organisations,
    runs,
    statements,
)
from procmatch.workflows.hidden import hidden_numbers
from procmatch.workflows.ingest import Clock
from procmatch.workflows.kept_figures import FiguresMade
from procmatch.workflows.market import Market, OpenTender, load_market, supplier, tender
from procmatch.workflows.open_lots import OpenLots, open_lots
from procmatch.workflows.settle import settle

__all__ = [
    "MatchReport",
    "kept",
    "match",
    "need",
    "need_in",
    "open_tenders",
    "suppliers_of",
    "tenders_for",
]

#: More suppliers than this are never shown or written to for one lot.
_KEPT = 200
#: Whose accounts are worth asking for, best of each lot.
_ACCOUNTS_OF_BEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReport:
    """How many open lots were matched, and for how many the answer differs from before.

    ``accounts_wanted`` counts suppliers whose accounts ``crawl accounts`` will ask for.
    """

    lots: int
    changed: int
    suppliers: int
    accounts_wanted: int = 0


def open_tenders(store: Store, clock: Clock) -> list[OpenTender]:
    """Return the open competitions, by deadline."""
    settle(store)
    with store.read() as connection:
        stored = list(notices.open_competitions(connection, clock()))
        return [tender(connection, one) for one in stored]


def _match(
    market: Market, one: OpenTender, lot: Lot, clock: Clock, limit: int | None
) -> list[Match]:
    return match_lot(
        one.stored.notice,
        lot,
        market.index,
        policy=market.policy,
        now=clock(),
        radius_km=market.radius_km,
        buyer_municipality=one.buyer_municipality,
        limit=limit,
    )


def match(
    store: Store,
    *,
    settings: Settings,
    clock: Clock,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> MatchReport:
    """Rank the suppliers of every open lot and keep the ranking; safe to run again at any time."""
    tenders = open_tenders(store, clock)
    market = load_market(store, settings, clock)
    pairs = [(one, lot) for one in tenders for lot in one.stored.notice.lots]
    ranked = match_lots(
        [(one.stored.notice, lot, one.buyer_municipality) for one, lot in pairs],
        market.index,
        policy=market.policy,
        now=clock(),
        radius_km=market.radius_km,
        limit=_KEPT,
    )
    figures = FiguresMade.begin(store, market, settings, clock)
    changed = done = 0
    seen: dict[OrgId, None] = {}
    for one in tenders:
        found = {lot.id: next(ranked) for lot in one.stored.notice.lots}
        with store.begin() as connection:
            for lot, hits in found.items():
                changed += matches.replace_lot(
                    connection, notice=one.stored.row, lot=lot, found=hits
                )
        figures.add(one, found)
        for hits in found.values():
            seen |= dict.fromkeys(hit.supplier for hit in hits[:_ACCOUNTS_OF_BEST])
        done += len(found)
        progress(done, len(pairs))
    figures.end()
    return MatchReport(
        lots=len(pairs),
        changed=changed,
        suppliers=len(market.index),
        accounts_wanted=_want_accounts(store, market, list(seen), clock),
    )


def _want_accounts(store: Store, market: Market, seen: Sequence[OrgId], clock: Clock) -> int:
    """Queue the accounts of suppliers that matter: there is no bulk file, so ask for few."""
    units = [market.index.supplier(org).organisation for org in seen]
    with store.begin() as connection:
        wanted = accounts.wanting(connection, units, clock())
        runs.queue(connection, "accounts", [org.number for org in wanted], clock())
    return len(wanted)


def kept(store: Store, one: OpenTender, lot: Lot) -> list[Match]:
    """Return the ranking that the last :func:`match` kept for a lot, best first."""
    with store.read() as connection:
        return matches.of_lot(connection, notice=one.stored.row, lot=lot.id)


def suppliers_of(
    store: Store, key: str, *, settings: Settings, clock: Clock
) -> tuple[Notice, list[tuple[Lot, list[Match]]]]:
    """Rank the suppliers of each lot of one notice, open or not.

    Raises:
        NotFound: no notice under ``key`` (Doffin id, notice UUID or procedure id).
    """
    with store.read() as connection:
        one = tender(connection, notices.find(connection, key))
    market = load_market(store, settings, clock)
    notice = one.stored.notice
    hidden = hidden_numbers(store, settings)
    return notice, [
        (lot, _but(hidden, _match(market, one, lot, clock, None))) for lot in notice.lots
    ]


def _but(hidden: frozenset[str], found: Sequence[Match]) -> list[Match]:
    """Return a ranking without those who are not to be shown."""
    return [one for one in found if one.supplier.number not in hidden]


def why(
    store: Store, key: str, number: OrgId, *, settings: Settings, clock: Clock
) -> tuple[Notice, list[tuple[Lot, list[Match]]]]:
    """Judge one supplier on each lot of one notice: why it stands in the list, or why not.

    Raises:
        NotFound: no notice under ``key``, or no such organisation.
    """
    with store.read() as connection:
        one = tender(connection, notices.find(connection, key))
        bidder = _bidder(connection, number, clock)
    ranked = open_lots([one], load_market(store, settings, clock)).ranked(bidder, clock, every=True)
    found = {lot.id: match for _, lot, match in ranked}
    notice = one.stored.notice
    return notice, [(lot, [found[lot.id]]) for lot in notice.lots]


def _bidder(connection: Connection, number: OrgId, clock: Clock, offers: str = "") -> Supplier:
    """Return a supplier in full, its activity in its own words where there are any."""
    unit = organisations.find(connection, number)
    if offers:
        unit = replace(unit, activity=offers)
    return supplier(
        unit,
        organisations.past_awards(connection, [number]).get(number, ()),
        accounts.of(connection, [number]).get(number, ()),
        evidence_known.valid(connection, clock().date(), org=number).get(number, ()),
        *_own_words(connection, number),
    )


def _own_words(connection: Connection, number: OrgId) -> tuple[Stated | None, Codes | None]:
    """Return what a firm says itself, and the code lists where it takes them to read that."""
    stated = statements.find(connection, number)
    if stated is None or not stated.statement.cpv:
        return stated, None
    return stated, from_entries(organisations.code_entries(connection))


def tenders_for(
    store: Store,
    number: OrgId,
    *,
    settings: Settings,
    clock: Clock,
    lots: OpenLots | None = None,
    offers: str = "",
    every: bool = False,
) -> list[tuple[OpenTender, Lot, Match]]:
    """Rank the open lots for one supplier, best first.

    Args:
        store: with the register.
        number: which supplier.
        settings: the ranking policy.
        clock: aware UTC now.
        lots: the open ones, if they are prepared already.
        offers: what it delivers in its own words, in place of the register's; ``""`` for those.
        every: also lots that have nothing to do with it, for one who asks why not.

    Raises:
        NotFound: the store has no such organisation.
    """
    with store.read() as connection:
        bidder = _bidder(connection, number, clock, offers)
    if lots is None:
        lots = open_lots(open_tenders(store, clock), load_market(store, settings, clock))
    return lots.ranked(bidder, clock, every=every)


def need(
    store: Store,
    text: str,
    *,
    settings: Settings,
    clock: Clock,
    cpv: Sequence[str] = (),
    place: str | None = None,
    value: Decimal | None = None,
) -> NeedAnswer:
    """Rank the suppliers of a need described in words, before any tender exists."""
    market = load_market(store, settings, clock)
    found = need_in(market, text, clock=clock, cpv=cpv, place=place, value=value)
    hidden = hidden_numbers(store, settings)
    return replace(found, matches=found.matches.without(hidden))


def need_in(
    market: Market,
    text: str,
    *,
    clock: Clock,
    cpv: Sequence[str] = (),
    place: str | None = None,
    value: Decimal | None = None,
    radius_km: float | None = None,
    limit: int | None = None,
    within_km: float | None = None,
) -> NeedAnswer:
    """Rank the suppliers of a need in a market that is loaded already.

    Args:
        market: whose firms.
        text: what is needed.
        clock: aware UTC now.
        cpv: codes, if known.
        place: municipality, four digits.
        value: NOK a year excl. VAT.
        radius_km: how far a supplier travels; None means as the market says.
        limit: how many at the most.
        within_km: who is known to work farther away stands beside the ranking; None ranks all.

    Raises:
        CodeError: one of ``cpv`` is not a CPV code.
    """
    return match_need(
        text,
        cpv=tuple(cpv),
        place=place,
        value=value,
        suppliers=market.index,
        policy=market.policy,
        now=clock(),
        radius_km=market.radius_km if radius_km is None else radius_km,
        limit=limit,
        within_km=within_km,
    )
