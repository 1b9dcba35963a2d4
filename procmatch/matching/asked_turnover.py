"""The hurdle of a turnover asked for: against the accounts, the group, and the lot's value."""

from __future__ import annotations

from decimal import Decimal

from procmatch.matching.asked_words import TURNOVER_LEFT_OPEN
from procmatch.matching.need import Wanted
from procmatch.matching.profile import Profile
from procmatch.matching.requirements import Requirement
from procmatch.matching.size import in_group, turnover_nok
from procmatch.matching.turnover import AskedTurnover
from procmatch.matching.ways_out import filled, joint_bids, more_capacity
from procmatch.model.match import Hurdle
from procmatch.text.messages import Message

__all__ = ["turnover_hurdle"]

_MILLION = Decimal(1_000_000)
#: A buyer may normally ask for a turnover of at most twice the contract's value (FOA § 16-3).
_PROPORTIONATE = 2
_OUT_OF_PROPORTION = Message(
    "A buyer may normally ask for at most twice the contract's value (FOA § 16-3): ask {when} for "
    "the requirement to be lowered."
)


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


def _left_open(wanted: Wanted, asked: Requirement) -> Hurdle:
    reason, way_out = TURNOVER_LEFT_OPEN
    if asked.turnover is not None:
        reason = Message(
            "A turnover in proportion to the contract's value is asked for, and the value is not "
            "announced."
        )
        way_out = Message("Ask the buyer {when} which sum is meant.")
    return Hurdle(
        kind="turnover",
        blocking=False,
        decides=True,
        reason=reason,
        way_out=filled(way_out, wanted),
        source=asked.field,
    )


def turnover_hurdle(wanted: Wanted, one: Profile, asked: Requirement) -> Hurdle | None:
    """Return what a turnover asked for means to a supplier, or None where its accounts show it.

    Known accounts that show less block, unless the firm is part of a group, which may lend its
    capacity; unknown accounts leave the verdict open.
    """
    amount = None if asked.turnover is None else _amount(wanted, asked.turnover)
    if amount is None:
        return _left_open(wanted, asked)
    known = turnover_nok(one.supplier)
    if known is not None and known >= amount:
        return None
    way_out = more_capacity(wanted, one.supplier)
    if wanted.total is not None and amount > _PROPORTIONATE * wanted.total:
        way_out = filled(_OUT_OF_PROPORTION, wanted)
    need = ("need", _in_millions(amount))
    if known is None:
        reason = Message(
            "A turnover of {need} million kroner is asked for; this firm's accounts are not known.",
            (need,),
        )
        source = asked.field
    else:
        reason = Message(
            "A turnover of {need} million kroner is asked for; the accounts show {own} million.",
            (need, ("own", _in_millions(known))),
        )
        source = f"{asked.field}, regnskap"
    alone = not in_group(one.supplier)
    return Hurdle(
        kind="turnover",
        blocking=known is not None and alone,
        decides=True,
        reason=reason,
        way_out=way_out,
        source=source,
        note=None if known is None else joint_bids(wanted, one.supplier),
    )
