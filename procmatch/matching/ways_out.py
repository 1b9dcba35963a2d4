"""What would remove a hurdle, said with what is known of the tender: its lots and its dates."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from procmatch.matching.need import Wanted
from procmatch.matching.size import in_group
from procmatch.model.organisation import Supplier
from procmatch.text.dates import day_said
from procmatch.text.messages import Message

__all__ = ["JOINT_BIDS", "filled", "joint_bids", "more_capacity"]

_OSLO = ZoneInfo("Europe/Oslo")
_WHEN = "{when}"

#: Competition Act § 10; told where a firm alone is too small and the contract is in one piece.
JOINT_BIDS = Message(
    "On joint bids: if you can bid alone, you may normally not cooperate with a competitor; where "
    "bids for parts are allowed, even different trades may not join. What counts is what each firm "
    "really could do alone. Ask the Competition Authority or a lawyer first."
)
_GROUP = Message(
    "The firm is part of a group: a group company that has the capacity may lend it with a written "
    "commitment (FOA § 16-10)."
)
_LOTS = Message(
    "Bid for a smaller lot, rely on another firm's capacity with its written commitment (FOA "
    "§ 16-10), or be a subcontractor."
)
_ONE_LOT = Message(
    "Rely on another firm's capacity with its written commitment (FOA § 16-10), be a "
    "subcontractor, or ask the buyer {when} to divide the contract into lots."
)


def _when(wanted: Wanted) -> Message:
    """Return when questions may be asked (BT-13), as a part of a sentence."""
    end = wanted.lot.question_deadline
    if end is None:
        return Message("before the question deadline")
    if end <= wanted.now:
        return Message("(the question deadline has passed, so that an answer is not certain)")
    day = day_said(end.astimezone(_OSLO).date())
    return Message("before the question deadline {day}", (("day", day),))


def filled(way_out: Message, wanted: Wanted) -> Message:
    """Return a sentence with the question deadline in the place that it keeps for it."""
    if _WHEN not in way_out.text:
        return way_out
    return replace(way_out, values=(*way_out.values, ("when", _when(wanted))))


def more_capacity(wanted: Wanted, supplier: Supplier) -> Message:
    """Return how a firm that is too small for a lot could get the capacity."""
    if in_group(supplier):
        return _GROUP
    return _LOTS if len(wanted.notice.lots) > 1 else filled(_ONE_LOT, wanted)


def joint_bids(wanted: Wanted, supplier: Supplier) -> Message | None:
    """Return the note on joint bids for a firm known to be too small, where no part can be bid on.

    With lots to choose from, or a group to lean on, a firm needs no competitor.
    """
    if len(wanted.notice.lots) > 1 or in_group(supplier):
        return None
    return JOINT_BIDS
