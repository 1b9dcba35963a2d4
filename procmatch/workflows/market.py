"""The market as the store knows it: suppliers, code lists, open lots and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from procmatch import codes
from procmatch.matching import RelevancePolicy, SupplierIndex, policy_from
from procmatch.model.organisation import OrgId
from procmatch.model.values import Place
from procmatch.settings import Settings
from procmatch.store import Store, notices, organisations
from procmatch.store.notices import StoredNotice
from procmatch.workflows.firm_index import firm_folder, open_suppliers, supplier
from procmatch.workflows.past_awards import past_awards
from procmatch.workflows.readers.base import Clock

__all__ = ["Market", "OpenTender", "load_market", "supplier", "tender"]


_SHOWN_COUNTIES = 3


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What matching needs; whole suppliers are read when they are shown."""

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


def load_market(store: Store, settings: Settings, clock: Clock = _now) -> Market:
    """Open the market: its firms laid out for search, their whole records in the store.

    Args:
        store: holds the register.
        settings: the ranking policy, the radius, and where the firms are kept.
        clock: aware UTC now; evidence counts that holds on that day.
    """
    with store.read() as connection:
        known = codes.from_entries(organisations.code_entries(connection))
    return Market(
        index=open_suppliers(
            store,
            codes=known,
            today=lambda: clock().date(),
            folder=firm_folder(settings, store),
            awards=past_awards(store, known) if settings.past_awards else (),
        ),
        codes=known,
        policy=policy_from(settings.policy, past_awards=settings.past_awards),
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
