"""Trades that the law keeps for approved or registered firms, by what is bought.

Each rule is met by evidence. No evidence is no "no": lists are fetched at different times, and not
every list is known to be complete; the way out says where to look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from procmatch.matching.asked_words import ASKED
from procmatch.matching.need import Wanted
from procmatch.matching.profile import Profile
from procmatch.model.match import Hurdle
from procmatch.text.messages import Message

__all__ = ["REGULATED", "Regulated", "regulated_hurdles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulated:
    """A regulated trade.

    Attributes:
        kind: of the hurdle. cpv: beginnings of the main codes (BT-262) it is about.
        shown_by: kinds of evidence that show the approval.
        own_trades: beginnings of SN2025 codes; a firm registered in one of them is taken to have
            what the law asks of everybody in it. Empty: a trade alone shows nothing.
        decides: whether the answer is open without the evidence.
        reason, way_out, source: see :class:`Hurdle`.
    """

    kind: str
    cpv: tuple[str, ...]
    shown_by: frozenset[str]
    own_trades: tuple[str, ...]
    decides: bool
    reason: Message
    way_out: Message
    source: str


_CLEANING = ASKED["cleaning_register"]

REGULATED = (
    # Who cleans for others must be approved by Arbeidstilsynet, and nobody may buy from others.
    Regulated(
        kind="cleaning_register",
        cpv=("90910000", "90911", "90919"),
        shown_by=frozenset({"cleaning_register"}),
        own_trades=(),
        decides=True,
        reason=_CLEANING[0],
        way_out=_CLEANING[1],
        source="BT-262, renholdsregisteret",
    ),
    # Every food business is to be registered with Mattilsynet; no open list has them all.
    Regulated(
        kind="food_registration",
        cpv=("15", "553", "5551", "5552"),
        shown_by=frozenset({"food_inspection", "organic_certificate"}),
        own_trades=("01", "03", "10", "11", "46.2", "46.3", "47.11", "47.2", "55", "56"),
        decides=False,
        reason=Message(
            "Whoever makes, sells or serves food must be registered with the Food Safety "
            "Authority; nothing shows that this firm is, and its trade is another."
        ),
        way_out=Message(
            "Registration is made on the Authority's own web pages before the first delivery; if "
            "it is done, enclose the receipt."
        ),
        source="BT-262, naeringskode, Mattilsynet",
    ),
)


@lru_cache(maxsize=1_000)
def _about(code: str) -> tuple[Regulated, ...]:
    """Return the rules about a main code."""
    return tuple(rule for rule in REGULATED if code.startswith(rule.cpv))


def regulated_hurdles(wanted: Wanted, one: Profile, shown: set[str]) -> Iterator[Hurdle]:
    """Yield the approvals by law that a supplier of this lot needs and is not shown to have.

    Args:
        wanted: the lot.
        one: the supplier.
        shown: its kinds of evidence that hold today.
    """
    for rule in _about(wanted.cpv[0][0]) if wanted.cpv else ():
        if rule.shown_by & shown:
            continue
        if any(trade.startswith(rule.own_trades) for trade, _ in one.trades if rule.own_trades):
            continue
        yield Hurdle(
            kind=rule.kind,
            blocking=False,
            decides=rule.decides,
            reason=rule.reason,
            way_out=rule.way_out,
            source=rule.source,
        )
