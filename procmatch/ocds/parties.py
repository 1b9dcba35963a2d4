"""Buyers and winners: ``parties``, and the references to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from procmatch.model.notice import Notice, OrganisationRef
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.ocds.chain import Chain, Unit
from procmatch.ocds.values import Json, address, kept
from procmatch.text.normalise import fold

__all__ = ["WITHHELD_NAME", "parties", "reference", "suppliers"]

#: What stands where the name of a sole proprietor would.
WITHHELD_NAME = "Sole proprietor (name withheld)"

_REGISTERED = "https://data.brreg.no/enhetsregisteret/api/enheter/{number}"
_BUYER_TYPES = "TED_CA_TYPE"
_ACTIVITIES = "eu-main-activity"


def _id(party: OrganisationRef, chain: Chain) -> str:
    """Return the same id for the same organisation in every release of every procedure."""
    if withheld := chain.withheld_id(party):
        return withheld
    if unit := chain.unit_of(party):
        return f"{unit.id.register}-{unit.id.number}"
    if party.number:
        return f"{NORWAY}-{party.number}"
    country = (party.place.country if party.place else None) or ""
    digest = hashlib.sha256(f"{fold(party.name)}|{country}".encode()).hexdigest()
    return f"name-{digest[:16]}"


def reference(party: OrganisationRef, chain: Chain) -> Json:
    """Return an ``OrganizationReference``."""
    name = WITHHELD_NAME if chain.withheld_id(party) else party.name
    return {"id": _id(party, chain), "name": name}


def suppliers(winners: Iterable[OrganisationRef], chain: Chain) -> list[Json]:
    """Return references to the parties of a winning tender, each once."""
    return list({one["id"]: one for one in (reference(each, chain) for each in winners)}.values())


def parties(notice: Notice, chain: Chain) -> list[Json]:
    """Return everybody who has a role in a notice, each once, with all roles."""
    found: dict[str, Json] = {}
    several = len(notice.buyers) > 1
    for buyer in notice.buyers:
        roles = ["buyer", "leadBuyer"] if several and buyer.group_lead else ["buyer"]
        _add(found, _organisation(buyer, chain), roles)
    for buyer in notice.buyers[:1]:
        classified = [
            {"scheme": scheme, "id": code}
            for scheme, codes in (
                (_BUYER_TYPES, notice.buyer_legal_types),
                (_ACTIVITIES, notice.buyer_activities),
            )
            for code in dict.fromkeys(codes)
        ]
        # The codes of several buyers are printed without saying whose they are.
        if classified and not several:
            details = found[_id(buyer, chain)].setdefault("details", {})
            details["classifications"] = classified
    for award in notice.awards:
        for winner in award.winners:
            lead = len(award.winners) > 1 and winner.group_lead
            roles = ["supplier", "tenderer", *(["leadTenderer"] if lead else [])]
            _add(found, _organisation(winner, chain), roles)
    return list(found.values())


def _add(found: dict[str, Json], party: Json, roles: list[str]) -> None:
    known = found.setdefault(party["id"], party)
    known["roles"] = list(dict.fromkeys([*known.get("roles", ()), *roles]))


def _organisation(party: OrganisationRef, chain: Chain) -> Json:
    if withheld := chain.withheld_id(party):
        # A place as small as a postcode, and a website, would name the person.
        where = kept(**{**address(party.place), "locality": None, "postalCode": None})
        return kept(
            id=withheld,
            name=WITHHELD_NAME,
            address=where,
            details={"scale": "selfEmployed"},
        )
    unit = chain.unit_of(party)
    return kept(
        id=_id(party, chain),
        name=party.name,
        **_identifiers(party, unit, chain),
        address=address(party.place),
        details=kept(url=party.website, scale=party.size),
    )


def _identifiers(party: OrganisationRef, unit: Unit | None, chain: Chain) -> Json:
    """Return the register's number first; a printed one that differs from it beside."""
    if unit is None and party.number is None:
        # An unchecked number may be a person's: it is a company's in some countries only.
        printed = party.number_as_printed if chain.options.with_persons else None
        return kept(identifier=kept(id=printed))
    own = unit.id if unit else OrgId(NORWAY, party.number or "")
    beside = party.number if party.number not in {None, own.number} else None
    return kept(
        identifier=kept(
            scheme=own.register,
            id=own.number,
            legalName=unit.name if unit else None,
            uri=_REGISTERED.format(number=own.number) if own.register == NORWAY else None,
        ),
        additionalIdentifiers=[{"scheme": NORWAY, "id": beside}] if beside else [],
    )
