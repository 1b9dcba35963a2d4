"""One supplier prepared for matching: what it does, where, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from procmatch.codes import Codes
from procmatch.matching.affinity import trades
from procmatch.matching.place import supplier_municipalities
from procmatch.model.organisation import IndustryCode, Supplier

__all__ = ["Profile", "industries", "profile"]


@dataclass(frozen=True, slots=True)
class Profile:
    """One supplier as matching sees it.

    Attributes:
        supplier: in full.
        trades: SN2025 (code, weight).
        text: activity, purpose, its own words and the labels of its industries; not its name.
        municipalities: where it works.
    """

    supplier: Supplier
    trades: tuple[tuple[str, float], ...]
    text: str
    municipalities: tuple[str, ...]


def industries(supplier: Supplier) -> tuple[IndustryCode, ...]:
    """Return the industries of a supplier and of its establishments, the main one first."""
    unit = supplier.organisation
    own = (*unit.industry_codes, *(one for at in unit.establishments for one in at.industry_codes))
    return tuple(dict.fromkeys(own))


def profile(supplier: Supplier, codes: Codes) -> Profile:
    """Prepare one supplier."""
    unit = supplier.organisation
    own = industries(supplier)
    labels = (codes.industry.label(one.revision, one.code) for one in own)
    return Profile(
        supplier=supplier,
        trades=trades(own, codes),
        text=" ".join(filter(None, (unit.activity, unit.purpose, supplier.profile, *labels))),
        municipalities=supplier_municipalities(unit),
    )
