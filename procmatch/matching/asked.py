"""Hurdles from what the buyer asks for: turnover, certificates, references, and the ways out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procmatch.matching.index import Profile
from procmatch.matching.need import Wanted
from procmatch.matching.requirements import Requirement
from procmatch.matching.size import turnover_nok
from procmatch.matching.turnover import AskedTurnover
from procmatch.model.match import Hurdle
from procmatch.text.messages import Message

__all__ = ["ASKED", "PROOFS", "SURE", "asked_hurdles", "proven"]

_MILLION = Decimal(1_000_000)
#: A buyer may normally ask for a turnover of at most twice the contract's value (FOA § 16-3).
_PROPORTIONATE = 2
#: Evidence tied less surely than this is a possibility to be shown, not a proof.
SURE = 0.9

_ASK = Message("Ask the buyer before the question deadline whether other proof will do.")
_SUPPORT = Message(
    "Rely on another firm's capacity with its written commitment, or bid for a smaller lot."
)
#: kind -> (what stands in the way, what would remove it).
ASKED = {
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

_NOTHING: frozenset[str] = frozenset()
#: What is asked for -> kinds of evidence, any of which shows it.
PROOFS = {
    "quality_certificate": frozenset({"iso_9001"}),
    "environment_certificate": frozenset({"eco_lighthouse", "iso_14001", "emas"}),
    "security_certificate": frozenset({"iso_27001"}),
    "apprentices": frozenset({"apprenticeship"}),
    "cleaning_register": frozenset({"cleaning_register"}),
    "central_approval": frozenset({"central_approval"}),
}


def proven(wanted: Wanted, one: Profile) -> set[str]:
    """Return the kinds of evidence that hold today and are surely this supplier's."""
    today = wanted.now.date()
    return {
        fact.kind
        for fact in one.supplier.evidence
        if fact.certainty >= SURE
        and (fact.valid_from is None or fact.valid_from <= today)
        and (fact.valid_to is None or fact.valid_to >= today)
    }


def _in_millions(amount: Decimal) -> int | float:
    """Return millions with one decimal, or whole where they are."""
    millions = float(round(amount / _MILLION, 1))
    return int(millions) if millions.is_integer() else millions


def _amount(wanted: Wanted, asked: AskedTurnover) -> Decimal | None:
    """Return the turnover asked for in NOK; a multiple of the value needs a known value."""
    if asked.amount is not None:
        return asked.amount
    value = wanted.yearly if asked.yearly else wanted.total
    return None if value is None or asked.times is None else value * asked.times


def _turnover(wanted: Wanted, one: Profile, asked: Requirement) -> Hurdle | None:
    assert asked.turnover is not None
    amount = _amount(wanted, asked.turnover)
    if amount is None:
        return Hurdle(
            kind="turnover",
            blocking=False,
            reason=Message(
                "A turnover in proportion to the contract's value is asked for, and the value is "
                "not announced."
            ),
            way_out=Message("Ask the buyer before the question deadline which sum is meant."),
            source=asked.field,
        )
    known = turnover_nok(one.supplier)
    if known is not None and known >= amount:
        return None
    way_out = _SUPPORT
    if wanted.total is not None and amount > _PROPORTIONATE * wanted.total:
        way_out = Message(
            "A buyer may normally ask for at most twice the contract's value: ask for the "
            "requirement to be lowered."
        )
    need = _in_millions(amount)
    if known is None:
        reason = Message(
            "A turnover of {need} million kroner is asked for; this firm's accounts are not known.",
            (("need", need),),
        )
    else:
        reason = Message(
            "A turnover of {need} million kroner is asked for; the accounts show {own} million.",
            (("need", need), ("own", _in_millions(known))),
        )
    return Hurdle(
        kind="turnover",
        blocking=known is not None,
        reason=reason,
        way_out=way_out,
        source=asked.field,
    )


def asked_hurdles(wanted: Wanted, one: Profile) -> Iterator[Hurdle]:
    """Yield what a lot asks for that the supplier is not known to have."""
    shown = proven(wanted, one)
    for asked in wanted.requirements:
        if asked.kind == "turnover":
            hurdle = _turnover(wanted, one, asked)
            if hurdle:
                yield hurdle
        elif not PROOFS.get(asked.kind, _NOTHING) & shown:
            reason, way_out = ASKED[asked.kind]
            yield Hurdle(
                kind=asked.kind, blocking=False, reason=reason, way_out=way_out, source=asked.field
            )
