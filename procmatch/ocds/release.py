"""A notice as OCDS 1.1 releases with the extensions of the eForms profile."""

from __future__ import annotations

from dataclasses import replace

from procmatch.errors import NotExportable
from procmatch.model.notice import Lot, Notice, NoticeKind
from procmatch.ocds.award_ids import release_id
from procmatch.ocds.awards import awards_and_contracts, bids, lot_status
from procmatch.ocds.chain import Chain, Publication
from procmatch.ocds.lots import addresses, bidding_documents, items, lot_object
from procmatch.ocds.parties import parties, reference
from procmatch.ocds.tables import DOCUMENT_TYPES, METHODS, NATURES, TAGS, TENDER_STATUS
from procmatch.ocds.values import (
    Json,
    instant,
    kept,
    language,
    link,
    money,
    name_of,
    plain,
    start_of,
    texts,
)

__all__ = ["releases"]

_EU_ACT = "3"
_PLANNED = "planned"
_CANCELLED = "cancelled"
#: Fields of a lot that a tender does not have, or has as something else.
_LOT_ONLY = frozenset(("id", "awardCriteria", "hasAccessibilityCriteria"))


def releases(publication: Publication, chain: Chain) -> list[Json]:
    """Return the releases of a publication: one, or one a part of a plan.

    Each part of a plan is a contracting process of its own, as nobody knows yet whether it
    becomes a lot or a procedure.

    Raises:
        NotExportable: the notice has no date, no id, or a sum in no currency of ISO 4217.
    """
    notice = publication.notice
    parts = [lot for lot in notice.lots if lot.kind == "part"]
    if not parts:
        return [_release(publication, chain, chain.ocid, None)]
    return [
        _release(
            replace(publication, notice=replace(notice, lots=(part,))),
            chain,
            f"{chain.ocid}-{part.id}",
            part,
        )
        for part in parts
    ]


def _release(publication: Publication, chain: Chain, ocid: str, part: Lot | None) -> Json:
    notice = publication.notice
    date = instant(notice.dispatched_at) or start_of(notice.published_on)
    if date is None:
        raise NotExportable("no date", notice=name_of(notice), where="BT-05")
    if not notice.notice_id:
        raise NotExportable("no id", notice=name_of(notice), where="BT-701")
    awards, contracts = awards_and_contracts(notice, chain)
    buyer = notice.buyers[0] if notice.buyers else None
    return kept(
        ocid=ocid,
        id=release_id(notice),
        date=date,
        tag=_tags(notice, contracts=bool(contracts)),
        initiationType="tender",
        language=language(notice.language),
        parties=parties(notice, chain),
        buyer=reference(buyer, chain) if buyer else None,
        tender=_tender(notice, chain, part),
        awards=awards,
        contracts=contracts,
        bids=bids(notice),
        relatedProcesses=_related(publication, chain),
        withheldInformation=[
            {"id": f"{code}-{release_id(notice)}", "name": code}
            for code in dict.fromkeys(notice.withheld)
        ],
    )


def _tags(notice: Notice, *, contracts: bool) -> list[str]:
    first, correction, cancellation = TAGS[notice.kind]
    tags = first
    if notice.changes:
        tags = cancellation if notice.changes.cancels else correction
    spoken_of = contracts or notice.kind is not NoticeKind.RESULT
    return [tag for tag in tags if spoken_of or not tag.startswith("contract")]


def _status(notice: Notice) -> str | None:
    if notice.changes and notice.changes.cancels:
        return _CANCELLED
    status = TENDER_STATUS.get(notice.kind)
    results = {award.result for award in notice.awards}
    return "unsuccessful" if status == "complete" and results == {"clos-nw"} else status


