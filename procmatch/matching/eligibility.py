"""Rules that stop a bid, or leave it open, each with its source and what would remove it.

Unknown is never "no": a rule blocks only on what is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procmatch.matching.criteria import WORK_TRAINING, Judged, can_carry
from procmatch.matching.index import Profile
from procmatch.matching.need import Wanted
from procmatch.matching.requirements import Requirement
from procmatch.matching.size import turnover_nok
from procmatch.model.match import Hurdle, Verdict
from procmatch.model.organisation import OrgStatus
from procmatch.text.messages import Message

__all__ = ["hurdles", "verdict"]

_MILLION = Decimal(1_000_000)
_HOLDING = ("64.2", "70.1")
_PROPERTY = "68.2"
_PROPERTY_CPV = "70"
#: A buyer may normally ask for a turnover of at most twice the contract's value (FOA § 16-3).
_PROPORTIONATE = 2
_TOO_LARGE = 2.0
#: Institutional sector code of non-profit organisations.
_NON_PROFIT = "7000"
#: Evidence tied less surely than this is a possibility to be shown, not a proof.
_SURE = 0.9

_STATUS = {
    OrgStatus.BANKRUPT: (True, Message("The firm is bankrupt.")),
    OrgStatus.DISSOLVING: (True, Message("The firm is being wound up.")),
    OrgStatus.DELETED: (True, Message("The firm is deleted from the register.")),
    OrgStatus.RECONSTRUCTION: (
        False, Message("The firm is under reconstruction; the buyer may reject it."),
    ),
}  # fmt: skip

_ASK = Message("Ask the buyer before the question deadline whether other proof will do.")
_SUPPORT = Message(
    "Rely on another firm's capacity with its written commitment, or bid for a smaller lot."
)
#: kind -> (what stands in the way, what would remove it).
_ASKED = {
    "quality_certificate": (
        Message("A quality certificate (ISO 9001) or its like is asked for."), _ASK,
    ),
    "environment_certificate": (
        Message("An environmental certificate (Eco-Lighthouse, ISO 14001 or like) is asked for."),
        Message("Eco-Lighthouse can be reached by a small firm in some months; until then, ask the "
                "buyer whether equivalent measures will do."),
    ),
    "security_certificate": (
        Message("An information security certificate (ISO 27001) or its like is asked for."), _ASK,
    ),
    "references": (
        Message("Comparable deliveries from earlier years are asked for."),
        Message("Deliveries to private customers, or by a partner or key staff, may count: ask the "
                "buyer."),
    ),
    "daily_delivery": (
        Message("Daily delivery, or delivery to every unit, is asked for."),
        Message("Deliver jointly or through a local distributor; ask the buyer to split by place."),
    ),
    "electronic_catalogue": (
        Message("An electronic catalogue is asked for."),
        Message("Several invoicing services for small firms make one from a spreadsheet."),
    ),
    "credit_rating": (
        Message("A credit rating is asked for."),
        Message("A young firm may show its finances in another way: ask the buyer."),
    ),
    "insurance": (
        Message("A liability insurance is asked for."),
        Message("A promise of insurance from the start of the contract is often enough."),
    ),
    "apprentices": (
        Message("Approval as an apprenticeship firm is asked for."),
        Message("Approval by the county takes some weeks, or cooperate in a training office."),
    ),
    "cleaning_register": (
        Message("Approval in the cleaning register is required by law for this work."),
        Message("Check that the firm's approval is in force before bidding."),
    ),
    "central_approval": (
        Message("Central approval for construction, or its like, is asked for."),
        Message("Other proof of the same qualifications may do: ask the buyer."),
    ),
    "guarantee": (
        Message("A bank guarantee is asked for."),
        Message("Banks and insurers give guarantees against a fee: ask early."),
    ),
}  # fmt: skip


def _alive(one: Profile) -> Iterator[Hurdle]:
    unit = one.supplier.organisation
    if unit.status in _STATUS:
        blocking, reason = _STATUS[unit.status]
        yield Hurdle(kind="status", blocking=blocking, reason=reason, source="konkurs, slettedato")
    main = one.trades[0][0] if one.trades else ""
    if unit.is_helper_unit or main.startswith(_HOLDING):
        yield Hurdle(
            kind="not_a_supplier",
            blocking=True,
            reason=Message("The firm owns or serves other firms of its group and sells nothing."),
            source="naeringskode1, hjelpeenhetskode",
        )


def _open(wanted: Wanted, one: Profile) -> Iterator[Hurdle]:
    lot = wanted.lot
    if lot.deadline and lot.deadline <= wanted.now:
        yield Hurdle(
            kind="deadline",
            blocking=True,
            reason=Message("The deadline has passed."),
            source="BT-131",
        )
    main = one.trades[0][0] if one.trades else ""
    main_cpv = wanted.cpv[0][0] if wanted.cpv else ""
    if main.startswith(_PROPERTY) and not main_cpv.startswith(_PROPERTY_CPV):
        yield Hurdle(
            kind="not_a_supplier",
            blocking=True,
            reason=Message("The firm lets property and sells nothing else."),
            source="naeringskode1",
        )


def _proven(wanted: Wanted, one: Profile) -> set[str]:
    """Return the kinds of evidence that hold today and are surely this supplier's."""
    today = wanted.now.date()
    return {
        fact.kind
        for fact in one.supplier.evidence
        if fact.certainty >= _SURE and (fact.valid_to is None or fact.valid_to >= today)
    }


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
    if training or "work_inclusion" in _proven(wanted, one):
        return
    yield Hurdle(
        kind="reserved",
        blocking=True,
        reason=Message("The lot is reserved for firms that employ people outside working life."),
        way_out=Message("Offer to be subcontractor of such a firm."),
        source="BT-71",
    )


