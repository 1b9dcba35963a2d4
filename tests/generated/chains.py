"""Compares the procedures that a store derived with what a generated market really was."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from procmatch.model.procedure import Procedure, ProcedureState, Ref
from procmatch.store import Store, procedures, tables
from tests.generated.market import Market
from tests.generated.model import Key
from tests.generated.truth import among

__all__ = ["assert_every_chain_is_right", "derived", "keys", "stored"]


def keys(refs: Iterable[Ref]) -> set[Key]:
    """Return publications as the market names them."""
    return {(ref.source, ref.id) for ref in refs}


def stored(store: Store) -> set[Key]:
    """Return the publications in the store."""
    with store.read() as connection:
        query = select(tables.notices.c.source, tables.notices.c.source_id)
        return {(row.source, row.source_id) for row in connection.execute(query)}


def derived(store: Store) -> list[Procedure]:
    """Return all procedures."""
    with store.read() as connection:
        ids = connection.scalars(select(tables.procedures.c.id)).all()
        found = [procedures.find(connection, key) for key in ids]
    return [one for one in found if one is not None]


def _in_state(found: Iterable[Procedure], state: ProcedureState) -> set[Key]:
    return {key for one in found if one.state is state for key in keys(one.publications)}


def assert_every_chain_is_right(store: Store, market: Market) -> int:
    """Compare groups, copies, revisions and what was called off; return how many purchases.

    Of what the store holds: a purchase whose cancellation was not collected is not cancelled.
    """
    found, truth, known = derived(store), market.truth, stored(store)
    assert {frozenset(keys(one.publications)) for one in found} == among(truth.groups, known)
    copies = {
        (copy.source, copy.id): (master.source, master.id)
        for one in found
        for copy, master in one.twins
    }
    assert copies == {
        copy: master for copy, master in truth.copies.items() if copy in known and master in known
    }
    told = {
        (revision.by.source, revision.by.id): (revision.of.source, revision.of.id)
        for one in found
        for revision in one.revisions
    }
    wanted = {
        child: truth.copies.get(parent, parent)
        for child, parent in truth.changes.items()
        if {child, parent, truth.copies.get(parent, parent)} <= known
        and truth.copies.get(child) not in known
    }
    assert {child: told.get(child) for child in wanted} == wanted
    assert _in_state(found, ProcedureState.CANCELLED) <= truth.cancelled
    assert _in_state(found, ProcedureState.AWARDED) <= truth.awarded
    return len(found)
