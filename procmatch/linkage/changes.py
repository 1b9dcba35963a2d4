"""A laid-out register, and what was added, changed and deleted since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from procmatch.linkage.index.columns import Array
from procmatch.linkage.index.layout import lay_out
from procmatch.linkage.index.segment import Segment
from procmatch.linkage.rank import Part
from procmatch.model.organisation import Organisation, OrgId

__all__ = ["Register", "laid_out", "slim", "updated"]


@dataclass(frozen=True, slots=True)
class Register:
    """What is laid out at once, and beside it what has changed since.

    Attributes:
        base: laid out once. gone: which of its units were changed or deleted.
        fresh: units that were added or changed since, by id.
        added: these, laid out; None as long as there are none.
    """

    base: Segment
    gone: Array
    fresh: Mapping[OrgId, Organisation]
    added: Segment | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The segments to search."""
        base = Part(self.base, self.gone)
        if self.added is None:
            return (base,)
        return (base, Part(self.added, np.zeros(len(self.added), dtype=bool)))


def slim(organisation: Organisation) -> Organisation:
    """Return an organisation with only what linkage compares."""
    return Organisation(
        id=organisation.id,
        name=organisation.name,
        former_names=organisation.former_names,
        legal_form=organisation.legal_form,
        status=organisation.status,
        business_place=organisation.business_place,
        postal_place=organisation.postal_place,
        street=organisation.street,
        website=organisation.website,
        establishments=tuple(
            replace(one, industry_codes=(), employees=None, closed_on=None)
            for one in organisation.establishments
        ),
    )


def laid_out(organisations: Iterable[Organisation]) -> Register:
    """Lay out a register."""
    base = lay_out(organisations)
    return Register(base, np.zeros(len(base), dtype=bool), {})


def with_fresh(base: Segment, gone: Array, fresh: Mapping[OrgId, Organisation]) -> Register:
    """Lay out what has changed beside the base, by whose words it weighs."""
    added = lay_out(fresh.values(), base=base) if fresh else None
    return Register(base, gone, fresh, added)


def updated(
    register: Register, changed: Iterable[Organisation], deleted: Iterable[OrgId]
) -> Register:
    """Return a register with changes.

    Args:
        register: as it was.
        changed: new units, and units as they are now.
        deleted: units that are to be forgotten.
    """
    fresh = dict(register.fresh)
    leaving = set(deleted)
    for org in leaving:
        fresh.pop(org, None)
    for one in changed:
        fresh[one.id] = slim(one)
        leaving.add(one.id)
    gone = register.gone.copy()
    for org in leaving:
        at = register.base.find_unit(org)
        if at is not None:
            gone[at] = True
    return with_fresh(register.base, gone, fresh)
