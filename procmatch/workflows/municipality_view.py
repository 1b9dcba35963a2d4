"""A municipality as a buyer, for reading: what it has out, how many small firms nearby fit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.model.notice import Lot
from procmatch.store import Store, matches
from procmatch.workflows.buyers import Buyer, buyer_of
from procmatch.workflows.ingest import Clock
from procmatch.workflows.kept_figures import kept_figures
from procmatch.workflows.market import OpenTender
from procmatch.workflows.open_market import Now
from procmatch.workflows.small_nearby import SmallNearby, small_nearby

__all__ = ["FEW", "OwnLot", "buyer_in", "open_here", "own_lots", "towns_of"]

#: Fewer firms than this that could bid are few.
FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLot:
    """A lot that the municipality has out.

    ``near``: the small firms nearby.
    """

    tender: OpenTender
    lot: Lot
    near: SmallNearby

    @property
    def is_few(self) -> bool:
        """Whether so few fit that the buyer should look at it."""
        return self.near.ranked > 0 and self.near.fitting < FEW


def buyer_in(store: Store, municipality: str) -> Buyer:
    """Return the municipality or county as a buyer. Raises NotFound."""
    with store.read() as connection:
        return buyer_of(connection, municipality)


def towns_of(now: Now, place: str) -> frozenset[str]:
    """Return the municipalities of a municipality or county number."""
    return now.market.codes.places.municipalities_in(place)


def own_lots(store: Store, buyer: Buyer, now: Now, clock: Clock) -> list[OwnLot]:
    """Return the open lots of a buyer and its units, by deadline."""
    own = {org.number for org in buyer.orgs}
    return [
        OwnLot(tender=one, lot=lot, near=near)
        for one in now.still_open(clock())
        if own & now.buyers.get(one.stored.row, frozenset())
        for lot, near in zip(one.stored.notice.lots, _near(store, one, now), strict=True)
    ]


def _near(store: Store, one: OpenTender, now: Now) -> Sequence[SmallNearby]:
    """Return how many small firms nearby fit each lot: as worked out beforehand, else now."""
    kept = kept_figures(store, one.stored, now.market.codes, now.hidden)
    if kept is not None:
        return kept.near
    found = []
    for lot in one.stored.notice.lots:
        with store.read() as connection:
            ranked = matches.of_lot(connection, notice=one.stored.row, lot=lot.id)
        found.append(small_nearby(now.market, one, lot, now.shown(ranked)))
    return found


def open_here(now: Now, buyer: Buyer, place: str, clock: Clock) -> list[OpenTender]:
    """Return the open tenders of other buyers that are to be performed in a place by name."""
    own = {org.number for org in buyer.orgs}
    towns = towns_of(now, place)
    return [
        one
        for one in now.still_open(clock())
        if any(not towns.isdisjoint(there) for there in now.towns.get(one.stored.row, ()))
        and own.isdisjoint(now.buyers.get(one.stored.row, ()))
    ]
