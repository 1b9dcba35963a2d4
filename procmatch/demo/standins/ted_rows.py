"""What TED's search index and notice pages hold of a notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from procmatch.demo.standins.notice_facts import Facts, is_norwegian

__all__ = ["FIELDS", "fields_of", "links_of", "ted_copy", "ted_row"]

_EXTENSION = "{http://data.europa.eu/p27/eforms-ubl-extensions/1}EformsExtension"
_EFAC = "{http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1}"
_EFBC = "{http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1}"
_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_BRUSSELS = ZoneInfo("Europe/Brussels")
_LAG = timedelta(days=2)
_LOT = "cac:ProcurementProjectLot[cbc:ID/@schemeName='Lot']"
_PROJECT = "cac:ProcurementProject"
_PLACE = "cac:RealizedLocation/cac:Address"
_CODE = "cbc:ItemClassificationCode"
_CRITERION = (
    f"{_LOT}/cac:TenderingTerms/cac:AwardingTerms/cac:AwardingCriterion"
    "/cac:SubordinateAwardingCriterion"
)
_SYSTEM = f"{_LOT}/cac:TenderingProcess/cac:ContractingSystem/cbc:ContractingSystemTypeCode"
_PERIOD = f"{_LOT}/cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod"
_REQUEST_PERIOD = f"{_LOT}/cac:TenderingProcess/cac:ParticipationRequestReceptionPeriod"
_VALUE = "cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"
_RESERVED = (
    f"{_LOT}/cac:TenderingTerms/cac:TendererQualificationRequest/cac:SpecificTendererRequirement"
    "/cbc:TendererRequirementTypeCode[@listName='reserved-procurement']"
)
_ADDITIONAL = f"{_LOT}/{_PROJECT}/cac:ProcurementAdditionalType/cbc:ProcurementTypeCode"

#: Fields with one value: name -> path.
_SINGLE = {
    "notice-identifier": "cbc:ID",
    "notice-version": "cbc:VersionID",
    "procedure-identifier": "cbc:ContractFolderID",
    "customization-id": "cbc:CustomizationID",
    "form-type": "cbc:NoticeTypeCode/@listName",
    "notice-type": "cbc:NoticeTypeCode",
    "notice-subtype": ".//efac:NoticeSubType/cbc:SubTypeCode",
    "procedure-type": "cac:TenderingProcess/cbc:ProcedureCode",
    "contract-nature-main-proc": f"{_PROJECT}/cbc:ProcurementTypeCode",
    "estimated-value-proc": f"{_PROJECT}/{_VALUE}",
    "estimated-value-cur-proc": f"{_PROJECT}/{_VALUE}/@currencyID",
    "change-notice-version-identifier": ".//efac:Changes/efbc:ChangedNoticeIdentifier",
    "legal-basis-notice": "cbc:RegulatoryDomain",
}
#: Fields with a list of values, which cannot be zipped with the lots.
_MANY = {
    "official-language": "cbc:NoticeLanguageCode",
    "identifier-lot": f"{_LOT}/cbc:ID",
    "classification-cpv": f".//{_PROJECT}/*/{_CODE}",
    "main-classification-proc": f"{_PROJECT}/cac:MainCommodityClassification/{_CODE}",
    "additional-classification-proc": f"{_PROJECT}/cac:AdditionalCommodityClassification/{_CODE}",
    "place-of-performance": f".//{_PLACE}/cbc:CountrySubentityCode"
    f" | .//{_PLACE}/cac:Country/cbc:IdentificationCode",
    "place-of-performance-city-lot": f"{_LOT}/{_PROJECT}/{_PLACE}/cbc:CityName",
    "estimated-value-lot": f"{_LOT}/{_PROJECT}/{_VALUE}",
    "framework-agreement-lot": f"{_SYSTEM}[@listName='framework-agreement']",
    "dps-usage-lot": f"{_SYSTEM}[@listName='dps-usage']",
    "reserved-procurement-lot": _RESERVED,
    "strategic-procurement-lot": f"{_ADDITIONAL}[@listName='strategic-procurement']",
    "social-objective-lot": f"{_ADDITIONAL}[@listName='social-objective']",
    "innovative-acquisition-lot": f"{_ADDITIONAL}[@listName='innovative-acquisition']",
    "green-procurement-criteria-lot": f"{_ADDITIONAL}[@listName='gpp-criteria']",
    "award-criterion-type-lot": f"{_CRITERION}/cbc:AwardingCriterionTypeCode",
    "award-criterion-number-lot": f"{_CRITERION}//efbc:ParameterNumeric",
    "award-criterion-number-weight-lot": f"{_CRITERION}//efbc:ParameterCode"
    "[@listName='number-weight']",
    "deadline-receipt-tender-date-lot": f"{_PERIOD}/cbc:EndDate",
    "deadline-receipt-tender-time-lot": f"{_PERIOD}/cbc:EndTime",
    "deadline-receipt-request-date-lot": f"{_REQUEST_PERIOD}/cbc:EndDate",
    "deadline-receipt-request-time-lot": f"{_REQUEST_PERIOD}/cbc:EndTime",
    "document-url-lot": f"{_LOT}/cac:TenderingTerms/cac:CallForTendersDocumentReference"
    "/cac:Attachment/cac:ExternalReference/cbc:URI",
    "buyer-legal-type": "cac:ContractingParty/cac:ContractingPartyType/cbc:PartyTypeCode"
    "[@listName='buyer-legal-type']",
    "winner-selection-status": ".//efac:LotResult/cbc:TenderResultCode",
    "tender-value": ".//efac:NoticeResult/efac:LotTender/cac:LegalMonetaryTotal/cbc:PayableAmount",
    "received-submissions-type-code": ".//efac:ReceivedSubmissionsStatistics/efbc:StatisticsCode",
    "received-submissions-type-val": ".//efac:ReceivedSubmissionsStatistics/efbc:StatisticsNumeric",
}
#: Fields by language: one text a language, and lists of texts a language.
_TEXT = {
    "title-proc": f"{_PROJECT}/cbc:Name",
    "description-proc": f"{_PROJECT}/cbc:Description",
}
_TEXTS = {
    "title-lot": f"{_LOT}/{_PROJECT}/cbc:Name",
    "description-lot": f"{_LOT}/{_PROJECT}/cbc:Description",
}
FIELDS = frozenset(
    {
        "publication-number",
        "publication-date",
        "dispatch-date",
        "buyer-name",
        "buyer-country",
        "buyer-city",
        "notice-title",
        "organisation-identifier-buyer",
        "winner-name",
        "winner-identifier",
        "winner-size",
        "sme-lot",
        "sme-part",
        "submission-url-lot",
        "contract-duration-period-lot",
        "selection-criterion-lot",
        "total-value",
        "links",
        *_SINGLE,
        *_MANY,
        *_TEXT,
        *_TEXTS,
    }
)
_PAGES = {"ENG": "en", "FRA": "fr", "DEU": "de", "SWE": "sv", "DAN": "da", "FIN": "fi"}


def _by_language(facts: Facts, path: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    texts, languages = facts.texts(path), facts.texts(f"{path}/@languageID")
    for text, language in zip(texts, languages, strict=False):
        found.setdefault(language.lower(), []).append(text)
    return found


def links_of(key: str) -> dict[str, dict[str, str]]:
    """Return the pages of a notice by form and language, which every answer holds."""
    site = "https://ted.europa.eu"
    forms: dict[str, Callable[[str], str]] = {
        "pdf": lambda language: f"{site}/{language}/notice/{key}/pdf",
        "html": lambda language: f"{site}/{language}/notice/-/detail/{key}",
        "htmlDirect": lambda language: f"{site}/{language}/notice/{key}/html",
    }
    return {"xml": {"MUL": f"{site}/en/notice/{key}/xml"}} | {
        form: {code: address(language) for code, language in _PAGES.items()}
        for form, address in forms.items()
    }


def _published(moment: datetime) -> str:
    """Return ``2026-08-31+02:00``: a date with an offset."""
    local = (moment + _LAG).astimezone(_BRUSSELS)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d}{offset[:3]}:{offset[3:]}"


def ted_row(key: str, facts: Facts) -> dict[str, Any]:
    """Return what a search can show of a notice; what it lacks is an absent key."""
    winners = [party for lot in facts.lots for party in lot.winners]
    names: dict[str, list[str]] = {"eng": [buyer.name for buyer in facts.buyers]}
    row: dict[str, Any] = {
        "publication-number": key,
        "publication-date": _published(facts.issued_at),
        "dispatch-date": facts.first("cbc:IssueDate"),
        "buyer-name": names if facts.buyers else None,
        "buyer-country": [one.country for one in facts.buyers if one.country],
        "organisation-identifier-buyer": [one.number for one in facts.buyers if one.number],
        "winner-name": {"eng": [one.name for one in winners]} if winners else None,
        "winner-identifier": [one.number for one in winners if one.number],
        "links": links_of(key),
    }
    row |= {name: facts.first(path) for name, path in _SINGLE.items()}
    row |= {name: facts.texts(path) for name, path in _MANY.items()}
    row |= {name: _by_language(facts, path) for name, path in _TEXTS.items()}
    row |= {
        name: {language: texts[0] for language, texts in _by_language(facts, path).items()}
        for name, path in _TEXT.items()
    }
    return {name: value for name, value in row.items() if value}


def _is_doubled(node: etree._Element) -> bool:
    """Return whether a sibling says the same in a language of the Union."""
    parent = node.getparent()
    if parent is None:
        return False
    return any(
        other.get("languageID") and not is_norwegian(str(other.get("languageID")))
        for other in parent.iterchildren(node.tag)
    )


def ted_copy(key: str, xml: bytes, published: str) -> bytes:
    """Return the XML as TED serves it: with a number, and without Norwegian where it is doubled."""
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    for node in list(root.iter(etree.Element)):
        language, parent = node.get("languageID"), node.getparent()
        if language and parent is not None and is_norwegian(language) and _is_doubled(node):
            parent.remove(node)
    extension = root.find(f".//{_EXTENSION}")
    if extension is not None and extension.find(f"{_EFAC}Publication") is None:
        publication = etree.SubElement(extension, f"{_EFAC}Publication")
        for name, scheme, text in (
            ("NoticePublicationID", "ojs-notice-id", key),
            ("GazetteID", "ojs-id", f"{date.fromisoformat(published[:10]).timetuple().tm_yday}"),
            ("PublicationDate", "", published),
        ):
            node = etree.SubElement(publication, f"{_EFBC}{name}")
            node.text = text
            if scheme:
                node.set("schemeName", scheme)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def fields_of(row: Mapping[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
    """Return the fields asked for, and the links, which always come."""
    return {name: value for name, value in row.items() if name in wanted or name == "links"}
