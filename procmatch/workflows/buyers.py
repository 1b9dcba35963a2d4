"""Which register units make up a municipality as a buyer: itself, and what it owns."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from procmatch.errors import NotFound
from procmatch.model.organisation import Establishment, Organisation, OrgId
from procmatch.store.public_bodies import below, head_of

__all__ = ["Buyer", "buyer_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A municipality or county as a buyer.

    Attributes:
        unit: its own unit. parts: units that stand below it in the register.
        places: its units as people know them: schools, nursing homes (*underenheter*).
    """

    unit: Organisation
    parts: tuple[Organisation, ...] = ()

    @property
    def places(self) -> tuple[Establishment, ...]:
        """All establishments, by name."""
        every = (place for unit in (self.unit, *self.parts) for place in unit.establishments)
        open_ones = (place for place in every if place.closed_on is None)
        return tuple(sorted(open_ones, key=lambda place: (place.name, place.number)))

    @property
    def orgs(self) -> tuple[OrgId, ...]:
        """The keys of the unit and its parts."""
        return (self.unit.id, *(part.id for part in self.parts))


def buyer_of(connection: Connection, municipality: str) -> Buyer:
    """Return the buyer of a municipality (four digits) or county (two).

    Raises:
        NotFound: the register in the store has no such municipality.
    """
    head = head_of(connection, municipality)
    if head is None:
        raise NotFound(f"no municipality {municipality} in the register of the store")
    return Buyer(unit=head, parts=tuple(below(connection, head.id)))
