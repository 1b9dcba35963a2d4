"""A supplier's profile, filled from the register, for the supplier to correct."""

from __future__ import annotations

from dataclasses import dataclass

from procmatch import codes
from procmatch.matching.affinity import affinity, trades
from procmatch.matching.place import supplier_municipalities
from procmatch.matching.relevance.suggest import suggest_cpv
from procmatch.matching.size import turnover_nok
from procmatch.model.organisation import Organisation, OrgId
from procmatch.store import Store, accounts, evidence_known, organisations
from procmatch.workflows.ingest import Clock
from procmatch.workflows.market import supplier

__all__ = ["Profile", "profile_of"]

_CLASS, _CODES = 4, 6
#: A trade that answers a CPV class at least so well is worth suggesting.
_STRONG = 0.7
#: Of codes that words suggest, those at least so sure.
_SURE = 0.5
_COUNTY = 2
_ROUND = -5


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the register says of a supplier, in the terms of a subscription.

    Attributes:
        name: in the register. is_person: a sole proprietor.
        offers: *aktivitet*, else the label of its main trade.
        cpv: (eight digits, label) pairs that its words and trades suggest, likeliest first.
        municipalities: (number, name) pairs of where it works.
        counties: two digits of these.
        value_max: its yearly turnover, NOK, rounded; None when its accounts are not known.
        reserved: it is known to be a sheltered workplace, so it may bid on reserved contracts.
        language: *maalform*, ``nb`` or ``nn``.
    """

    org: OrgId
    name: str
    is_person: bool
    offers: str
    cpv: tuple[tuple[str, str], ...]
    municipalities: tuple[tuple[str, str], ...]
    counties: tuple[str, ...]
    value_max: int | None
    reserved: bool
    language: str


def profile_of(store: Store, org: OrgId, *, clock: Clock, language: str = "nb") -> Profile:
    """Return the profile of a register unit.

    Args:
        store: with the register.
        org: which unit.
        clock: evidence counts that holds today.
        language: of the labels: nb, nn or en.

    Raises:
        NotFound: the store has no such organisation.
    """
    with store.read() as connection:
        unit = organisations.find(connection, org)
        known = codes.from_entries(organisations.code_entries(connection))
        years = accounts.every(connection).get(org, ())
        proven = evidence_known.valid(connection, clock().date(), org=org).get(org, ())
    bidder = supplier(unit, years=years, evidence=proven)
    offers = unit.activity.strip() or _label(unit, known)
    places = supplier_municipalities(unit)
    turnover = turnover_nok(bidder)
    return Profile(
        org=org,
        name=unit.name,
        is_person=unit.is_person,
        offers=offers,
        cpv=_suggested(unit, offers, known, language),
        municipalities=tuple((number, _town(known, number)) for number in places),
        counties=tuple(dict.fromkeys(number[:_COUNTY] for number in places)),
        value_max=round(int(turnover), _ROUND) or None if turnover else None,
        reserved=any(fact.kind == "work_inclusion" for fact in bidder.evidence),
        language=unit.language or "nb",
    )


def _label(unit: Organisation, known: codes.Codes) -> str:
    main = unit.industry_codes[:1]
    return known.industry.label(main[0].revision, main[0].code) if main else ""


def _town(known: codes.Codes, number: str) -> str:
    town = known.places.municipality(number)
    return town.name if town else number


def _suggested(
    unit: Organisation, offers: str, known: codes.Codes, language: str
) -> tuple[tuple[str, str], ...]:
    """Put together what its words and what its trades suggest; words come first."""
    said = [code for code, certainty in suggest_cpv(offers) if certainty >= _SURE]
    own = trades(unit.industry_codes, known)
    classes = sorted(
        {code[:_CLASS] for code in known.cpv.labels if not code[:_CLASS].endswith("0")}
    )
    strong = [(affinity(code, own).strength, code) for code in classes]
    answered = [
        code.ljust(8, "0")
        for strength, code in sorted(strong, key=lambda pair: (-pair[0], pair[1]))
        if strength >= _STRONG
    ]
    found = list(dict.fromkeys((*said, *answered)))[:_CODES]
    return tuple((code, known.cpv.label(code, language)) for code in found)
