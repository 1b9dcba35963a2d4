"""A buyer's own ledger: what went to whom, how much of it stayed nearby, and what could have.

The ledger's lines become :class:`~procmatch.insight.shares.Purchase` rows, so that shares are added
up in one way for awards and for spending. A line whose supplier is not certain stays in the whole
as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol, Required, TypedDict, TypeVar

from procmatch.insight.shares import Measure, Purchase, Question, Share, share
from procmatch.insight.small import is_small
from procmatch.model.organisation import Organisation, OrgId, Supplier

__all__ = ["Leak", "as_purchase", "leakage", "purchases", "where"]

_GREEN = {"social", "green", "innovative"}
_DIVISION, _COUNTY = 2, 2


class Line(Protocol):
    """A line of a ledger, as read or as stored; see :class:`procmatch.model.ledger.LedgerLine`."""

    @property
    def row(self) -> int:
        """In the file."""

    @property
    def supplier(self) -> str | None:
        """As written; None where it is not kept."""

    @property
    def amount(self) -> Decimal:
        """NOK excl. VAT."""

    @property
    def unit(self) -> str:
        """That bought."""

    @property
    def day(self) -> date | None:
        """When."""


AnyLine = TypeVar("AnyLine", bound=Line)


def where(unit: Organisation) -> frozenset[str]:
    """Return the municipalities in which an organisation works; its own where none is told."""
    open_places = [one for one in unit.establishments if one.closed_on is None]
    working = {one.place.municipality for one in open_places if one.place.municipality}
    own = unit.business_place.municipality
    return frozenset(working or ({own} if own else ()))


def purchases(
    lines: Iterable[AnyLine],
    who: Callable[[AnyLine], Supplier | None],
    municipality: str,
) -> list[Purchase]:
    """Return the lines as purchases, all of them.

    Args:
        lines: of the ledger.
        who: the supplier of a line, None where it is not certain.
        municipality: four digits, of the buyer; its first two name the county.
    """
    # A ledger pays the same suppliers over and over: each is looked at once.
    told: dict[OrgId, _Told] = {}
    found = []
    for line in lines:
        supplier = who(line)
        known: _Told = {"category": ""}
        if supplier is not None:
            org = supplier.organisation.id
            if org not in told:
                told[org] = _told(supplier, municipality)
            known = told[org]
        year = line.day.year if line.day else None
        found.append(
            Purchase(
                key=str(line.row),
                year=year,
                unit=line.unit,
                name=line.supplier or "",
                value=line.amount,
                **known,
            )
        )
    return found


def as_purchase(base: Purchase, supplier: Supplier | None, municipality: str) -> Purchase:
    """Return a purchase with what is known of its supplier; as it is where nobody is certain.

    Args:
        base: what is known without the supplier; a category that it has stays.
        supplier: who it went to.
        municipality: four digits, of the buyer (two: a county, and then local means in it).
    """
    if supplier is None:
        return base
    told = _told(supplier, municipality)
    told["category"] = base.category or told["category"]
    return replace(base, **told)


class _Told(TypedDict, total=False):
    """What a supplier's record says of a purchase from it; see :class:`Purchase`."""

    category: Required[str]
    supplier: str
    small: bool | None
    local: bool | None
    regional: bool | None
    evidence: bool | None


def _told(supplier: Supplier, municipality: str) -> _Told:
    unit = supplier.organisation
    places = where(unit)
    trade = unit.industry_codes[0].code if unit.industry_codes else ""
    return {
        "category": trade[:_DIVISION],
        "supplier": unit.id.number,
        "small": is_small(supplier),
        "local": any(one.startswith(municipality) for one in places) if places else None,
        "regional": any(one[:_COUNTY] == municipality[:_COUNTY] for one in places)
        if places
        else None,
        # No evidence is unknown, never "no".
        "evidence": True if any(one.dimension in _GREEN for one in supplier.evidence) else None,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A category whose money leaves, and how many firms nearby are of the same trade.

    Attributes:
        category: industry division (SN2025, two digits).
        local: share of the value that went to firms of the municipality.
        away: NOK that went elsewhere for sure.
        nearby: firms of the trade in the municipality, or None when nobody counted them.
    """

    category: str
    local: Share
    away: Decimal
    nearby: int | None


def leakage(rows: Sequence[Purchase], nearby: Callable[[str], int] | None = None) -> list[Leak]:
    """Return the categories by how much left the municipality, most first.

    Args:
        rows: purchases; those without a category stand under ``""``.
        nearby: how many firms of a division work in the municipality.
    """
    groups: dict[str, list[Purchase]] = {}
    for row in rows:
        groups.setdefault(row.category, []).append(row)
    found = []
    for category, own in groups.items():
        local = share(own, Question.LOCAL, Measure.VALUE)
        count = nearby(category) if nearby and category else None
        found.append(Leak(category=category, local=local, away=local.no, nearby=count))
    return sorted(found, key=lambda one: (-one.away, one.category))
