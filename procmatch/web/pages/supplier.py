"""One firm: what the register and evidence say, what is open for it, what it won."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import day, phrase
from procmatch.codes.evidence import kinds
from procmatch.codes.orgnr import clean
from procmatch.errors import CodeError, NotFound
from procmatch.insight.spend import where
from procmatch.matching.inspection import grade
from procmatch.matching.size import newest_accounts, size_said
from procmatch.model.match import Verdict
from procmatch.model.organisation import NORWAY, Evidence, Organisation, OrgId, OrgStatus, Supplier
from procmatch.text.messages import say
from procmatch.web.context import Context
from procmatch.web.forms import place_name
from procmatch.workflows.supplier_view import open_lots, past_wins, view_stated, view_supplier

__all__ = ["STATUS", "add", "org_of", "said_more", "website_of"]

_SITE = re.compile(r"(?:https?://)?([\w.-]+\.[a-z]{2,}(?:/[\w./%-]*)?)", re.IGNORECASE)
_REGISTER = "https://virksomhet.brreg.no/nb/oppslag/enheter/{number}"
_LOTS, _FITS = 10, 0.3
STATUS = {
    OrgStatus.ACTIVE: "Active",
    OrgStatus.BANKRUPT: "Bankrupt",
    OrgStatus.DISSOLVING: "Being wound up",
    OrgStatus.RECONSTRUCTION: "Under reconstruction",
    OrgStatus.DELETED: "Deleted from the register",
}


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/supplier/{number}")
    def supplier(request: Request, number: str) -> Response:
        language = context.language(request)
        bidder = view_supplier(context.store, org_of(context, number), context.clock)
        unit = bidder.organisation
        now = context.now
        lots = [
            one
            for one in open_lots(context.store, bidder, now, context.clock)
            if one[2].verdict is not Verdict.NOT and one[2].score >= _FITS
        ]
        newest = newest_accounts(bidder)
        towns = [_town(context, place) for place in sorted(where(unit))]
        answer = context.show(
            request,
            "supplier",
            unit=unit,
            town=_town(context, unit.business_place.municipality or ""),
            standing=phrase(STATUS[unit.status], language),
            trades=_trades(context, unit, language),
            employees=_staff(unit, language),
            size=say(size_said(bidder), language),
            turnover=newest.turnover if newest and newest.currency == "NOK" else None,
            turnover_year=newest.year if newest else None,
            places=towns,
            website=website_of(unit.website or ""),
            register=_REGISTER.format(number=unit.id.number),
            evidence=_evidence(bidder, language),
            lots=lots[:_LOTS],
            wins=past_wins(context.store, bidder),
            stated=view_stated(context.store, unit.id),
            serves=partial(place_name, context.places),
            label=lambda code: now.market.codes.cpv.label(code, language),
            contact=context.settings.contact,
        )
        # A firm that has just hidden or corrected itself looks here first.
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def org_of(context: Context, number: str) -> OrgId:
    """Return the firm asked for. Raises NotFound where it is none, or asked not to be shown."""
    try:
        org = OrgId(NORWAY, clean(number))
    except CodeError:
        raise NotFound("not an organisation number") from None
    if org.number in context.now.hidden:
        raise NotFound("not shown")
    return org


def _town(context: Context, number: str) -> str:
    town = context.places.municipality(number) if number else None
    return town.name if town else ""


def _trades(context: Context, unit: Organisation, language: str) -> Sequence[str]:
    industry = context.now.market.codes.industry
    return [industry.label(one.revision, one.code, language) for one in unit.industry_codes]


def _staff(unit: Organisation, language: str) -> str:
    if unit.employees is not None:
        return str(unit.employees)
    return phrase("1 to 4", language) if unit.has_employees else ""


def website_of(printed: str) -> str:
    """Return the address of a firm's site, ``""`` where what the register prints is none."""
    found = _SITE.fullmatch(printed.strip())
    return f"https://{found[1]}" if found else ""


def _evidence(bidder: Supplier, language: str) -> Sequence[dict[str, str | Evidence]]:
    known = kinds()
    return [
        {
            "fact": fact,
            "label": known[fact.kind].labels[language] if fact.kind in known else fact.kind,
            "text": said_more(fact, language),
        }
        for fact in bidder.evidence
    ]


def said_more(fact: Evidence, language: str) -> str:
    """Return what a source says more: of a food inspection its grade and day, in words."""
    found = grade(fact)
    if found is None:
        return fact.text
    said = say(found, language)
    return f"{said}, {day(fact.valid_from, language)}" if fact.valid_from else said
