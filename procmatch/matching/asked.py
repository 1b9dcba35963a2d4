"""Hurdles from what the buyer asks for: turnover, certificates, references, and the ways out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procmatch.matching.asked_words import ASKED, TURNOVER_LEFT_OPEN
from procmatch.matching.need import Wanted
from procmatch.matching.profile import Profile
from procmatch.matching.requirements import Requirement
from procmatch.matching.size import turnover_nok
from procmatch.matching.turnover import AskedTurnover
from procmatch.model.match import Hurdle
from procmatch.text.messages import Message

__all__ = ["PROOFS", "SURE", "asked_hurdles", "proven"]

_MILLION = Decimal(1_000_000)
#: A buyer may normally ask for a turnover of at most twice the contract's value (FOA § 16-3).
_PROPORTIONATE = 2
#: Evidence tied less surely than this is a possibility to be shown, not a proof.
SURE = 0.9

_SUPPORT = Message(
    "Rely on another firm's capacity with its written commitment, or bid for a smaller lot."
)
_NOTHING: frozenset[str] = frozenset()
_ENVIRONMENT = frozenset({"eco_lighthouse", "iso_14001", "emas"})
#: What is asked for -> kinds of evidence, any of which shows it.
PROOFS = {
    "quality_certificate": frozenset({"iso_9001"}),
    "quality_system": frozenset({"iso_9001"}),
    "environment_certificate": _ENVIRONMENT,
    "environment_system": _ENVIRONMENT,
    "security_certificate": frozenset({"iso_27001"}),
    "information_security": frozenset({"iso_27001"}),
    "reserved": frozenset({"social_enterprise", "work_inclusion"}),
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
    if asked.turnover is None:
        reason, way_out = TURNOVER_LEFT_OPEN
        return Hurdle(
            kind="turnover", blocking=False, reason=reason, way_out=way_out, source=asked.field
        )
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
