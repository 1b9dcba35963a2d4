"""Rules that stop a bid, or leave it open, each with its source and what would remove it.

Unknown is never "no": a rule blocks only on what is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from procmatch.matching.asked import asked_hurdles, proven
from procmatch.matching.capacity import ACCOUNTS, STAFF, can_carry
from procmatch.matching.judged import Judged
from procmatch.matching.need import Wanted
from procmatch.matching.profile import Profile
from procmatch.matching.relevance.trades import WORK_TRAINING
from procmatch.model.match import Hurdle, Verdict
from procmatch.model.organisation import Organisation, OrgStatus
from procmatch.text.messages import Message

__all__ = ["hurdles", "never_listed", "verdict"]

#: The same digits in SN2007 and SN2025.
_HOLDING = ("64.2", "70.1")
_PROPERTY = "68.2"
_PROPERTY_CPV = "70"
_TOO_LARGE = 2.0
#: Institutional sector code of non-profit organisations.
_NON_PROFIT = "7000"

_TOO_LARGE_FOR = {
    ACCOUNTS: Message("The lot is large for this firm: more than twice its yearly turnover."),
    STAFF: Message(
        "The lot looks large for this firm: its accounts are not known, and its staff is small for "
        "such a value."
    ),
}
_STATUS = {
    OrgStatus.BANKRUPT: (True, Message("The firm is bankrupt.")),
    OrgStatus.DISSOLVING: (True, Message("The firm is being wound up.")),
    OrgStatus.DELETED: (True, Message("The firm is deleted from the register.")),
    OrgStatus.RECONSTRUCTION: (
        False, Message("The firm is under reconstruction; the buyer may reject it."),
    ),
}  # fmt: skip


def _alive(one: Profile) -> Iterator[Hurdle]:
    unit = one.supplier.organisation
    if unit.status in _STATUS:
        blocking, reason = _STATUS[unit.status]
        yield Hurdle(kind="status", blocking=blocking, reason=reason, source="konkurs, slettedato")


def _registered(unit: Organisation) -> tuple[str, ...]:
    """Return all trades of a firm and its open establishments, as registered."""
    places = [one for one in unit.establishments if one.closed_on is None]
    every = (*unit.industry_codes, *(code for one in places for code in one.industry_codes))
    return tuple(dict.fromkeys(one.code for one in every))


def _sells(wanted: Wanted, one: Profile) -> Iterator[Hurdle]:
    """Owning and letting are no supply, unless another trade is registered beside them.

    Codes are read as registered: a translation to SN2025 may split one into several trades.
    """
    unit = one.supplier.organisation
    trades = _registered(unit)
    if _sells_nothing(unit):
        yield Hurdle(
            kind="not_a_supplier",
            blocking=True,
            reason=Message("The firm owns or serves other firms of its group and sells nothing."),
            source="naeringskode1, hjelpeenhetskode",
        )
        return
    property_lot = any(code.startswith(_PROPERTY_CPV) for code, _ in wanted.cpv[:1])
    lets = trades and all(_owns(trade) or trade.startswith(_PROPERTY) for trade in trades)
    if lets and not property_lot:
        yield Hurdle(
            kind="not_a_supplier",
            blocking=True,
            reason=Message("The firm lets property and sells nothing else."),
            source="naeringskode1",
        )


def _owns(trade: str) -> bool:
    return trade.startswith(_HOLDING)


def _sells_nothing(unit: Organisation) -> bool:
    trades = _registered(unit)
    return unit.is_helper_unit or bool(trades and all(map(_owns, trades)))


def never_listed(unit: Organisation) -> bool:
    """Tell whether a unit can bid on nothing: it is gone, or sells nothing."""
    blocking, _ = _STATUS.get(unit.status, (False, None))
    return blocking or _sells_nothing(unit)


def _open(wanted: Wanted) -> Iterator[Hurdle]:
    lot = wanted.lot
    if lot.deadline and lot.deadline <= wanted.now:
        yield Hurdle(
            kind="deadline",
            blocking=True,
            reason=Message("The deadline has passed."),
            source="BT-131",
        )


def _reserved(wanted: Wanted, one: Profile) -> Iterator[Hurdle]:
    if not wanted.lot.reserved:
        return
    unit = one.supplier.organisation
    if "res-ws" not in wanted.lot.reserved:
        if not (unit.is_foundation or unit.is_voluntary or unit.sector == _NON_PROFIT):
            yield Hurdle(
                kind="reserved",
                blocking=False,
                reason=Message(
                    "The lot is reserved for organisations with a public service mission, such as "
                    "non-profits and those owned by their employees."
                ),
                way_out=Message("Ask the buyer whether your organisation counts."),
                source="BT-71",
            )
        return
    training = any(trade.startswith(WORK_TRAINING) for trade, _ in one.trades)
    if training or "work_inclusion" in proven(wanted, one):
        return
    yield Hurdle(
        kind="reserved",
        blocking=True,
        reason=Message("The lot is reserved for firms that employ people outside working life."),
        way_out=Message("Offer to be subcontractor of such a firm."),
        source="BT-71",
    )


def _reach(wanted: Wanted, one: Profile, judged: Judged) -> Iterator[Hurdle]:
    near = judged.near
    if near and near.distance_km is not None and near.distance_km > judged.radius_km:
        yield Hurdle(
            kind="distance",
            blocking=False,
            reason=Message(
                "The nearest place of work is about {km} km away.",
                (("km", round(near.distance_km)),),
            ),
            way_out=Message("Cooperate with a firm near the place, or state a delivery plan."),
            source=wanted.place_field,
        )
    turnover, source = can_carry(one)
    if wanted.yearly and turnover is not None and float(wanted.yearly) > _TOO_LARGE * turnover:
        yield Hurdle(
            kind="capacity",
            blocking=False,
            reason=_TOO_LARGE_FOR[source],
            way_out=Message(
                "Bid for a smaller lot, be a subcontractor, or bid jointly where neither could "
                "bid alone."
            ),
            source=f"BT-27, {source}",
        )


def hurdles(wanted: Wanted, one: Profile, judged: Judged) -> tuple[Hurdle, ...]:
    """Return all that stands in the way of a pair, what blocks first."""
    found = [
        *_alive(one),
        *_sells(wanted, one),
        *_open(wanted),
        *_reserved(wanted, one),
        *asked_hurdles(wanted, one),
        *_reach(wanted, one, judged),
    ]
    return tuple(sorted(found, key=lambda hurdle: not hurdle.blocking))


#: Hurdles that leave the verdict open; the others are work to be done before bidding.
_DOUBTFUL = {
    "status", "turnover", "distance", "capacity", "daily_delivery", "guarantee", "reserved",
    "nationwide", "local_presence",
}  # fmt: skip


def verdict(found: tuple[Hurdle, ...]) -> Verdict:
    """Return not when something blocks, perhaps when something decisive is open, else eligible."""
    if any(hurdle.blocking for hurdle in found):
        return Verdict.NOT
    if any(hurdle.kind in _DOUBTFUL for hurdle in found):
        return Verdict.PERHAPS
    return Verdict.ELIGIBLE
