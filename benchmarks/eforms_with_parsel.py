"""The core fields of an eForms notice read with parsel, as a spider would; for comparison only.

Fields: notice and procedure id, version, notice type, language, legal basis, moment of dispatch;
buyers (technical id, name, number, city); title, CPV and value of the procedure; of every lot id,
title, description, nature, CPV codes, NUTS codes, value with currency, tender deadline, duration,
award criteria (type, name, weight) and selection criteria (type, description); of every award lot,
result, winners (name, number) and value. Selectors start at the nearest element, not at the root,
and namespaces are given once: no slower than need be. Nothing is checked.
"""

from __future__ import annotations

from typing import Any

from parsel import Selector

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


def _one(node: Selector, path: str) -> str | None:
    found = node.xpath(f"{path}/text()").get()
    return found.strip() if found else None


def _all(node: Selector, path: str) -> list[str]:
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


def read_with_parsel(body: bytes) -> dict[str, Any]:
    """Return the core fields as plain texts."""
    root = Selector(body=body, type="xml", namespaces=NAMESPACES).xpath("/*")[0]
    extension = root.xpath(_EXTENSION)[0]
    organisations = _organisations(extension)
    buyers = _all(root, "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID")
    lots = [_lot(node) for node in root.xpath("cac:ProcurementProjectLot")]
    projects = root.xpath("cac:ProcurementProject")
    return {
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
