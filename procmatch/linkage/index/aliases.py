"""The names under which a unit of the register is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from procmatch.linkage.places import marks_of
from procmatch.linkage.query import full_key
from procmatch.model.organisation import Organisation
from procmatch.model.values import Place
from procmatch.text.normalise import take_apart

__all__ = ["KINDS", "Alias", "aliases_of"]

#: What an alias is; stored by position.
KINDS = ("name", "former name", "establishment")
NOWHERE = Place()


class Alias(NamedTuple):
    """One name under which a unit is known.

    Attributes:
        key: :func:`~procmatch.linkage.query.full_key` of it.
        form: its legal form as the register's code, or ``""``. stated: whether the name says so.
        kind: position in :data:`KINDS`.
        where: marks of where the unit, or this establishment, is.
    """

    key: str
    form: str
    stated: bool
    kind: int
    where: frozenset[int]


def _spoken(name: str) -> Iterator[str]:
    """Yield a name, and the halves of one that is given in two languages."""
    yield name
    if "kommune" in name.casefold():
        for separator in (" / ", " - ", "/"):
            if separator in name:
                yield from (half for half in name.split(separator) if half.strip())
                return


def _names(organisation: Organisation) -> Iterator[tuple[str, int, frozenset[int]]]:
    own = _own_place(organisation)
    working = [(one.name, marks_of((one.place,))) for one in organisation.establishments]
    everywhere = own.union(*(where for _name, where in working)) if working else own
    for name in _spoken(organisation.name):
        yield name, 0, everywhere
    for name in organisation.former_names:
        yield name, 1, everywhere
    for name, where in working:
        yield name, 2, where


def _own_place(organisation: Organisation) -> frozenset[int]:
    own, postal = organisation.business_place, organisation.postal_place
    return marks_of((own,)) if postal in (NOWHERE, own) else marks_of((own, postal))


def _alias(name: str, kind: int, unit_form: str, where: frozenset[int]) -> Alias | None:
    parsed = take_apart(name)
    key = full_key(parsed)
    if not key:
        return None
    stated = parsed.legal_form or ""
    # A former name may state a former form; of the present name the register is right.
    form = (stated or unit_form) if kind else (unit_form or stated)
    return Alias(key, form, bool(stated), kind, where)


def aliases_of(organisation: Organisation) -> list[Alias]:
    """Return every name of a unit, each key at each place once, its present name first."""
    form = organisation.legal_form or ""
    name = organisation.name
    if not (organisation.establishments or organisation.former_names or "kommune" in name.lower()):
        one = _alias(name, 0, form, _own_place(organisation))
        return [one] if one else []
    found: dict[tuple[str, frozenset[int]], Alias] = {}
    for named, kind, where in _names(organisation):
        one = _alias(named, kind, form, where)
        if one:
            found.setdefault((one.key, where), one)
    return list(found.values())
