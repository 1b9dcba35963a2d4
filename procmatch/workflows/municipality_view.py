"""A municipality as a buyer, for reading: what it has out, how many small firms nearby fit it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.matching.place import lot_municipalities, supplier_municipalities
from procmatch.model.match import Match, Message, Verdict
from procmatch.model.notice import Lot
from procmatch.model.organisation import SizeClass
from procmatch.store import Store, matches
from procmatch.workflows.buyers import Buyer, buyer_of
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import OpenTender
from procmatch.workflows.open_market import Now

__all__ = ["FEW", "OwnLot", "buyer_in", "open_here", "own_lots", "towns_of"]

#: Fewer firms than this that could bid are few.
FEW = 3
_SMALL = frozenset({SizeClass.MICRO, SizeClass.SMALL})
_FITS = 0.5
_COMMONEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLot:
    """A lot that the municipality has out.

    Attributes:
        fitting: how many small firms within the normal distance could bid by what is known.
        stopped: how many more would, but for something that is asked for. reasons: the commonest
            of that, with how many firms each stops.
        ranked: how many firms the kept ranking holds; 0 where none is kept yet.
    """

    tender: OpenTender
    lot: Lot
    fitting: int
    stopped: int
    reasons: Sequence[tuple[Message, int]]
    ranked: int

    @property
    def is_few(self) -> bool:
        """Whether so few fit that the buyer should look at it."""
        return self.ranked > 0 and self.fitting < FEW


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
    found = []
    for one in now.still_open(clock()):
        if not own & now.buyers.get(one.stored.row, frozenset()):
            continue
        for lot in one.stored.notice.lots:
            with store.read() as connection:
                ranked = matches.of_lot(connection, notice=one.stored.row, lot=lot.id)
            found.append(_own_lot(now, one, lot, now.shown(ranked)))
    return found


def _own_lot(now: Now, one: OpenTender, lot: Lot, ranked: Sequence[Match]) -> OwnLot:
    places = now.market.codes.places
    towns, _ = lot_municipalities(one.stored.notice, lot, places, one.buyer_municipality)
    near = [hit for hit in ranked if _is_small(hit) and _is_near(hit, now, towns)]
    stopped = [hit for hit in near if hit.verdict is Verdict.NOT]
    reasons = Counter(hurdle.reason for hit in stopped for hurdle in hit.hurdles if hurdle.blocking)
    return OwnLot(
        tender=one,
        lot=lot,
        fitting=sum(hit.verdict is not Verdict.NOT and hit.score >= _FITS for hit in near),
        stopped=len(stopped),
        reasons=reasons.most_common(_COMMONEST),
        ranked=len(ranked),
    )


def _is_small(hit: Match) -> bool:
    return bool(hit.sizes) and set(hit.sizes) <= _SMALL


def _is_near(hit: Match, now: Now, towns: frozenset[str]) -> bool:
    if hit.distance_km is not None:
        return hit.distance_km <= now.market.radius_km
    unit = now.market.index.supplier(hit.supplier).organisation
    return bool(towns & set(supplier_municipalities(unit)))


def open_here(now: Now, buyer: Buyer, place: str, clock: Clock) -> list[OpenTender]:
    """Return the open tenders of other buyers that are to be performed in a place by name."""
    own = {org.number for org in buyer.orgs}
    towns = towns_of(now, place)
    places = now.market.codes.places
    found = []
    for one in now.still_open(clock()):
        if own & now.buyers.get(one.stored.row, frozenset()):
            continue
        notice = one.stored.notice
        if any(
            towns & lot_municipalities(notice, lot, places, one.buyer_municipality)[0]
            for lot in notice.lots
        ):
            found.append(one)
    return found
