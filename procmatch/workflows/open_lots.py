"""The open lots as a board: for one firm after another, what is open for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.matching import Board
from procmatch.model.match import Match
from procmatch.model.notice import Lot
from procmatch.model.organisation import Supplier
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, OpenTender

__all__ = ["OpenLots", "open_lots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLots:
    """Open tenders, and their lots prepared for every firm that asks.

    Attributes:
        tenders: in their order. market: whose firms ask. board: all lots of ``tenders``.
    """

    tenders: Sequence[OpenTender]
    market: Market
    board: Board

    def ranked(
        self, bidder: Supplier, clock: Clock, *, every: bool = False
    ) -> list[tuple[OpenTender, Lot, Match]]:
        """Rank the lots for one supplier, best first.

        Args:
            bidder: who asks.
            clock: aware UTC now.
            every: also lots that have nothing to do with it, for one who asks why not.
        """
        by_key = {
            (one.stored.notice.source_id, lot.id): (one, lot)
            for one in self.tenders
            for lot in one.stored.notice.lots
        }
        found = self.board.matches(
            bidder,
            policy=self.market.policy,
            now=clock(),
            radius_km=self.market.radius_km,
            every=every,
        )
        return [(*by_key[hit.notice, hit.lot], hit) for hit in found]


def open_lots(tenders: Sequence[OpenTender], market: Market) -> OpenLots:
    """Put the lots of tenders on a board."""
    lots = [
        (one.stored.notice, lot, one.buyer_municipality)
        for one in tenders
        for lot in one.stored.notice.lots
    ]
    return OpenLots(tenders=tenders, market=market, board=Board.prepare(lots, index=market.index))
