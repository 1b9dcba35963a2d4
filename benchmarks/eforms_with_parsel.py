"""The fields of an eForms notice read with parsel, as a spider would; for comparison only.

Core fields: notice and procedure id, version, notice type, language, legal basis, moment of
dispatch; buyers (technical id, name, number, city); title, CPV and value of the procedure; of every
lot id, title, description, nature, CPV codes, NUTS codes, value with currency, tender deadline,
duration, award criteria (type, name, weight) and selection criteria (type, description); of every
award lot, result, winners (name, number) and value.

With ``more`` also the other fields that ``procmatch.sources.eforms.read`` reads: additional
languages, subtype, day of publication, changes, procedure type, the buyers' types and activities,
secret fields, the whole address, website and size of organisations; of a lot the other deadlines,
framework and dynamic purchasing, renewals, start and end, reservations, variants, catalogue,
guarantee, addresses of documents and of tendering, languages of tenders, strategic markers, names
of selection criteria, kinds of weights; of a result the total, counts of tenders and reasons, of an
award contract, day and rank.

Selectors start at the nearest element, not at the root, and namespaces are given once: no slower
than need be. Nothing is checked.
"""

from __future__ import annotations

from typing import Any

from parsel import Selector, SelectorList

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_EU = "http://data.europa.eu/p27/eforms-"
NAMESPACES = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
    "ext": f"{_UBL}CommonExtensionComponents-2",
    "efac": f"{_EU}ubl-extension-aggregate-components/1",
    "efbc": f"{_EU}ubl-extension-basic-components/1",
    "efext": f"{_EU}ubl-extensions/1",
}
_EXTENSION = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension"


def _one(node: Selector | SelectorList[Selector], path: str) -> str | None:
    found = node.xpath(f"{path}/text()").get()
    return found.strip() if found else None


def _all(node: Selector | SelectorList[Selector], path: str) -> list[str]:
    return [one.strip() for one in node.xpath(f"{path}/text()").getall()]


def _project(node: Selector) -> dict[str, Any]:
    item = "cbc:ItemClassificationCode"
    amount = node.xpath("cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount")
    return {
        "title": _one(node, "cbc:Name"),
        "cpv_main": _one(node, f"cac:MainCommodityClassification/{item}"),
        "cpv_additional": _all(node, f"cac:AdditionalCommodityClassification/{item}"),
        "value": (amount.xpath("text()").get(), amount.xpath("@currencyID").get()),
    }


def _lot(node: Selector) -> dict[str, Any]:
    projects = node.xpath("cac:ProcurementProject")
    project = projects[0] if projects else node
    terms = node.xpath("cac:TenderingTerms")
    deadline = node.xpath("cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod")
    duration = project.xpath("cac:PlannedPeriod/cbc:DurationMeasure")
    criteria = terms.xpath(
        "cac:AwardingTerms/cac:AwardingCriterion/cac:SubordinateAwardingCriterion"
    )
    weight = f"{_EXTENSION}/efac:AwardCriterionParameter/efbc:ParameterNumeric"
    return {
        "id": _one(node, "cbc:ID"),
        **_project(project),
        "description": _one(project, "cbc:Description"),
        "nature": _one(project, "cbc:ProcurementTypeCode"),
        "nuts": _all(project, "cac:RealizedLocation/cac:Address/cbc:CountrySubentityCode"),
        "deadline": (
            deadline.xpath("cbc:EndDate/text()").get(),
            deadline.xpath("cbc:EndTime/text()").get(),
        ),
        "duration": (duration.xpath("text()").get(), duration.xpath("@unitCode").get()),
        "award_criteria": [
            (
                _one(one, "cbc:AwardingCriterionTypeCode"),
                _one(one, "cbc:Name"),
                _one(one, weight),
            )
            for one in criteria
        ],
        "selection_criteria": [
            (
                _one(one, "cbc:TendererRequirementTypeCode|cbc:CriterionTypeCode"),
                _one(one, "cbc:Description"),
            )
            for one in terms.xpath(f"{_EXTENSION}/efac:SelectionCriteria")
        ],
    }


