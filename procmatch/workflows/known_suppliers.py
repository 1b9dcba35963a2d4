"""Some organisations seen as suppliers: with accounts and evidence that holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from procmatch.matching.records import key_of
from procmatch.model.organisation import OrgId, Supplier
from procmatch.store import accounts, evidence_known, register_state
from procmatch.workflows.market import supplier

__all__ = ["known_suppliers"]


def known_suppliers(
    connection: Connection, orgs: Iterable[OrgId], today: date
) -> dict[OrgId, Supplier]:
    """Return those of some organisations that the register in the store has.

    Args:
        connection: of the store.
        orgs: whose.
        today: evidence counts that holds on that day.
    """
    wanted = set(orgs)
    years = accounts.of(connection, wanted)
    proven = evidence_known.valid(connection, today, orgs=wanted)
    return {
        unit.id: supplier(unit, years=years.get(unit.id, ()), evidence=proven.get(unit.id, ()))
        for unit in register_state.units(connection, map(key_of, sorted(wanted)))
    }
