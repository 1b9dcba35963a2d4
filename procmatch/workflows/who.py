"""Who could deliver: one notice and the register's file, no store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from procmatch.codes import builtin
from procmatch.codes.places import Places
from procmatch.insight.what_if import WhatIf
from procmatch.matching import SupplierIndex, match_lot, policy_from
from procmatch.matching.page import Part
from procmatch.matching.place import supplier_municipalities
from procmatch.model.notice import Notice
from procmatch.model.organisation import Organisation, OrgId
from procmatch.settings import Settings
from procmatch.sources import eforms, enhetsregisteret_csv
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import Market, supplier
from procmatch.workflows.what_if import in_one_or_parts

__all__ = ["Who", "who"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A notice, its lots with their suppliers, and the market they were sought in.

    Attributes:
        market: how many suppliers. unread: lines of the register that could not be read.
        together: all lots in one contract against the lots as they are; None for one lot.
        town: names the municipality where a supplier works, "" when not known.
    """

    notice: Notice
    parts: tuple[Part, ...]
    market: int
    unread: int
    together: WhatIf | None
    town: Callable[[OrgId], str]


def who(notice: Path, register: Path, *, settings: Settings, clock: Clock) -> Who:
    """Rank the suppliers of a register for each lot of a notice.

    Args:
        notice: an eForms file.
        register: Enhetsregisteret's file of all units as CSV, or a part of it.
        settings: the ranking policy and the radius.
        clock: aware UTC now, against which deadlines are held.

    Raises:
        SourceError: the notice, or the register as a whole, cannot be read.
        OSError: there is no such file.
    """
    read = eforms.read(notice.read_bytes())
    units: list[Organisation] = []
    unread = 0
    with register.open(encoding="utf-8-sig", newline="") as lines:
        for unit in enhetsregisteret_csv.read_units(lines):
            if not isinstance(unit, Organisation):
                unread += 1
            elif not unit.is_person:
                units.append(unit)
    codes = builtin()
    index = SupplierIndex.build([supplier(unit) for unit in units], codes=codes)
    home, policy = _home(read, units), policy_from(settings.policy)
    market = Market(index=index, codes=codes, policy=policy, radius_km=settings.radius_km)
    parts = [
        Part(
            lot=lot,
            found=match_lot(
                read,
                lot,
                index,
                codes=codes,
                policy=policy,
                now=clock(),
                radius_km=settings.radius_km,
                buyer_municipality=home,
                limit=None,
            ),
        )
        for lot in read.lots
    ]
    return Who(
        notice=read,
        parts=tuple(parts),
        market=len(index),
        unread=unread,
        together=in_one_or_parts(market, read, clock=clock, buyer_municipality=home)
        if len(read.lots) > 1
        else None,
        town=_towns(units, codes.places),
    )


def _home(notice: Notice, units: list[Organisation]) -> str | None:
    """Return the municipality of the first buyer that is in the register."""
    by_number = {unit.id.number: unit for unit in units}
    found = (by_number.get(buyer.number or "") for buyer in notice.buyers)
    return next((unit.business_place.municipality for unit in found if unit), None)


def _towns(units: list[Organisation], places: Places) -> Callable[[OrgId], str]:
    by_id = {unit.id: unit for unit in units}

    def town(org: OrgId) -> str:
        numbers = supplier_municipalities(by_id[org])
        known = [places.municipalities[one].name for one in numbers if one in places.municipalities]
        return known[0] if known else ""

    return town
