"""Hurdles: what each requirement of a notice or draft does to the firms nearby."""

from __future__ import annotations

from collections.abc import Collection

from procmatch.insight.hurdles import LotHurdles, hurdles_of
from procmatch.matching.need import Wanted, prepare
from procmatch.model.notice import Notice
from procmatch.settings import Settings
from procmatch.store import Store, notices
from procmatch.workflows.hidden import hidden_numbers
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, load_market, tender
from procmatch.workflows.what_if import looked_up

__all__ = ["hurdles_in", "hurdles_on", "lots_prepared"]


def hurdles_in(
    market: Market,
    notice: Notice,
    *,
    clock: Clock,
    buyer_municipality: str | None = None,
    hidden: frozenset[str] = frozenset(),
    only: Collection[str] | None = None,
) -> list[LotHurdles]:
    """Return the hurdles of each lot of a notice or draft.

    Args:
        market: the firms.
        notice: announced or a draft.
        clock: aware UTC now.
        buyer_municipality: where the buyer is, if known.
        hidden: numbers of firms that asked not to be shown.
        only: ids of the lots that are wanted; None means all.
    """
    lots = lots_prepared(
        market, notice, clock=clock, buyer_municipality=buyer_municipality, only=only
    )
    if not lots:
        return []
    field = looked_up(market, lots, hidden)
    return [hurdles_of(one, field) for one in lots]


def lots_prepared(
    market: Market,
    notice: Notice,
    *,
    clock: Clock,
    buyer_municipality: str | None = None,
    only: Collection[str] | None = None,
) -> list[Wanted]:
    """Prepare the lots of a notice; the arguments as of :func:`hurdles_in`."""
    return [
        prepare(notice, lot, codes=market.codes, now=clock(), buyer_municipality=buyer_municipality)
        for lot in notice.lots
        if only is None or lot.id in only
    ]


def hurdles_on(store: Store, key: str, *, settings: Settings, clock: Clock) -> list[LotHurdles]:
    """Return the hurdles of each lot of a stored notice.

    Raises:
        NotFound: no notice under ``key`` (Doffin id, notice UUID or procedure id).
    """
    with store.read() as connection:
        one = tender(connection, notices.find(connection, key))
    return hurdles_in(
        load_market(store, settings, clock),
        one.stored.notice,
        clock=clock,
        buyer_municipality=one.buyer_municipality,
        hidden=hidden_numbers(store, settings),
    )
