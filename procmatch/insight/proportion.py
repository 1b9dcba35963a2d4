"""Whether a requirement is in proportion to the lot: what the law says, and what to look at again.

A hint for the buyer, never a verdict: what a contract needs is the buyer's to judge.
"""

from __future__ import annotations

from dataclasses import dataclass

from procmatch.insight.rules import Rule, latest_known
from procmatch.matching.need import Wanted
from procmatch.matching.requirements import Requirement
from procmatch.text.messages import Message

__all__ = ["Proportion", "proportion"]

_TURNOVER = "turnover_most_times_value"
#: More references than these are many for a contract below the limit of national announcement.
_REFERENCES = 3
_SMALL_BELOW = "national_announcement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """What is to be said of a requirement.

    Attributes:
        out: it is beyond what the law normally allows; False: worth another look.
        said: as a sentence. rule: the law, where there is one.
    """

    out: bool
    said: Message
    rule: Rule | None = None


_EQUIVALENT = Message(
    "Say that equivalent proof is accepted, and ask for a certificate only where the work needs "
    "it: for a small firm it takes months."
)
#: Kinds that are worth another look whatever the value.
_LOOK = {
    "quality_certificate": _EQUIVALENT,
    "environment_certificate": _EQUIVALENT,
    "security_certificate": _EQUIVALENT,
    "other_certificate": _EQUIVALENT,
    "years_trading": Message(
        "A new firm can never meet this. Ask what the people in it have delivered instead."
    ),
    "credit_rating": Message(
        "A small or young firm may be sound without a rating: accept other proof of its economy."
    ),
    "equity": Message(
        "A small or young firm may be sound with less equity: accept other proof of its economy."
    ),
    "guarantee": Message(
        "A guarantee costs a small firm more than a large one: ask whether the risk calls for it."
    ),
    "nationwide": Message("Delivery in the whole country is asked for: divide by place."),
    "daily_delivery": Message(
        "Daily delivery keeps out who bakes or harvests a few times a week: ask the kitchens what "
        "they need, or divide by place."
    ),
    "electronic_catalogue": Message(
        "A price list that the buyer loads itself does for a small range of goods."
    ),
    "local_presence": Message(
        "A place of work nearby may not be demanded for its own sake: ask for the time of answer "
        "or delivery that the contract needs."
    ),
}


def _turnover(wanted: Wanted, asked: Requirement) -> Proportion | None:
    rule = latest_known(_TURNOVER, wanted.now.date())
    if asked.turnover is None or rule is None or rule.times is None:
        return None
    times = asked.turnover.times
    if asked.amount is not None and wanted.total:
        times = asked.amount / wanted.total
    if times is None:
        return Proportion(
            out=False,
            said=Message(
                "The value is not announced, so nobody can tell whether this turnover is at most "
                "twice of it."
            ),
            rule=rule,
        )
    if times <= rule.times:
        return None
    return Proportion(
        out=True,
        said=Message(
            "The turnover asked for is {times} times the contract's value; normally at most "
            "{most} times may be asked for.",
            (("times", round(float(times), 1)), ("most", rule.times)),
        ),
        rule=rule,
    )


def _references(wanted: Wanted, asked: Requirement) -> Proportion | None:
    deliveries = asked.figure("deliveries")
    limit = latest_known(_SMALL_BELOW, wanted.now.date())
    small = limit and limit.amount and wanted.total is not None and wanted.total < limit.amount
    if deliveries is None or deliveries < (_REFERENCES if small else _REFERENCES + 1):
        return None
    said = Message(
        "{deliveries} references are many for a contract of this size: fewer, or deliveries to "
        "private customers, may show the same.",
        (("deliveries", deliveries),),
    )
    return Proportion(out=False, said=said)


def proportion(wanted: Wanted, asked: Requirement) -> Proportion | None:
    """Return what is to be said of a requirement's proportion; None where there is nothing.

    Args:
        wanted: the lot, with its value where that is known.
        asked: one of its requirements.
    """
    if asked.kind == "turnover":
        return _turnover(wanted, asked)
    if asked.kind == "references":
        return _references(wanted, asked)
    said = _LOOK.get(asked.kind)
    return Proportion(out=False, said=said) if said else None
