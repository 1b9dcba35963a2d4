"""The names under which a unit of the register is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procmatch.linkage.places import marks_of
from procmatch.linkage.query import full_key
from procmatch.model.organisation import Organisation
from procmatch.text.normalise import parse_name

__all__ = ["KINDS", "Alias", "aliases_of"]

#: What an alias is; stored by position.
KINDS = ("name", "former name", "establishment")


@dataclass(frozen=True, slots=True)
class Alias:
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
    own = marks_of((organisation.business_place, organisation.postal_place))
    working = [(one.name, marks_of((one.place,))) for one in organisation.establishments]
    everywhere = own.union(*(where for _name, where in working)) if working else own
    for name in _spoken(organisation.name):
        yield name, 0, everywhere
    for name in organisation.former_names:
        yield name, 1, everywhere
    for name, where in working:
        yield name, 2, where


def aliases_of(organisation: Organisation) -> Iterator[Alias]:
    """Yield every name of a unit, each key at each place once, its present name first."""
    unit_form = organisation.legal_form or ""
    seen: set[tuple[str, frozenset[int]]] = set()
    for name, kind, where in _names(organisation):
        parsed = parse_name(name)
        key = full_key(parsed)
        if key and (key, where) not in seen:
            seen.add((key, where))
            stated = parsed.legal_form or ""
            # A former name may state a former form; of the present name the register is right.
            form = (stated or unit_form) if kind else (unit_form or stated)
            yield Alias(key, form, bool(stated), kind, where)
