"""Establishments of sole proprietors: personal data that only their owner's record reveals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from procmatch.model.organisation import Establishment, OrgId
from procmatch.model.values import Place
from procmatch.store.documents import decode
from procmatch.store.organisations import save_establishments
from procmatch.store.tables import establishments, organisations

__all__ = ["kept_small", "make_small"]

_Pairs = list[tuple[str, Establishment]]
_SOLE_PROPRIETOR = "ENK"


def _small(item: Establishment) -> Establishment:
    """Leave out the name, which holds the owner's, and the address but for the municipality."""
    place = Place(country=item.place.country, municipality=item.place.municipality)
    return replace(item, name="", place=place)


def kept_small(
    connection: Connection, register: str, pairs: Sequence[tuple[str, Establishment]]
) -> _Pairs:
    """Return (parent number, establishment) pairs, small where the store knows a sole proprietor.

    An establishment does not say what its owner is, so units must be stored before.
    """
    owners = set(
        connection.scalars(
            select(organisations.c.number).where(
                organisations.c.register == register,
                organisations.c.legal_form == _SOLE_PROPRIETOR,
                organisations.c.number.in_({parent for parent, _ in pairs}),
            )
        )
    )
    return [(parent, _small(item) if parent in owners else item) for parent, item in pairs]


def make_small(connection: Connection, owner: OrgId) -> None:
    """Make small what is stored of a unit that turns out to be a sole proprietor."""
    documents = connection.scalars(
        select(establishments.c.document).where(
            establishments.c.register == owner.register, establishments.c.parent == owner.number
        )
    )
    items = [(owner.number, _small(decode(text, Establishment))) for text in documents]
    save_establishments(connection, owner.register, items)
