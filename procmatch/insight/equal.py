"""Equal treatment: what is said beside every count of firms nearby."""

from __future__ import annotations

from procmatch.text.messages import Message

__all__ = ["EQUAL_TREATMENT"]

#: That a firm is from the place may never decide; these may.
EQUAL_TREATMENT = Message(
    "That a firm works nearby may be neither a requirement nor an award criterion. What a buyer "
    "may do: divide into lots, keep requirements in proportion, ask for qualities, talk with the "
    "market openly, and reserve parts for firms that include people outside working life."
)
