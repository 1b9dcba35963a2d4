"""What a firm lacks, named for people."""

from __future__ import annotations

from procmatch.matching.asked_words import ASKED
from procmatch.text.messages import Message

__all__ = ["kind_named"]

_NAMED = {
    "goods": Message("Delivers some of what is bought, but not all of it."),
    "reach": Message("Is near some of the places, but not all of them."),
    "capacity": Message("The contract is large for the firm."),
    "turnover": Message("The turnover asked for is higher than the firm has shown."),
    "reserved": Message("The contract is reserved for others."),
    "status": Message("The firm is bankrupt, being wound up, or deleted."),
    "not_a_supplier": Message("The firm owns or lets property and sells nothing else."),
}


def kind_named(kind: str) -> Message:
    """Return a kind of what is missing as a sentence: goods, reach, or a kind of hurdle."""
    if kind in ASKED:
        return ASKED[kind][0]
    return _NAMED.get(kind) or Message("Something else is asked for ({kind}).", (("kind", kind),))
