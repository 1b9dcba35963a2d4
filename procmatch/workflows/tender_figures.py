"""What pages say of an open tender beside its rankings: hurdles, what if, small firms nearby."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from procmatch.codes import Codes
from procmatch.insight.hurdles import LotHurdles, hurdles_of
from procmatch.insight.lots import Division, Way, divide, in_one
from procmatch.insight.what_if import WhatIf, compare
from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.workflows.ingest import Clock
from procmatch.workflows.lot_hurdles import lots_prepared
from procmatch.workflows.market import Market, OpenTender
from procmatch.workflows.small_nearby import SmallNearby, small_nearby
from procmatch.workflows.what_if import MOST_TOGETHER, looked_up, prepared

__all__ = ["Figures", "figures_of", "first_parts"]

#: The ways in which pages link to the only lot of a tender, divided.
_FIRST_ASKED = (Way.PRODUCT, Way.VALUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of a tender.

    Attributes:
        hurdles: what each requirement of each lot does.
        near: small firms nearby, for each lot.
        together: all lots in one contract, against the lots as they are; None where that says
            nothing: of one lot, or of very many.
        divided: the only lot of a tender in the ways that pages ask for first.
    """

    hurdles: tuple[LotHurdles, ...]
    near: tuple[SmallNearby, ...]
    together: WhatIf | None = None
    divided: tuple[tuple[Way, WhatIf], ...] = ()

    def of(self, division: Division) -> WhatIf | None:
        """Return the only lot divided in a way, where that was worked out."""
        return (
            dict(self.divided).get(division.way) if division == Division(way=division.way) else None
        )


def figures_of(
    market: Market,
    one: OpenTender,
    ranked: Mapping[str, Sequence[Match]],
    *,
    clock: Clock,
    hidden: frozenset[str] = frozenset(),
) -> tuple[Figures, frozenset[str]]:
    """Work out the figures of a tender.

    Args:
        market: the firms.
        one: the tender.
        ranked: lot -> its ranking.
        clock: aware UTC now.
        hidden: numbers of firms that asked not to be shown.

    Returns:
        The figures, and the numbers of all firms that were looked at.
    """
    notice, home = one.stored.notice, one.buyer_municipality
    lots = lots_prepared(market, notice, clock=clock, buyer_municipality=home)
    fields = [looked_up(market, lots, hidden)] if lots else []
    hurdles = tuple(hurdles_of(lot, fields[0]) for lot in lots)

    def compared(whole: Lot, parts: Sequence[Lot]) -> WhatIf:
        sides = prepared(market, notice, whole, parts, clock=clock, buyer_municipality=home)
        fields.append(looked_up(market, sides, hidden))
        return compare(sides[0], sides[1:], fields[-1])

    shown = {
        lot: [hit for hit in found if hit.supplier.number not in hidden]
        for lot, found in ranked.items()
    }
    figures = Figures(
        hurdles=hurdles,
        near=tuple(small_nearby(market, one, lot, shown.get(lot.id, ())) for lot in notice.lots),
        together=compared(in_one(notice), notice.lots) if 1 < len(lots) <= MOST_TOGETHER else None,
        divided=tuple(
            (way, compared(notice.lots[0], first_parts(notice, way, market.codes)))
            for way in (_FIRST_ASKED if len(lots) == 1 else ())
        ),
    )
    firms = chain(
        (own.supplier.organisation.id for field in fields for own in field.firms),
        (hit.supplier for found in shown.values() for hit in found),
    )
    return figures, frozenset(org.number for org in firms)


def first_parts(notice: Notice, way: Way, codes: Codes) -> list[Lot]:
    """Return the first lot of a notice divided in a way, as pages ask for it first."""
    return divide(notice.lots[0], Division(way=way), codes)
