"""The market as the store knows it: suppliers, code lists, open lots and where they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from procmatch import codes
from procmatch.matching import (
    RelevancePolicy,
    SupplierIndex,
    policy_from,
    size_class,
    size_classes,
)
from procmatch.model.organisation import Accounts, Evidence, Organisation, OrgId, Supplier
from procmatch.model.values import Place
from procmatch.settings import Settings
from procmatch.store import Store, accounts, evidence_known, notices, organisations
from procmatch.store.notices import StoredNotice
from procmatch.workflows.readers.base import Clock
from procmatch.workflows.register_facts import register_facts

__all__ = ["Market", "OpenTender", "load_market", "supplier", "tender"]


_SHOWN_COUNTIES = 3


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What matching needs, read once from the store."""

    index: SupplierIndex
    codes: codes.Codes
    policy: RelevancePolicy
    radius_km: float

    def place_label(self, place: Place, _language: str) -> str:
        """Name a place of which a notice prints only a region: its county or counties."""
        places = self.codes.places
        within = places.municipalities_in(place.nuts or "")
        counties = sorted({places.municipalities[number].county for number in within})
        if not counties or len(counties) > _SHOWN_COUNTIES:
            return ""
        return ", ".join(places.counties.get(county, county) for county in counties)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTender:
    """An open competition and the municipality of its buyer, if the buyer is linked."""

    stored: StoredNotice
    buyer_municipality: str | None


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


def load_market(store: Store, settings: Settings, clock: Clock = _now) -> Market:
    """Read suppliers and code lists. Sole proprietors are persons and stay out of lists.

    Args:
        store: holds the register.
        settings: the ranking policy and the radius.
        clock: aware UTC now; evidence counts that holds on that day.
    """
    policy = policy_from(settings.policy, past_awards=settings.past_awards)
    with store.read() as connection:
        known = codes.from_entries(organisations.code_entries(connection))
        awards = organisations.past_awards(connection)
        years = accounts.every(connection)
        proven = evidence_known.valid(connection, clock().date())
        bidders = [
            supplier(unit, awards.get(unit.id, ()), years.get(unit.id, ()), proven.get(unit.id, ()))
            for unit in organisations.iterate(connection)
            if not unit.is_person
        ]
    return Market(
        index=SupplierIndex.build(bidders, codes=known),
        codes=known,
        policy=policy,
        radius_km=settings.radius_km,
    )


def _buyer_municipality(connection: Connection, notice: int) -> str | None:
    for party in notices.parties_of(connection, notice):
        if party.role == "buyer" and party.org:
            unit = organisations.find(connection, OrgId(party.register, party.org))
            return unit.business_place.municipality
    return None


def tender(connection: Connection, stored: StoredNotice) -> OpenTender:
    """Add the buyer's municipality to a stored notice."""
    return OpenTender(stored=stored, buyer_municipality=_buyer_municipality(connection, stored.row))
