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
        said: activity, purpose and its own words; not its name.
        labels: of its industries.
        municipalities: where it works.
    """

    supplier: Supplier
    trades: tuple[tuple[str, float], ...]
    said: str
    labels: tuple[str, ...]
    municipalities: tuple[str, ...]

    @property
    def text(self) -> str:
        """All that is said of what it does, by itself and by its industries."""
        return " ".join(filter(None, (self.said, *self.labels)))


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
        said=" ".join(filter(None, (unit.activity, unit.purpose, supplier.profile))),
        labels=tuple(filter(None, labels)),
        municipalities=supplier_municipalities(unit),
    )