def _more_of_lot(node: Selector) -> dict[str, Any]:
    project, terms = node.xpath("cac:ProcurementProject"), node.xpath("cac:TenderingTerms")
    process = node.xpath("cac:TenderingProcess")
    period = project.xpath("cac:PlannedPeriod")
    interest = f"{_EXTENSION}/efac:InterestExpressionReceptionPeriod"
    return {
        "deadlines": [
            (_all(process, f"{one}/cbc:EndDate"), _all(process, f"{one}/cbc:EndTime"))
            for one in (
                "cac:ParticipationRequestReceptionPeriod",
                "cac:AdditionalInformationRequestPeriod",
                interest,
            )
        ],
        "systems": _listed(process, "cac:ContractingSystem/cbc:ContractingSystemTypeCode"),
        "participants": _all(process, "cac:FrameworkAgreement/cbc:MaximumOperatorQuantity"),
        "earlier": _all(process, "cac:NoticeDocumentReference/cbc:ID"),
        "maximum": _all(
            project, f"cac:RequestedTenderTotal/{_EXTENSION}/efbc:FrameworkMaximumAmount"
        ),
        "places": [_address(one) for one in project.xpath("cac:RealizedLocation/cac:Address")],
        "start": _all(period, "cbc:StartDate"),
        "end": _all(period, "cbc:EndDate"),
        "other": _all(period, "cbc:DescriptionCode"),
        "renewals": _all(project, "cac:ContractExtension/cbc:MaximumNumberNumeric"),
        "renewal": _all(project, "cac:ContractExtension/cac:Renewal/cac:Period/cbc:Description"),
        "sme": _all(project, "cbc:SMESuitableIndicator"),
        "strategic": _listed(project, "cac:ProcurementAdditionalType/cbc:ProcurementTypeCode"),
        "requirements": _listed(
            terms,
            "cac:TendererQualificationRequest/cac:SpecificTendererRequirement"
            "/cbc:TendererRequirementTypeCode",
        ),
        "execution": _listed(
            terms, "cac:ContractExecutionRequirement/cbc:ExecutionRequirementCode"
        ),
        "variants": _all(terms, "cbc:VariantConstraintCode"),
        "guarantee": _all(terms, "cac:RequiredFinancialGuarantee/cbc:GuaranteeTypeCode"),
        "documents": [
            (
                _one(one, "cbc:DocumentType"),
                _one(one, "cac:Attachment/cac:ExternalReference/cbc:URI"),
            )
            for one in terms.xpath("cac:CallForTendersDocumentReference")
        ],
        "submission": _all(terms, "cac:TenderRecipientParty/cbc:EndpointID"),
        "languages": _all(terms, "cac:Language/cbc:ID"),
        "weights": _listed(
            terms,
            "cac:AwardingTerms/cac:AwardingCriterion/cac:SubordinateAwardingCriterion/"
            f"{_EXTENSION}/efac:AwardCriterionParameter/efbc:ParameterCode",
        ),
        "selection": [
            (_one(one, "cbc:Name"), _one(one, "cbc:CalculationExpressionCode"))
            for one in terms.xpath(f"{_EXTENSION}/efac:SelectionCriteria")
        ],
    }


def _listed(node: Selector | SelectorList[Selector], path: str) -> list[tuple[str | None, ...]]:
    return [(one.xpath("@listName").get(), one.xpath("text()").get()) for one in node.xpath(path)]


def _address(node: Selector) -> dict[str, str | None]:
    return {
        "nuts": _one(node, "cbc:CountrySubentityCode"),
        "region": _one(node, "cbc:Region"),
        "city": _one(node, "cbc:CityName"),
        "postcode": _one(node, "cbc:PostalZone"),
        "country": _one(node, "cac:Country/cbc:IdentificationCode"),
    }