def _tender(notice: Notice, chain: Chain, part: Lot | None) -> Json:
    main = notice.language
    status = _status(notice)
    method, words = METHODS.get(notice.procedure_type or "", (None, notice.procedure_type))
    ceiling = money(notice.framework_maximum, notice, "BT-271")
    framework = bool(ceiling) or any(lot.framework for lot in notice.lots)
    said = kept(
        id=part.id if part else notice.procedure_id or chain.procedure,
        **texts("title", notice.title, main),
        **texts("description", notice.description, main),
        status=status,
        value=money(notice.value, notice, "BT-27"),
        mainProcurementCategory=NATURES.get(notice.nature or ""),
        procurementMethod=method,
        procurementMethodDetails=words,
        legalBasis=_legal_basis(notice),
        deliveryAddresses=addresses(notice.places),
        techniques=kept(
            hasFrameworkAgreement=True if framework else None,
            frameworkAgreement=kept(value=ceiling),
        ),
        items=items(notice),
        documents=[*_notice_document(notice, chain), *bidding_documents(notice)],
        amendments=_amendments(notice, chain),
    )
    if part:
        return _of_part(said, lot_object(part, notice, status))
    lots = [lot_object(lot, notice, lot_status(lot, notice, status)) for lot in notice.lots]
    lots += _dropped(notice, chain)
    deadlines = [lot.deadline for lot in notice.lots if lot.deadline]
    # Lots may close on different days: then only they can say when.
    if len(deadlines) == len(notice.lots) and len(set(deadlines)) == 1:
        said["tenderPeriod"] = {"endDate": instant(deadlines[0])}
    return said | kept(lots=lots)


def _dropped(notice: Notice, chain: Chain) -> list[Json]:
    """Return the lots that a correction no longer has: merged releases would keep them open."""
    before = chain.before.get(release_id(notice))
    if before is None or not notice.lots or notice.awards:
        return []
    kept_on = {lot.id for lot in notice.lots}
    return [
        {"id": lot.id, "status": _CANCELLED}
        for lot in before.lots
        if lot.kind == "lot" and lot.id not in kept_on
    ]


def _of_part(tender: Json, lot: Json) -> Json:
    """Return the tender of a part of a plan: what the part says goes before the whole notice."""
    own = {name: value for name, value in lot.items() if name not in _LOT_ONLY}
    return {**tender, **own}


def _legal_basis(notice: Notice) -> Json:
    basis = notice.legal_basis or ""
    if not basis or basis.casefold() == "other":
        return {}
    return kept(scheme="CELEX" if basis.startswith(_EU_ACT) else None, id=basis)


def _notice_document(notice: Notice, chain: Chain) -> list[Json]:
    """Return the notice itself as a document, where its source has a page for it."""
    page = chain.options.pages.get(notice.source)
    if not page or not notice.source_id:
        return []
    return [
        kept(
            id=f"{notice.source}-{notice.source_id}",
            documentType=DOCUMENT_TYPES[notice.kind],
            url=link(page.format(id=notice.source_id)),
            datePublished=start_of(notice.published_on),
            language=language(notice.language),
        )
    ]


def _amendments(notice: Notice, chain: Chain) -> list[Json]:
    """Return what a correction changes (BT-758, 140, 141, 762, 13716)."""
    change = notice.changes
    if change is None:
        return []
    main = notice.language
    reason = [{"scheme": "eu-change-corrig-justification", "id": change.reason}]
    return [
        kept(
            id=release_id(notice),
            date=instant(notice.dispatched_at),
            **texts("rationale", change.text, main),
            rationaleClassifications=reason if change.reason else [],
            description=plain(change.description, main),
            amendsReleaseID=chain.releases.get(change.notice, change.notice),
            releaseID=release_id(notice),
            relatedLots=[one for one in dict.fromkeys(change.sections) if one.startswith("LOT")],
        )
    ]


def _related(publication: Publication, chain: Chain) -> list[Json]:
    """Return the plans that a notice follows (BT-125), by ocid where the plan is known.

    A plan of the same process is one of its own releases, and no other process.
    """
    found: list[Json] = []
    for printed in dict.fromkeys(publication.notice.previous_planning):
        procedure = publication.earlier.get(printed)
        if procedure == chain.procedure:
            continue
        ocid = chain.ocid_of(procedure) if procedure else None
        found.append(
            {
                "id": printed,
                "relationship": ["planning"],
                "scheme": "ocid" if ocid else "eu-oj",
                "identifier": ocid or printed,
            }
        )
    return found
