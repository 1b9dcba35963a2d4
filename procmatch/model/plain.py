"""Notices as plain dictionaries, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime

from procmatch.model.notice import (
    Award,
    AwardCriterion,
    Change,
    Lot,
    Notice,
    OrganisationRef,
    SelectionCriterion,
    Strategic,
    Term,
)
from procmatch.model.values import Money, Place, Text

__all__ = ["notice_as_dict"]


def notice_as_dict(notice: Notice) -> dict[str, object]:
    """Return a notice as JSON-ready values.

    Texts are strings in Norwegian where there is one, else in the first language; an absent text
    is None. Sums are ``{"amount": 1200000, "currency": "NOK"}``, excluding VAT. Moments are
    ``2026-06-11T22:00:00Z``, days ``2026-06-11``. ``places`` are NUTS codes and ``anyw``,
    ``anyw-cou``, ``anyw-eea``; ``localities`` the same places in full.
    """
    return {
        "source": notice.source,
        "source_id": notice.source_id,
        "notice_id": notice.notice_id,
        "version": notice.version,
        "procedure_id": notice.procedure_id,
        "subtype": notice.subtype,
        "kind": notice.kind.value,
        "notice_type": notice.notice_type,
        "sdk": notice.sdk,
        "regime": notice.regime,
        "legal_basis": notice.legal_basis,
        "language": notice.language,
        "languages": list(notice.languages),
        "dispatched_at": _moment(notice.dispatched_at),
        "published_on": _day(notice.published_on),
        **_changes(notice.changes),
        "title": _text(notice.title),
        "description": _text(notice.description),
        "nature": notice.nature,
        "procedure_type": notice.procedure_type,
        "buyers": [_organisation(one) for one in notice.buyers],
        "buyer_legal_types": list(notice.buyer_legal_types),
        "buyer_activities": list(notice.buyer_activities),
        "cpv_main": notice.cpv_main,
        "cpv_additional": list(notice.cpv_additional),
        **_places(notice.places),
        "value": _money(notice.value),
        "framework_maximum": _money(notice.framework_maximum),
        "total_value": _money(notice.total_value),
        "deadline": _moment(notice.deadline),
        "lots": [_lot(one) for one in notice.lots],
        "awards": [_award(one) for one in notice.awards],
        "previous_planning": list(notice.previous_planning),
        "withheld": list(notice.withheld),
    }


def _text(text: Text) -> str | None:
    return text.best() or None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _moment(value: datetime | None) -> str | None:
    return value.isoformat().replace("+00:00", "Z") if value else None


def _money(value: Money | None) -> dict[str, object] | None:
    if value is None:
        return None
    amount = value.amount
    return {
        "amount": int(amount) if amount == amount.to_integral_value() else float(amount),
        "currency": value.currency,
    }


def _changes(change: Change | None) -> dict[str, object]:
    if change is None:
        return {"changes": None, "change_reason": None}
    return {
        "changes": change.notice,
        "change_reason": change.reason,
        "change_text": _text(change.text),
        "change_description": _text(change.description),
        "changed_sections": list(change.sections),
    }


def _places(places: Iterable[Place]) -> dict[str, object]:
    places = tuple(places)
    codes = (code for place in places for code in (place.nuts, place.region) if code)
    names = ("nuts", "region", "city", "postcode", "country")
    return {
        "places": list(dict.fromkeys(codes)),
        "localities": [{name: getattr(place, name) for name in names} for place in places],
    }


def _organisation(one: OrganisationRef) -> dict[str, object]:
    return {
        "name": one.name,
        "number": one.number,
        "number_as_printed": one.number_as_printed,
        "city": one.place.city if one.place else None,
        "postcode": one.place.postcode if one.place else None,
        "nuts": one.place.nuts if one.place else None,
        "country": one.place.country if one.place else None,
        "website": one.website,
        "size": one.size,
        "group_lead": one.group_lead,
    }


def _lot(lot: Lot) -> dict[str, object]:
    return {
        "id": lot.id,
        "kind": lot.kind,
        "title": _text(lot.title),
        "description": _text(lot.description),
        "nature": lot.nature,
        "cpv_main": lot.cpv_main,
        "cpv": list(lot.cpv),
        **_places(lot.places),
        "value": _money(lot.value),
        "framework_maximum": _money(lot.framework_maximum),
        "framework": lot.framework,
        "framework_participants": lot.framework_participants,
        "dps": lot.dps,
        "deadline": _moment(lot.deadline),
        "deadline_kind": lot.deadline_kind,
        "question_deadline": _moment(lot.question_deadline),
        "term": _term(lot.term),
        "reserved": "+".join(lot.reserved) or None,
        "reserved_execution": lot.reserved_execution,
        "sme_suitable": lot.sme_suitable,
        "award_criteria": [_award_criterion(one) for one in lot.award_criteria],
        "selection_criteria": [_selection_criterion(one) for one in lot.selection_criteria],
        "strategic": _strategic(lot.strategic),
        "variants": lot.variants,
        "electronic_catalogue": lot.electronic_catalogue,
        "guarantee_required": lot.guarantee_required,
        "documents_url": lot.documents_url,
        "submission_url": lot.submission_url,
        "tender_languages": list(lot.tender_languages),
    }


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value


def _term(term: Term | None) -> dict[str, object] | None:
    if term is None:
        return None
    return {
        "length": _number(term.length),
        "unit": term.unit,
        "start": _day(term.start),
        "end": _day(term.end),
        "other": term.other,
        "renewals": term.renewals,
        "renewal_description": _text(term.renewal_description),
    }


def _award_criterion(one: AwardCriterion) -> dict[str, object]:
    return {
        "type": one.type,
        "name": _text(one.name),
        "description": _text(one.description),
        "weight": _number(one.weight),
        "weight_kind": one.weight_kind,
    }


def _selection_criterion(one: SelectionCriterion) -> dict[str, object]:
    return {
        "type": one.type,
        "name": _text(one.name),
        "description": _text(one.description),
        "source": one.source,
    }


def _strategic(one: Strategic) -> dict[str, object]:
    codes: dict[str, object] = {
        each.name: list(getattr(one, each.name))
        for each in fields(one)
        if each.name != "description"
    }
    return {**codes, "description": _text(one.description)}


def _award(award: Award) -> dict[str, object]:
    return {
        "lot": award.lot,
        "result": award.result,
        "reason": award.reason,
        "winners": [_organisation(one) for one in award.winners],
        "value": _money(award.value),
        "framework_maximum": _money(award.framework_maximum),
        "tenders_received": award.tenders_received,
        "received": dict(award.received),
        "concluded_on": _day(award.concluded_on),
        "contract_title": award.contract_title,
        "contract_id": award.contract_id,
        "in_framework": award.in_framework,
        "tender_id": award.tender_id,
        "subcontracted": award.subcontracted,
    }
