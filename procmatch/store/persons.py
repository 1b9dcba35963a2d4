"""Establishments of sole proprietors: personal data that only their owner's record reveals."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from procmatch.model.organisation import Establishment, OrgId
from procmatch.model.values import Place
from procmatch.store.documents import decode
from procmatch.store.organisations import Values, establishment_values, save_establishments
from procmatch.store.tables import establishments, organisations

__all__ = ["kept_small", "make_small", "shrink"]

_Pairs = list[tuple[str, Establishment]]
_SOLE_PROPRIETOR = "ENK"
#: Places in a row of an establishment.
_PARENT, _DOCUMENT = 2, 4


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
    owners = _persons(connection, register, {parent for parent, _ in pairs})
    return [(parent, _small(item) if parent in owners else item) for parent, item in pairs]


def shrink(
    connection: Connection, register: str, rows: MutableMapping[int, tuple[Values, int]]
) -> None:
    """Make small, among rows of a bulk file, those of known sole proprietors."""
    owners = _persons(connection, register, {values[_PARENT] for values, _ in rows.values()})
    if not owners:
        return
    for number, (values, mark) in rows.items():
        parent = values[_PARENT]
        if parent in owners:
            small = _small(decode(str(values[_DOCUMENT]), Establishment))
            rows[number] = (establishment_values(register, str(parent), small), mark)


def _persons(connection: Connection, register: str, numbers: set[str | None]) -> set[str]:
    query = select(organisations.c.number).where(
        organisations.c.register == register,
        organisations.c.legal_form == _SOLE_PROPRIETOR,
        organisations.c.number.in_(numbers),
    )
    return set(connection.scalars(query))


def make_small(connection: Connection, owner: OrgId) -> None:
    """Make small what is stored of a unit that turns out to be a sole proprietor."""
    documents = connection.scalars(
        select(establishments.c.document).where(
            establishments.c.register == owner.register, establishments.c.parent == owner.number
        )
    )
    items = [(owner.number, _small(decode(text, Establishment))) for text in documents]
    save_establishments(connection, owner.register, items)
