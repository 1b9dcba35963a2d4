"""Equal treatment: what is said beside every count of firms nearby, and the lawful levers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procmatch.insight.rules import Rule, latest_known
from procmatch.text.dates import day_said
from procmatch.text.messages import Message, say

__all__ = ["EQUAL_TREATMENT", "LEVERS", "Lever", "invitation"]

#: That a firm is from the place may never decide; these may.
EQUAL_TREATMENT = Message(
    "That a firm works nearby may be neither a requirement nor an award criterion. What a buyer "
    "may do: divide into lots, keep requirements in proportion, ask for qualities, talk with the "
    "market openly, and reserve parts for firms that include people outside working life."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """Something lawful that lets more firms bid.

    Attributes:
        key: e.g. ``"lots"``. said: what may be done. rules: names of the rules behind it.
    """

    key: str
    said: Message
    rules: tuple[str, ...]

    def laws(self, day: date) -> tuple[Rule, ...]:
        """Return the rules as they stand on a day, each with its citation."""
        found = (latest_known(name, day) for name in self.rules)
        return tuple(rule for rule in found if rule)


LEVERS = (
    Lever(
        key="lots",
        said=Message(
            "Divide into lots, by goods, place, unit or season; give the reason in writing where "
            "you do not."
        ),
        rules=("divide_or_justify",),
    ),
    Lever(
        key="proportion",
        said=Message("Ask for no more turnover, references and certificates than the lot needs."),
        rules=("turnover_most_times_value", "proportionate_requirements"),
    ),
    Lever(
        key="together",
        said=Message(
            "Say that firms may lean on the capacity of others, and that deliveries may be shared."
        ),
        rules=("supporting_undertaking",),
    ),
    Lever(
        key="qualities",
        said=Message(
            "Ask for what is good: freshness, taste, organic share, short time from harvest or "
            "oven to table, little waste. Anybody from anywhere may deliver it."
        ),
        rules=("award_criteria",),
    ),
    Lever(
        key="dialogue",
        said=Message(
            "Talk with the market before the competition, openly, with the same information for "
            "all."
        ),
        rules=("market_dialogue", "equal_treatment"),
    ),
    Lever(
        key="reserved",
        said=Message(
            "Reserve a part for firms whose main aim is to include people outside working life."
        ),
        rules=("reserved_contracts",),
    ),
)


def invitation(*, what: str, buyer: str, reply_to: str, until: date, language: str) -> str:
    """Return the text of an open invitation to all who could deliver, as paragraphs.

    Args:
        what: is to be bought, in a few words.
        buyer: who buys.
        reply_to: an address that answers are sent to.
        until: the last day for answers.
        language: nb, nn or en.
    """
    lines = _invitation(what, buyer, reply_to, until)
    return "\n\n".join(say(line, language) for line in lines) + "\n"


def _invitation(what: str, buyer: str, reply_to: str, until: date) -> Iterator[Message]:
    yield Message("Open invitation: {what}", (("what", what),))
    yield Message(
        "{buyer} plans to buy {what}. Before the competition is written we want to know what the "
        "market can deliver. All who could deliver the whole or a part are invited, whatever their "
        "size and wherever they work.",
        (("buyer", buyer), ("what", what)),
    )
    yield Message("Tell us briefly:")
    yield Message("1. What can you deliver, how much, how often, and to which places?")
    yield Message("2. How should the contract be divided so that you could bid?")
    yield Message("3. Which requirements or papers have kept you from bidding before?")
    yield Message("4. Which qualities should we ask for, and how can they be shown?")
    yield Message("5. From when could you deliver, and what do you need to know first?")
    yield Message(
        "Answer by {day} to {address}. What we tell one, we tell all, in the announcement. Whether "
        "you answer or not brings neither advantage nor drawback in the competition.",
        (("day", day_said(until)), ("address", reply_to)),
    )
