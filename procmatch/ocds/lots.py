"""Lots, the items in them, and the documents of a tender."""

from __future__ import annotations

from collections.abc import Iterable

from procmatch.model.notice import Lot, Notice, NoticeKind, Term
from procmatch.model.values import Place
from procmatch.ocds.criteria import award_criteria, selection_criteria, sustainability
from procmatch.ocds.tables import DPS, FRAMEWORKS, NATURES, PERMISSIONS, RESERVED, UNIT_DAYS
from procmatch.ocds.values import (
    Json,
    address,
    end_of,
    instant,
    kept,
    language,
    link,
    money,
    plain,
    start_of,
    texts,
)

__all__ = ["addresses", "bidding_documents", "items", "lot_object"]

#: OCDS counts days in whole numbers of this size; a longer duration is a slip of the pen.
_MOST_DAYS = 2**31


def lot_object(lot: Lot, notice: Notice, status: str | None) -> Json:
    """Return a ``Lot``.

    Args:
        lot: the lot.
        notice: the notice it is in.
        status: of the lot, from the kind of notice and, in a result, from what came of it.

    Raises:
        NotExportable: a sum in no currency of ISO 4217.
    """
    main = notice.language
    return kept(
        id=lot.id,
        **texts("title", lot.title, main),
        **texts("description", lot.description, main),
        status=status,
        value=money(lot.value, notice, f"BT-27 {lot.id}"),
        mainProcurementCategory=NATURES.get(lot.nature or ""),
        tenderPeriod=kept(endDate=instant(lot.deadline)),
        enquiryPeriod=kept(endDate=instant(lot.question_deadline)),
        **_term(lot.term, main),
        awardCriteria=award_criteria(lot.award_criteria, main),
        selectionCriteria=selection_criteria(lot.selection_criteria, main),
        submissionMethodDetails=lot.submission_url,
        submissionTerms=_submission_terms(lot),
        suitability=kept(sme=lot.sme_suitable),
        otherRequirements=kept(
            reservedParticipation=list(
                dict.fromkeys(RESERVED[code] for code in lot.reserved if code in RESERVED)
            )
        ),
        contractTerms=kept(reservedExecution=lot.reserved_execution or None),
        techniques=_techniques(lot, notice),
        **sustainability(lot.strategic, main),
    )


def _submission_terms(lot: Lot) -> Json:
    return kept(
        languages=list(dict.fromkeys(language(code) for code in lot.tender_languages if code)),
        variantPolicy=PERMISSIONS.get(lot.variants or ""),
        electronicCatalogPolicy=PERMISSIONS.get(lot.electronic_catalogue or ""),
    )


def _techniques(lot: Lot, notice: Notice) -> Json:
    framework = kept(
        method=FRAMEWORKS.get(lot.framework or ""),
        maximumParticipants=lot.framework_participants,
        value=money(lot.framework_maximum, notice, f"BT-271 {lot.id}"),
    )
    system = kept(type=DPS.get(lot.dps or ""))
    return kept(
        hasFrameworkAgreement=True if lot.framework or framework else None,
        frameworkAgreement=framework,
        hasDynamicPurchasingSystem=True if lot.dps else None,
        dynamicPurchasingSystem=system,
    )


def _term(term: Term | None, main: str | None) -> Json:
    if term is None:
        return {}
    days = -1.0
    if term.length is not None and term.unit in UNIT_DAYS:
        days = term.length * UNIT_DAYS[term.unit]
    renewal = kept(
        maximumRenewals=term.renewals,
        description=plain(term.renewal_description, main),
    )
    return kept(
        contractPeriod=kept(
            startDate=start_of(term.start),
            endDate=end_of(term.end),
            durationInDays=round(days) if 0 <= days < _MOST_DAYS else None,
            description=term.other,
        ),
        hasRenewal=bool(term.renewals)
        if term.renewals is not None
        else (True if renewal else None),
        renewal=renewal if term.renewals != 0 else {},
    )


def addresses(places: Iterable[Place]) -> list[Json]:
    """Return the places as addresses, each once."""
    found: list[Json] = []
    for place in places:
        one = address(place)
        if one and one not in found:
            found.append(one)
    return found


def items(notice: Notice) -> list[Json]:
    """Return one item a lot, with its CPV codes and places; one of the whole where lots have none.

    The item of a lot has the lot's id, so that it is the same item in every release.
    """
    found = [
        _item(lot.id, lot.cpv, lot.places, relatedLot=lot.id if lot.kind == "lot" else None)
        for lot in notice.lots
        if lot.cpv or lot.places
    ]
    # An old correction has no lots of its own: what it corrects has.
    if found or notice.kind is NoticeKind.CHANGE:
        return found
    codes = tuple(filter(None, dict.fromkeys((notice.cpv_main, *notice.cpv_additional))))
    return [_item("procedure", codes, ())] if codes else []


def _item(
    key: str,
    codes: tuple[str, ...],
    places: tuple[Place, ...],
    relatedLot: str | None = None,  # noqa: N803 - the name of the field
) -> Json:
    classified = [{"scheme": "CPV", "id": code} for code in codes]
    return kept(
        id=key,
        classification=classified[0] if classified else None,
        additionalClassifications=classified[1:],
        deliveryAddresses=addresses(places),
        relatedLot=relatedLot,
    )


def bidding_documents(notice: Notice) -> list[Json]:
    """Return where the procurement documents are (BT-15, BT-615), one a web address."""
    found: dict[str, list[str]] = {}
    for lot in notice.lots:
        if lot.documents_url:
            found.setdefault(lot.documents_url, []).append(lot.id)
    whole = {lot.id for lot in notice.lots}
    return [
        kept(
            id=f"biddingDocuments-{position}",
            documentType="biddingDocuments",
            url=link(url),
            accessDetails=None if link(url) else url,
            relatedLots=lots if set(lots) != whole else [],
        )
        for position, (url, lots) in enumerate(found.items(), start=1)
    ]
