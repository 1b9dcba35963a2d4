"""Settle: derive the procedures of notices that came or changed, in any order they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from procmatch.model.procedure import Ref
from procmatch.procedures import assemble, attach, groups, identify
from procmatch.store import Store, procedures
from procmatch.store.procedures import Member

__all__ = ["SettleReport", "settle"]

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReport:
    """How many notices were looked at, and how many procedures came out new or changed."""

    notices: int
    procedures: int


def settle(store: Store, *, progress: Callable[[int], None] = lambda _done: None) -> SettleReport:
    """Derive the procedure of every notice that was written since it was last derived.

    Safe to run at any time and to break off: each batch is one transaction. The outcome depends on
    the notices only, not on the order in which they came.
    """
    while True:
        with store.begin() as connection:
            procedures.lock(connection)
            if not procedures.write_missing_keys(connection, _BATCH):
                break
    seen = changed = 0
    while True:
        with store.begin() as connection:
            procedures.lock(connection)
            fresh = procedures.unsettled(connection, _BATCH)
            if not fresh:
                return SettleReport(notices=seen, procedures=changed)
            near = procedures.pool(connection, fresh)
            sizes = Counter(member.procedure for member in near)
            for members, probable in _purchases(near):
                changed += _derive(connection, members, probable, sizes)
        seen += len(fresh)
        progress(seen)


def _purchases(pool: Sequence[Member]) -> list[tuple[list[Member], frozenset[Ref]]]:
    """Sort members into purchases, each with those that belong by likeness only."""
    by_ref = {member.publication.ref: member for member in pool}
    found = groups(member.publication for member in pool)
    hosts = attach(found)
    together: dict[int, list[Member]] = {}
    likely: dict[int, set[Ref]] = {}
    for at, group in enumerate(found):
        host = hosts.get(at, at)
        together.setdefault(host, []).extend(by_ref[one.ref] for one in group)
        if host != at:
            likely.setdefault(host, set()).update(one.ref for one in group)
    return [(members, frozenset(likely.get(at, ()))) for at, members in together.items()]


def _derive(
    connection: Connection,
    members: Sequence[Member],
    probable: frozenset[Ref],
    sizes: Mapping[str, int],
) -> bool:
    """Write the procedure of ``members`` unless nothing about it has changed.

    ``sizes``: how many notices each procedure had before.
    """
    publications = [member.publication for member in members]
    name = identify(publications, probable=probable)
    stands = sizes[name] == len(members) and all(
        member.settled
        and member.procedure == name
        and member.probable is (member.publication.ref in probable)
        for member in members
    )
    if stands:
        return False
    found = procedures.load_notices(connection, members)
    derived = assemble(publications, found, probable=probable)
    changed = procedures.save(connection, derived, members)
    procedures.remove_empty(connection, {member.procedure for member in members} - {name})
    return changed
