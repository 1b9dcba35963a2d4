"""What if a lot were divided, or the parts of a notice put together? In a market that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from procmatch.errors import NotFound
from procmatch.insight.bidders import Field, field_of
from procmatch.insight.lots import Division, divide, in_one
from procmatch.insight.what_if import WhatIf, compare
from procmatch.matching.need import Wanted, prepare
from procmatch.model.notice import Lot, Notice
from procmatch.settings import Settings
from procmatch.store import Store, notices
from procmatch.workflows.hidden import hidden_numbers
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, load_market, tender

__all__ = [
    "MOST_TOGETHER",
    "compared",
    "in_one_or_parts",
    "looked_up",
    "prepared",
    "split",
    "what_if",
]

#: More lots than this are not put together: the answer would take too long to read or make.
MOST_TOGETHER = 40


def split(
    market: Market,
    notice: Notice,
    lot: Lot,
    division: Division,
    *,
    clock: Clock,
    buyer_municipality: str | None = None,
    hidden: frozenset[str] = frozenset(),
) -> WhatIf:
    """Compare a lot with what it would be in parts.

    Args:
        market: the firms.
        notice: announced or a draft.
        lot: which lot of it.
        division: how it is divided; a lot that cannot be divided so is compared with itself.
        clock: aware UTC now.
        buyer_municipality: where the buyer is, if known.
        hidden: numbers of firms that asked not to be shown.

    Raises:
        ValueError: too few or too many parts, or a share outside 0..1.
    """
    parts = divide(lot, division, market.codes)
    return compared(
        market,
        notice,
        lot,
        parts,
        clock=clock,
        buyer_municipality=buyer_municipality,
        hidden=hidden,
    )


def in_one_or_parts(
    market: Market,
    notice: Notice,
    *,
    clock: Clock,
    buyer_municipality: str | None = None,
    hidden: frozenset[str] = frozenset(),
) -> WhatIf:
    """Compare all lots of a notice put into one contract with the lots as they are."""
    return compared(
        market,
        notice,
        in_one(notice),
        notice.lots,
        clock=clock,
        buyer_municipality=buyer_municipality,
        hidden=hidden,
    )


def compared(
    market: Market,
    notice: Notice,
    whole: Lot,
    parts: Sequence[Lot],
    *,
    clock: Clock,
    buyer_municipality: str | None = None,
    hidden: frozenset[str] = frozenset(),
) -> WhatIf:
    """Compare a contract of a notice with any parts of it; the arguments as of :func:`split`."""
    sides = prepared(
        market, notice, whole, parts, clock=clock, buyer_municipality=buyer_municipality
    )
    return compare(sides[0], sides[1:], looked_up(market, sides, hidden))


def prepared(
    market: Market,
    notice: Notice,
    whole: Lot,
    parts: Sequence[Lot],
    *,
    clock: Clock,
    buyer_municipality: str | None = None,
) -> list[Wanted]:
    """Prepare a contract of a notice, and then any parts of it."""
    now = clock()
    # What is said of the whole notice is said of each part: which lots it has decides only whether
    # the notice's value is the lot's.
    of_one, of_parts = replace(notice, lots=(whole,)), replace(notice, lots=tuple(parts))
    return [
        prepare(of, lot, codes=market.codes, now=now, buyer_municipality=buyer_municipality)
        for of, lot in ((of_one, whole), *((of_parts, part) for part in parts))
    ]


def looked_up(market: Market, lots: Sequence[Wanted], hidden: frozenset[str]) -> Field:
    """Look up the firms of a market that may deliver some prepared lots."""
    return field_of(
        lots, market.index, policy=market.policy, radius_km=market.radius_km, hidden=hidden
    )


def what_if(
    store: Store,
    key: str,
    *,
    lot: str | None,
    division: Division | None,
    settings: Settings,
    clock: Clock,
) -> list[WhatIf]:
    """Divide a lot of a stored notice, each lot, or put all lots into one contract.

    Args:
        store: with the notice and the register.
        key: Doffin id, notice UUID or procedure id.
        lot: BT-137; None means each lot.
        division: how; None means all lots in one contract, against the lots as they are.
        settings: the ranking policy and the radius.
        clock: aware UTC now.

    Raises:
        NotFound: no notice under ``key``, or it has no such lot or no lots.
    """
    with store.read() as connection:
        one = tender(connection, notices.find(connection, key))
    notice = one.stored.notice
    lots = [found for found in notice.lots if lot in {None, found.id}]
    if not lots:
        known = ", ".join(found.id for found in notice.lots) or "no lots"
        raise NotFound(f"{key}: no lot {lot or ''}; it has {known}")
    market = load_market(store, settings, clock)
    hidden = hidden_numbers(store, settings)
    if division is None:
        return [
            in_one_or_parts(
                market,
                notice,
                clock=clock,
                buyer_municipality=one.buyer_municipality,
                hidden=hidden,
            )
        ]
    return [
        split(
            market,
            notice,
            found,
            division,
            clock=clock,
            buyer_municipality=one.buyer_municipality,
            hidden=hidden,
        )
        for found in lots
    ]
