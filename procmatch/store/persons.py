"""Establishments of sole proprietors: personal data that only their owner's record reveals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from procmatch.model.organisation import Establishment
from procmatch.model.values import Place
from procmatch.store.documents import decode
from procmatch.store.organisations import Values, establishment_values, save_establishments
from procmatch.store.tables import establishments, organisations

__all__ = ["kept_small", "make_small", "small_rows"]

_Pairs = list[tuple[str, Establishment]]
_SOLE_PROPRIETOR = "ENK"
#: Where they stand in a row of an establishment.
_PARENT, _DOCUMENT = 2, 4
#: Databases limit the number of parameters of one statement.
_CHUNK = 5000


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
    owners = _owners(connection, register, {parent for parent, _ in pairs})
    return [(parent, _small(item) if parent in owners else item) for parent, item in pairs]


def small_rows(
    connection: Connection, register: str, rows: Mapping[int, tuple[Values, int]]
) -> dict[int, tuple[Values, int]]:
    """Do to rows of establishments (with the marks of their records) as :func:`kept_small` does."""
    owners = _owners(connection, register, {str(values[_PARENT]) for values, _ in rows.values()})
    return {
        number: (
            establishment_values(
                register,
                str(values[_PARENT]),
                _small(decode(str(values[_DOCUMENT]), Establishment)),
            )
            if values[_PARENT] in owners
            else values,
            mark,
        )
        for number, (values, mark) in rows.items()
    }


def _owners(connection: Connection, register: str, parents: Collection[str]) -> set[str]:
    """Return those of ``parents`` that the store knows as sole proprietors."""
    found: set[str] = set()
    wanted = sorted(parents)
    for start in range(0, len(wanted), _CHUNK):
        found.update(
            connection.scalars(
                select(organisations.c.number).where(
                    organisations.c.register == register,
                    organisations.c.legal_form == _SOLE_PROPRIETOR,
                    organisations.c.number.in_(wanted[start : start + _CHUNK]),
                )
            )
        )
    return found


def make_small(connection: Connection, register: str, owners: Collection[str]) -> None:
    """Make small what is stored of units that turn out to be sole proprietors."""
    if connection.scalar(select(establishments.c.number).limit(1)) is None:
        return
    wanted = sorted(owners)
    for start in range(0, len(wanted), _CHUNK):
        rows = connection.execute(
            select(establishments.c.parent, establishments.c.document).where(
                establishments.c.register == register,
                establishments.c.parent.in_(wanted[start : start + _CHUNK]),
            )
        )
        items = [(row.parent, _small(decode(row.document, Establishment))) for row in rows]
        if items:
            save_establishments(connection, register, items)