def _more_of_notice(root: Selector, extension: Selector) -> dict[str, Any]:
    changes = extension.xpath("efac:Changes")
    result = extension.xpath("efac:NoticeResult")
    party = root.xpath("cac:ContractingParty")
    project = root.xpath("cac:ProcurementProject")
    companies = extension.xpath("efac:Organizations/efac:Organization/efac:Company")
    return {
        "customization": _one(root, "cbc:CustomizationID"),
        "languages": _all(root, "cac:AdditionalNoticeLanguage/cbc:ID"),
        "subtype": _one(extension, "efac:NoticeSubType/cbc:SubTypeCode"),
        "published": _one(extension, "efac:Publication/efbc:PublicationDate"),
        "changes": (
            _all(changes, "efbc:ChangedNoticeIdentifier"),
            _all(changes, "efac:ChangeReason/cbc:ReasonCode"),
            _all(changes, "efac:ChangeReason/efbc:ReasonDescription"),
            _all(changes, "efac:Change/efbc:ChangeDescription"),
            _all(changes, "efac:Change/efac:ChangedSection/efbc:ChangedSectionIdentifier"),
        ),
        "procedure": _all(root, "cac:TenderingProcess/cbc:ProcedureCode"),
        "types": _listed(party, "cac:ContractingPartyType/cbc:PartyTypeCode"),
        "activities": _all(party, "cac:ContractingActivity/cbc:ActivityTypeCode"),
        "secret": root.xpath("//efbc:FieldIdentifierCode/text()").getall(),
        "description": _all(project, "cbc:Description"),
        "nature": _all(project, "cbc:ProcurementTypeCode"),
        "places": [_address(one) for one in project.xpath("cac:RealizedLocation/cac:Address")],
        "addresses": [
            (
                [_address(address) for address in one.xpath("cac:PostalAddress")],
                _one(one, "cbc:WebsiteURI"),
                _one(one, "efbc:CompanySizeCode"),
            )
            for one in companies
        ],
        "lots": [_more_of_lot(node) for node in root.xpath("cac:ProcurementProjectLot")],
        "total": _all(result, "cbc:TotalAmount"),
        "results": [
            (
                _all(one, "efac:DecisionReason/efbc:DecisionReasonCode"),
                _all(one, "efac:FrameworkAgreementValues/cbc:MaximumValueAmount"),
                _all(one, "efac:ReceivedSubmissionsStatistics/efbc:StatisticsCode"),
                _all(one, "efac:ReceivedSubmissionsStatistics/efbc:StatisticsNumeric"),
            )
            for one in result.xpath("efac:LotResult")
        ],
        "tenders": [
            (_one(one, "cbc:RankCode"), _all(one, "efac:SubcontractingTerm/efbc:TermCode"))
            for one in result.xpath("efac:LotTender")
        ],
        "contracts": [
            (
                _one(one, "cbc:IssueDate"),
                _one(one, "cbc:Title"),
                _one(one, "efac:ContractReference/cbc:ID"),
                _one(one, "efbc:ContractFrameworkIndicator"),
            )
            for one in result.xpath("efac:SettledContract")
        ],
    }


def _organisations(extension: Selector) -> dict[str | None, dict[str, Any]]:
    found = {}
    for node in extension.xpath("efac:Organizations/efac:Organization/efac:Company"):
        ref = _one(node, "cac:PartyIdentification/cbc:ID")
        found[ref] = {
            "ref": ref,
            "name": _one(node, "cac:PartyName/cbc:Name"),
            "number": _one(node, "cac:PartyLegalEntity/cbc:CompanyID"),
            "city": _one(node, "cac:PostalAddress/cbc:CityName"),
        }
    return found


def _awards(result: Selector, organisations: dict[str | None, Any]) -> list[dict[str, Any]]:
    parties = {
        _one(node, "cbc:ID"): _all(node, "efac:Tenderer/cbc:ID")
        for node in result.xpath("efac:TenderingParty")
    }
    tenders = {
        _one(node, "cbc:ID"): (
            _one(node, "cac:LegalMonetaryTotal/cbc:PayableAmount"),
            _one(node, "efac:TenderingParty/cbc:ID"),
        )
        for node in result.xpath("efac:LotTender")
    }
    awards = []
    for node in result.xpath("efac:LotResult"):
        for tender in _all(node, "efac:LotTender/cbc:ID"):
            value, party = tenders.get(tender, (None, None))
            awards.append(
                {
                    "lot": _one(node, "efac:TenderLot/cbc:ID"),
                    "result": _one(node, "cbc:TenderResultCode"),
                    "value": value,
                    "winners": [organisations.get(one) for one in parties.get(party, ())],
                }
            )
    return awards


def read_with_parsel(body: bytes, *, more: bool = False) -> dict[str, Any]:
    """Return the core fields, or with ``more`` all that we read, as plain texts."""
    root = Selector(body=body, type="xml", namespaces=NAMESPACES).xpath("/*")[0]
    extension = root.xpath(_EXTENSION)[0]
    organisations = _organisations(extension)
    buyers = _all(root, "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID")
    lots = [_lot(node) for node in root.xpath("cac:ProcurementProjectLot")]
    projects = root.xpath("cac:ProcurementProject")
    return {
        "more": _more_of_notice(root, extension) if more else None,
        "notice_id": _one(root, "cbc:ID"),
        "version": _one(root, "cbc:VersionID"),
        "procedure_id": _one(root, "cbc:ContractFolderID"),
        "type": _one(root, "cbc:NoticeTypeCode"),
        "language": _one(root, "cbc:NoticeLanguageCode"),
        "legal_basis": _one(root, "cbc:RegulatoryDomain"),
        "dispatched": (_one(root, "cbc:IssueDate"), _one(root, "cbc:IssueTime")),
        "buyers": [organisations.get(one, {"ref": one}) for one in buyers],
        "project": _project(projects[0]) if projects else None,
        "lots": [lot for lot in lots if not (lot["id"] or "").startswith("GLO")],
        "awards": [
            award
            for result in extension.xpath("efac:NoticeResult")
            for award in _awards(result, organisations)
        ],
    }
