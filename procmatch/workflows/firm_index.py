"""The firms of the register laid out for search, kept beside the store; whole records on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from zlib import crc32

import msgspec
from sqlalchemy import Connection

from procmatch.codes import Codes
from procmatch.matching import SupplierIndex, size_class, size_classes
from procmatch.matching.index import FirmIndex
from procmatch.matching.past import Past
from procmatch.matching.records import firm_of, key_of
from procmatch.matching.relevance.records import Award, Firm
from procmatch.model.organisation import (
    Accounts,
    Evidence,
    Organisation,
    OrgId,
    Supplier,
)
from procmatch.settings import Settings
from procmatch.store import Store, accounts, evidence_known, organisations, register_state
from procmatch.workflows.kept import Making, open_kept
from procmatch.workflows.register_facts import register_facts
from procmatch.workflows.register_index import index_folder

__all__ = ["firm_folder", "open_suppliers", "supplier"]

#: Units read in one go; and kept before the memory begins anew.
_BATCH, _REMEMBERED = 400, 20_000
_WORK_INCLUSION = "work_inclusion"


def firm_folder(settings: Settings, store: Store) -> Path | None:
    """Return where a store's firms are kept: beside the register for look-up; None for memory."""
    address = store.engine.url.render_as_string(hide_password=False)
    folder = index_folder(msgspec.structs.replace(settings, database_url=address))
    return folder and folder.with_name(f"{folder.name}-firms")


def supplier(
    unit: Organisation,
    past_awards: tuple[str, ...] = (),
    years: tuple[Accounts, ...] = (),
    evidence: tuple[Evidence, ...] = (),
) -> Supplier:
    """See a register unit as a bidder: size class and what went into it, evidence that holds.

    What the register itself says is added to ``evidence``.
    """
    facts = (*evidence, *register_facts(unit))
    bidder = Supplier(organisation=unit, past_awards=past_awards, accounts=years, evidence=facts)
    size, inputs = size_class(bidder)
    return replace(bidder, size=size, sizes=size_classes(bidder), size_inputs=inputs)


def open_suppliers(
    store: Store,
    *,
    codes: Codes,
    today: Callable[[], date],
    folder: Path | None = None,
    awards: Sequence[Award] = (),
) -> SupplierIndex:
    """Return the market of the store.

    Sole proprietors are persons and stay out of it.

    Args:
        store: holds the register, accounts and evidence.
        codes: code lists.
        today: evidence counts that holds on that day.
        folder: where the firms are kept from one time to the next; None lays them out in memory.
        awards: past ones, where they are to count; firms are then laid out in memory.
    """
    with store.read() as connection:
        if folder is None or awards:
            firms = FirmIndex.build(_firms(connection, codes), awards, places=codes.places)
        else:
            firms = open_kept(folder, _making(connection, codes))
        proven = evidence_known.valid(connection, today(), kind=_WORK_INCLUSION)
    return SupplierIndex(
        firms=firms,
        fetch=_Fetch(store, today),
        codes=codes,
        welcome=frozenset(map(key_of, proven)),
        past=Past.build(awards),
    )


def _of_lists(codes: Codes) -> int:
    """Return a mark of the code lists: firms are read with their labels."""
    many = (
        len(codes.cpv.labels),
        *(len(labels) for _, labels in sorted(codes.industry.labels.items())),
        len(codes.places.municipalities),
        len(codes.places.postcodes),
    )
    return crc32(repr(many).encode())


def _making(connection: Connection, codes: Codes) -> Making[FirmIndex]:
    of_lists = _of_lists(codes)

    def update(kept: FirmIndex, keys: Sequence[str]) -> FirmIndex:
        units = list(register_state.units(connection, keys))
        gone = [key_of(unit.id) for unit in units if unit.is_person]
        years = accounts.of(connection, [unit.id for unit in units])
        changed = (
            _firm(unit, years.get(unit.id, ()), codes) for unit in units if not unit.is_person
        )
        return kept.update(changed, gone)

    return Making(
        what="the firms laid out for search",
        sign=f"{register_state.sign(connection)} {accounts.sign(connection)} {of_lists}",
        marks=lambda: _marks(connection, of_lists),
        build=lambda: FirmIndex.build(_firms(connection, codes), places=codes.places),
        update=update,
        save=FirmIndex.save,
        load=lambda folder: FirmIndex.load(folder, codes.places),
    )


def _marks(connection: Connection, of_lists: int) -> dict[str, int]:
    """Return marks of units that change with their accounts and with the code lists as well."""
    found = {key: mark ^ of_lists for key, mark in register_state.marks(connection).items()}
    for key, mark in accounts.marks(connection):
        if key in found:
            found[key] ^= mark
    return found


def _firm(unit: Organisation, years: tuple[Accounts, ...], codes: Codes) -> Firm:
    return firm_of(Supplier(organisation=unit, accounts=years), codes)


def _firms(connection: Connection, codes: Codes) -> Iterator[Firm]:
    years = accounts.every(connection)
    for unit in organisations.iterate(connection):
        if not unit.is_person:
            yield _firm(unit, years.get(unit.id, ()), codes)


class _Fetch:
    """Whole suppliers, read from the store when they are first asked for."""

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self._store = store
        self._today = today
        self._known: dict[OrgId, Supplier] = {}

    def __call__(self, wanted: Sequence[OrgId]) -> Mapping[OrgId, Supplier]:
        """Return those of ``wanted`` that the store has; threads may ask at once."""
        known = self._known
        if len(known) > _REMEMBERED:
            known = {org: known[org] for org in wanted if org in known}
            self._known = known
        # One by one: a difference of sets would go through all that are known.
        missing = sorted({org for org in wanted if org not in known})
        for start in range(0, len(missing), _BATCH):
            self._read(missing[start : start + _BATCH], known)
        return {org: known[org] for org in wanted if org in known}

    def _read(self, orgs: Sequence[OrgId], known: dict[OrgId, Supplier]) -> None:
        with self._store.read() as connection:
            awards = organisations.past_awards(connection, orgs)
            years = accounts.of(connection, orgs)
            proven = evidence_known.valid(connection, self._today(), orgs=orgs)
            for unit in register_state.units(connection, map(key_of, orgs)):
                known[unit.id] = supplier(
                    unit,
                    awards.get(unit.id, ()),
                    years.get(unit.id, ()),
                    proven.get(unit.id, ()),
                )
