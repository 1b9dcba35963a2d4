"""The firms of the register laid out for search, kept beside the store; whole records on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
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
    SizeClass,
    Supplier,
)
from procmatch.model.statement import Stated
from procmatch.settings import Settings
from procmatch.store import (
    Store,
    accounts,
    evidence_known,
    organisations,
    register_state,
    statements,
)
from procmatch.workflows.kept import Making, open_kept
from procmatch.workflows.register_facts import register_facts
from procmatch.workflows.register_index import index_folder

__all__ = ["firm_folder", "open_suppliers", "own_profile", "supplier"]

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
    stated: Stated | None = None,
    codes: Codes | None = None,
) -> Supplier:
    """See a register unit as a bidder: size class and what went into it, evidence that holds.

    What the register itself says is added to ``evidence``. What the firm ``stated`` stands beside
    the register's words (the goods as labels of ``codes``), never in their place.
    """
    facts = (*evidence, *register_facts(unit))
    size, inputs, sizes = (
        _sized(Supplier(organisation=unit, accounts=years))
        if years
        else _sized_by_register(
            unit.employees, unit.sector, has_employees=unit.has_employees, in_group=unit.in_group
        )
    )
    return Supplier(
        organisation=unit,
        size=size,
        sizes=sizes,
        size_inputs=inputs,
        past_awards=past_awards,
        accounts=years,
        evidence=facts,
        profile=own_profile(stated, codes),
        asked_to_be_shown=bool(stated and stated.shown),
    )


_Sized = tuple[SizeClass, tuple[tuple[str, str], ...], tuple[SizeClass, ...]]


def _sized(bidder: Supplier) -> _Sized:
    """Return the likeliest size class, what it went by, and every class that is possible."""
    return (*size_class(bidder), size_classes(bidder))


@lru_cache(maxsize=4_000)
def _sized_by_register(
    employees: int | None,
    sector: str | None,
    *,
    has_employees: bool | None,
    in_group: bool | None,
) -> _Sized:
    """Return the same of a unit without accounts: many units are alike."""
    unit = Organisation(
        id=OrgId("", ""),
        name="",
        employees=employees,
        has_employees=has_employees,
        in_group=in_group,
        sector=sector,
    )
    return _sized(Supplier(organisation=unit))


def own_profile(stated: Stated | None, codes: Codes | None) -> str:
    """Return what a firm says that it does and delivers, as words."""
    if stated is None:
        return ""
    goods = (codes.cpv.label(code, "nb") for code in stated.statement.cpv) if codes else ()
    return " ".join(filter(None, (stated.statement.words, *goods)))


def open_suppliers(
    store: Store,
    *,
    codes: Codes,
    today: Callable[[], date],
    folder: Path | None = None,
    awards: Sequence[Award] = (),
) -> SupplierIndex:
    """Return the market of the store.

    Sole proprietors are persons and stay out of it, but for those that asked to be shown.

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
        fetch=_Fetch(store, today, codes),
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
        years = accounts.of(connection, [unit.id for unit in units])
        seen = list(_seen(connection, units, years, codes))
        gone = [key_of(one.organisation.id) for one in seen if not one.may_be_listed]
        return kept.update((firm_of(one, codes) for one in seen if one.may_be_listed), gone)

    return Making(
        what="the firms laid out for search",
        sign=f"{register_state.sign(connection)} {accounts.sign(connection)} {of_lists} "
        f"{statements.sign(connection)}",
        marks=lambda: _marks(connection, of_lists),
        build=lambda: FirmIndex.build(_firms(connection, codes), places=codes.places),
        update=update,
        save=FirmIndex.save,
        load=lambda folder: FirmIndex.load(folder, codes.places),
    )


def _marks(connection: Connection, of_lists: int) -> dict[str, int]:
    """Return marks of units that change with accounts, own words and the code lists as well."""
    found = {key: mark ^ of_lists for key, mark in register_state.marks(connection).items()}
    for key, mark in chain(accounts.marks(connection), statements.marks(connection)):
        if key in found:
            found[key] ^= mark
    return found


def _seen(
    connection: Connection,
    units: Iterable[Organisation],
    years: Mapping[OrgId, tuple[Accounts, ...]],
    codes: Codes,
) -> Iterator[Supplier]:
    stated = statements.every(connection)
    for unit in units:
        own = stated.get(unit.id)
        yield Supplier(
            organisation=unit,
            accounts=years.get(unit.id, ()),
            profile=own_profile(own, codes),
            asked_to_be_shown=bool(own and own.shown),
        )


def _firms(connection: Connection, codes: Codes) -> Iterator[Firm]:
    units = organisations.iterate(connection)
    for one in _seen(connection, units, accounts.every(connection), codes):
        if one.may_be_listed:
            yield firm_of(one, codes)


class _Fetch:
    """Whole suppliers, read from the store when they are first asked for."""

    def __init__(self, store: Store, today: Callable[[], date], codes: Codes) -> None:
        self._store = store
        self._codes = codes
        self._today = today
        self._known: dict[OrgId, Supplier] = {}

    def __call__(self, wanted: Sequence[OrgId]) -> Mapping[OrgId, Supplier]:
        """Return those of ``wanted`` that the store has; threads may ask at once."""
        known = self._known
        if len(known) > _REMEMBERED:
            known = {org: known[org] for org in wanted if org in known}
            self._known = known
        # One by one: a difference of sets would go through all that are known.
        missing = list(dict.fromkeys(org for org in wanted if org not in known))
        for start in range(0, len(missing), _BATCH):
            self._read(missing[start : start + _BATCH], known)
        return {org: known[org] for org in wanted if org in known}

    def _read(self, orgs: Sequence[OrgId], known: dict[OrgId, Supplier]) -> None:
        with self._store.read() as connection:
            awards = organisations.past_awards(connection, orgs)
            years = accounts.of(connection, orgs)
            proven = evidence_known.valid(connection, self._today(), orgs=orgs)
            stated = statements.every(connection, orgs)
            for unit in register_state.units(connection, map(key_of, orgs)):
                known[unit.id] = supplier(
                    unit,
                    awards.get(unit.id, ()),
                    years.get(unit.id, ()),
                    proven.get(unit.id, ()),
                    stated.get(unit.id),
                    self._codes,
                )