def _in_millions(amount: Decimal) -> int | float:
    """Return millions with one decimal, or whole where they are."""
    millions = float(round(amount / _MILLION, 1))
    return int(millions) if millions.is_integer() else millions


def _turnover(wanted: Wanted, one: Profile, asked: Requirement) -> Hurdle | None:
    assert asked.amount is not None
    known = turnover_nok(one.supplier)
    if known is not None and known >= asked.amount:
        return None
    need = _in_millions(asked.amount)
    way_out = _SUPPORT
    if wanted.total is not None and asked.amount > _PROPORTIONATE * wanted.total:
        way_out = Message(
            "A buyer may normally ask for at most twice the contract's value: ask for the "
            "requirement to be lowered."
        )
    if known is not None:
        return Hurdle(
            kind="turnover",
            blocking=True,
            reason=Message(
                "A turnover of {need} million kroner is asked for; the accounts show {own} "
                "million.",
                (("need", need), ("own", _in_millions(known))),
            ),
            way_out=way_out,
            source=asked.field,
        )
    return Hurdle(
        kind="turnover",
        blocking=False,
        reason=Message(
            "A turnover of {need} million kroner is asked for; this firm's accounts are not known.",
            (("need", need),),
        ),
        way_out=way_out,
        source=asked.field,
    )


def _asked(wanted: Wanted, one: Profile) -> Iterator[Hurdle]:
    shown = _proven(wanted, one)
    proofs = {
        "environment_certificate": "eco_lighthouse",
        "apprentices": "apprenticeship",
        "cleaning_register": "cleaning_register",
        "central_approval": "central_approval",
    }
    for asked in wanted.requirements:
        if asked.kind == "turnover":
            hurdle = _turnover(wanted, one, asked)
            if hurdle:
                yield hurdle
        elif proofs.get(asked.kind) not in shown:
            reason, way_out = _ASKED[asked.kind]
            yield Hurdle(
                kind=asked.kind, blocking=False, reason=reason, way_out=way_out, source=asked.field
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
            reason=Message("The lot is large for this firm: more than twice its yearly turnover."),
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
        *_open(wanted, one),
        *_reserved(wanted, one),
        *_asked(wanted, one),
        *_reach(wanted, one, judged),
    ]
    return tuple(sorted(found, key=lambda hurdle: not hurdle.blocking))


#: Hurdles that leave the verdict open; the others are work to be done before bidding.
_DOUBTFUL = {
    "status", "turnover", "distance", "capacity", "daily_delivery", "guarantee", "reserved",
}  # fmt: skip


def verdict(found: tuple[Hurdle, ...]) -> Verdict:
    """Return not when something blocks, perhaps when something decisive is open, else eligible."""
    if any(hurdle.blocking for hurdle in found):
        return Verdict.NOT
    if any(hurdle.kind in _DOUBTFUL for hurdle in found):
        return Verdict.PERHAPS
    return Verdict.ELIGIBLE
