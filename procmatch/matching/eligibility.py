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
from procmatch.matching.regulated import regulated_hurdles
from procmatch.matching.relevance.trades import WORK_TRAINING
from procmatch.matching.reserved import reserved_hurdles
from procmatch.matching.ways_out import joint_bids, more_capacity
from procmatch.model.match import Hurdle, Verdict
from procmatch.model.organisation import Organisation, OrgStatus
from procmatch.text.messages import Message

__all__ = ["hurdles", "never_listed", "verdict"]

#: The same digits in SN2007 and SN2025.
_HOLDING = ("64.2", "70.1")
_OWNS_OR_LETS = (*_HOLDING, "68.2")
_PROPERTY_CPV = "70"
_TOO_LARGE = 2.0

_TOO_LARGE_FOR = {
    ACCOUNTS: Message("The lot is large for this firm: more than twice its yearly turnover."),
    STAFF: Message(
        "The lot looks large for this firm: its accounts are not known, and its staff is small for "
        "such a value."
    ),
}
_STATUS = {
    OrgStatus.BANKRUPT: (True, Message("The firm is bankrupt."), "konkurs"),
    OrgStatus.DISSOLVING: (
        True, Message("The firm is being wound up."),
        "underAvvikling, underTvangsavviklingEllerTvangsopplosning",
    ),
    OrgStatus.DELETED: (True, Message("The firm is deleted from the register."), "slettedato"),
    OrgStatus.RECONSTRUCTION: (
        False, Message("The firm is under reconstruction; the buyer may reject it."),
        "underRekonstruksjonsforhandlingDato, underUtenlandskInsolvensbehandlingDato",
    ),
}  # fmt: skip
#: What is left of a firm has a number and a legal form of its own, and sells nothing any more.
_ESTATES = {"KBO": OrgStatus.BANKRUPT, "TVAM": OrgStatus.DISSOLVING}
_STATUS_CHANGES = Message(
    "This changes when the business register says that it has ended; it is read again regularly."
)
_SELLS_CHANGES = Message(
    "If the firm sells something, let the business register have that trade beside the other."
)


def _alive(one: Profile) -> Iterator[Hurdle]:
    unit = one.supplier.organisation
    status = _status(unit)
    if status in _STATUS:
        blocking, reason, source = _STATUS[status]
        yield Hurdle(
            kind="status",
            blocking=blocking,
            decides=True,
            reason=reason,
            way_out=_STATUS_CHANGES,
            source=source if status is unit.status else "organisasjonsform",
        )


def _status(unit: Organisation) -> OrgStatus:
    return _ESTATES.get(unit.legal_form or "", unit.status)


def _registered(unit: Organisation) -> tuple[str, ...]:
    """Return all trades of a firm and its open establishments, as registered."""
    every = [one.code for one in unit.industry_codes]
    for place in unit.establishments:
        if place.closed_on is None:
            every += [one.code for one in place.industry_codes]
    return tuple(every)


def _sells(wanted: Wanted, one: Profile) -> Iterator[Hurdle]:
    """Owning and letting are no supply, unless another trade is registered beside them.

    Codes are read as registered: a translation to SN2025 may split one into several trades.
    """
    unit = one.supplier.organisation
    trades = _registered(unit)
    if _only_owns(unit, trades):
        yield Hurdle(
            kind="not_a_supplier",
            blocking=True,
            reason=Message("The firm owns or serves other firms of its group and sells nothing."),
            way_out=_SELLS_CHANGES,
            source="naeringskode1, hjelpeenhetskode",
        )
        return
    lets = trades and all(trade.startswith(_OWNS_OR_LETS) for trade in trades)
    if lets and not any(code.startswith(_PROPERTY_CPV) for code, _ in wanted.cpv[:1]):
        yield Hurdle(
            kind="not_a_supplier",
            blocking=True,
            reason=Message("The firm lets property and sells nothing else."),
            way_out=_SELLS_CHANGES,
            source="naeringskode1",
        )


def _only_owns(unit: Organisation, trades: tuple[str, ...]) -> bool:
    holds = bool(trades) and all(trade.startswith(_HOLDING) for trade in trades)
    return unit.is_helper_unit or holds


def never_listed(unit: Organisation) -> bool:
    """Tell whether a unit can bid on nothing: it is gone, or sells nothing."""
    status = _status(unit)
    return (status in _STATUS and _STATUS[status][0]) or _only_owns(unit, _registered(unit))


def _open(wanted: Wanted) -> Iterator[Hurdle]:
    lot = wanted.lot
    if lot.deadline and lot.deadline <= wanted.now:
        yield Hurdle(
            kind="deadline",
            blocking=True,
            reason=Message("The deadline has passed."),
            way_out=Message("Only a correction that moves the deadline opens the lot again."),
            source={"request": "BT-1311", "interest": "BT-630"}.get(
                lot.deadline_kind or "", "BT-131"
            ),
        )


def _reach(wanted: Wanted, one: Profile, judged: Judged) -> Iterator[Hurdle]:
    near = judged.near
    if near and near.distance_km is not None and near.distance_km > judged.radius_km:
        yield Hurdle(
            kind="distance",
            blocking=False,
            decides=True,
            reason=Message(
                "The nearest place of work is about {km} km away.",
                (("km", round(near.distance_km)),),
            ),
            way_out=Message("Use a subcontractor near the place, or state a delivery plan."),
            source=f"{wanted.place_field}, beliggenhetsadresse",
        )
    if not wanted.yearly:
        return
    turnover, source = can_carry(one)
    if turnover is not None and float(wanted.yearly) > _TOO_LARGE * turnover:
        yield Hurdle(
            kind="capacity",
            blocking=False,
            decides=True,
            reason=_TOO_LARGE_FOR[source],
            way_out=more_capacity(wanted, one.supplier),
            source=f"BT-27, {source}",
            # A guess from the staff does not show that the firm could not bid alone.
            note=joint_bids(wanted, one.supplier) if source == ACCOUNTS else None,
        )


def hurdles(wanted: Wanted, one: Profile, judged: Judged) -> tuple[Hurdle, ...]:
    """Return all that stands in the way of a pair: what blocks first, work to be done last."""
    shown = proven(wanted, one)
    asked = tuple(asked_hurdles(wanted, one, judged.near))
    told = {hurdle.kind for hurdle in asked}
    found = [
        *_alive(one),
        *_sells(wanted, one),
        *_open(wanted),
        *reserved_hurdles(wanted, one, shown, trades=WORK_TRAINING),
        *asked,
        *(one for one in regulated_hurdles(wanted, one, shown) if one.kind not in told),
        *_reach(wanted, one, judged),
    ]
    if not found:
        return ()
    return tuple(sorted(found, key=lambda hurdle: (not hurdle.blocking, not hurdle.decides)))


def verdict(found: tuple[Hurdle, ...]) -> Verdict:
    """Return not when something blocks, perhaps when something decisive is open, else eligible."""
    if any(hurdle.blocking for hurdle in found):
        return Verdict.NOT
    if any(hurdle.decides for hurdle in found):
        return Verdict.PERHAPS
    return Verdict.ELIGIBLE
