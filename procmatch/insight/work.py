"""What dividing a contract costs the buyer in work, and ways to keep it low.

Each figure tells where it comes from. Nobody knows beforehand who wins: they are bounds, never a
guess between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmatch.model.notice import Lot
from procmatch.text.messages import Message

__all__ = ["Estimate", "Work", "estimates", "ways_to_keep_work_low", "work_of"]

#: One invoice a month for each contract, where nothing else is agreed: an assumption.
_INVOICES_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Work:
    """What dividing costs the buyer, at least and at most.

    At least: one firm wins all parts. At most: each part, or each place in a framework of several
    suppliers (BT-113), goes to another. Invoices: one a month for each contract.

    Attributes:
        contracts_before, contracts_least, contracts_most: contracts.
        suppliers_at_a_place: how many may deliver to one and the same place, at the most.
    """

    contracts_before: int
    contracts_least: int
    contracts_most: int
    suppliers_at_a_place: int

    @property
    def extra_contracts(self) -> int:
        """The most contracts that come on top."""
        return self.contracts_most - self.contracts_before

    @property
    def extra_invoices(self) -> int:
        """The most invoices a year that come on top."""
        return self.extra_contracts * _INVOICES_A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One figure of the work: in one contract, and in parts at least and at most.

    Attributes:
        key: e.g. ``"contracts"``. what: it is called. before, least, most: how many.
        basis: where the figure comes from, and what is assumed.
    """

    key: str
    what: Message
    before: int
    least: int
    most: int
    basis: Message


def work_of(whole: Lot, parts: Sequence[Lot]) -> Work:
    """Return the work of a contract in one and in parts."""
    return Work(
        contracts_before=_suppliers(whole),
        contracts_least=1,
        contracts_most=sum(_suppliers(part) for part in parts),
        suppliers_at_a_place=_most_at_a_place(parts),
    )


def _suppliers(lot: Lot) -> int:
    return lot.framework_participants or 1


def _most_at_a_place(parts: Sequence[Lot]) -> int:
    """Return how many suppliers one place may get; a part without places may go everywhere."""
    everywhere = sum(_suppliers(part) for part in parts if not part.places)
    places = {place for part in parts for place in part.places}
    at_each = (sum(_suppliers(part) for part in parts if place in part.places) for place in places)
    return everywhere + max(at_each, default=0)


def estimates(work: Work) -> tuple[Estimate, ...]:
    """Return the figures of the work with their basis, contracts first."""
    return (
        Estimate(
            key="contracts",
            what=Message("Contracts"),
            before=work.contracts_before,
            least=work.contracts_least,
            most=work.contracts_most,
            basis=Message(
                "Counted: one for each part, or for each place in a framework of several suppliers "
                "as announced (BT-113). At the least one firm wins all."
            ),
        ),
        Estimate(
            key="invoices",
            what=Message("Invoices a year"),
            before=work.contracts_before * _INVOICES_A_YEAR,
            least=work.contracts_least * _INVOICES_A_YEAR,
            most=work.contracts_most * _INVOICES_A_YEAR,
            basis=Message(
                "Assumed: one collected invoice a month for each contract. Your own ledger tells "
                "how many come today."
            ),
        ),
        Estimate(
            key="suppliers_at_a_place",
            what=Message("Suppliers who deliver to one place"),
            before=work.contracts_before,
            least=1,
            most=work.suppliers_at_a_place,
            basis=Message(
                "Counted from the places of the parts as announced; a part without places may go "
                "to all. Joint delivery makes it one."
            ),
        ),
    )


def ways_to_keep_work_low(parts: Sequence[Lot]) -> tuple[Message, ...]:
    """Return ways to keep the work of more contracts low, those that suit the parts."""
    found = [
        Message(
            "Let a bidder bid on one, several or all parts, and use one contract text, one price "
            "form and one follow-up meeting a year for all of them."
        ),
        Message("Ask for one collected electronic invoice (EHF) a month from each supplier."),
        Message(
            "Let the parts share one delivery: suppliers bring their goods to one place, or one "
            "of them, or a carrier, takes them on the same round."
        ),
        Message(
            "Use a dynamic purchasing system: new firms may join at any time, and each call-off "
            "is small and simple."
        ),
    ]
    if len(parts) > 1:
        found.append(
            Message(
                "Use parallel framework agreements with several suppliers for the same goods, and "
                "say in the announcement how orders are shared between them."
            )
        )
    return tuple(found)
