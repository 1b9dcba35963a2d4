"""Print a generated notice as eForms: new ones as sent to Doffin, old ones as converted by it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.generated.model import Lot, LotResult, Notice

__all__ = ["ubl"]

_OSLO = ZoneInfo("Europe/Oslo")
_ROOTS = {
    "planning": "PriorInformationNotice",
    "competition": "ContractNotice",
}
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_EU = "http://data.europa.eu/p27/eforms-"
_NAMESPACES = (
    f'xmlns:cac="{_UBL}CommonAggregateComponents-2" xmlns:cbc="{_UBL}CommonBasicComponents-2" '
    f'xmlns:efac="{_EU}ubl-extension-aggregate-components/1" '
    f'xmlns:efbc="{_EU}ubl-extension-basic-components/1" '
    f'xmlns:efext="{_EU}ubl-extensions/1" xmlns:ext="{_UBL}CommonExtensionComponents-2"'
)
_EXTENDED = (
    "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>",
    "</efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>",
)


def ubl(notice: Notice) -> bytes:
    """Return the XML of a notice."""
    root = _ROOTS.get(notice.form, "ContractAwardNotice")
    date, time = _moment(notice.issued_at, notice)
    folder = notice.procedure
    lots = "".join(_lot(lot, notice) for lot in notice.lots)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_UBL}{root}-2" {_NAMESPACES}>'
        f"{_EXTENDED[0]}{_changes(notice)}{_result(notice)}"
        '<efac:NoticeSubType><cbc:SubTypeCode listName="notice-subtype">'
        f"{notice.subtype}</cbc:SubTypeCode></efac:NoticeSubType>"
        f"{_organisations(notice)}{_publication(notice)}{_EXTENDED[1]}\n<cbc:UBLVersionID>2.3</cbc:UBLVersionID>"
        f"<cbc:CustomizationID>{_customization(notice)}</cbc:CustomizationID>"
        f'<cbc:ID schemeName="notice-id">{notice.id}</cbc:ID>'
        + (f"<cbc:ContractFolderID>{folder}</cbc:ContractFolderID>" if folder else "")
        + f"<cbc:IssueDate>{date}</cbc:IssueDate><cbc:IssueTime>{time}</cbc:IssueTime>"
        f"<cbc:VersionID>{notice.version}</cbc:VersionID>"
        "<cbc:RegulatoryDomain>"
        f"{'32014L0024' if notice.regime == 'eu' else 'other'}</cbc:RegulatoryDomain>"
        f'<cbc:NoticeTypeCode listName="{notice.form}">{notice.code}</cbc:NoticeTypeCode>'
        f"<cbc:NoticeLanguageCode>{_language(notice)}</cbc:NoticeLanguageCode>\n"
        "<cac:ContractingParty><cac:ContractingPartyType>"
        '<cbc:PartyTypeCode listName="buyer-legal-type">la</cbc:PartyTypeCode>'
        "</cac:ContractingPartyType><cac:Party><cac:PartyIdentification>"
        '<cbc:ID schemeName="organization">ORG-0002</cbc:ID></cac:PartyIdentification>'
        f"</cac:Party></cac:ContractingParty>\n{_process(notice)}"
        f"{_project(notice)}\n{lots}</{root}>\n"
    )
    body = text.encode()
    return body[: len(body) // 2] if notice.unreadable else body


def _language(notice: Notice) -> str:
    return "NOB" if notice.converted else "NOR"


def _customization(notice: Notice) -> str:
    sdk = "eforms-sdk-1.7" if notice.issued_at.year < 2025 else "eforms-sdk-1.13"
    extended = "" if notice.converted else "#extended"
    return f"{sdk}{extended}#urn:fdc:anskaffelser.no:2023:eforms:{notice.regime}"


def _moment(moment: datetime, notice: Notice) -> tuple[str, str]:
    """Return date and time; old notices print Norwegian time and call it +02:00 all year."""
    if notice.converted:
        local = moment.astimezone(_OSLO)
        return f"{local:%Y-%m-%d}+02:00", f"{local:%H:%M:%S}+02:00"
    if moment.minute % 2:
        return f"{moment:%Y-%m-%d}+00:00", f"{moment:%H:%M:%S}+00:00"
    return f"{moment:%Y-%m-%d}Z", f"{moment:%H:%M:%S}.000Z"


def _said(tag: str, norwegian: str, english: str, notice: Notice) -> str:
    """Return a text: EU notices say it in English too, for TED."""
    told = f'<cbc:{tag} languageID="{_language(notice)}">{norwegian}</cbc:{tag}>'
    if notice.regime == "eu" and not notice.converted:
        told += f'<cbc:{tag} languageID="ENG">{english}</cbc:{tag}>'
    return told


def _changes(notice: Notice) -> str:
    if not notice.changes:
        return ""
    scheme = ' schemeName="ojs-notice-id"' if notice.converted else ""
    reason = (
        "<efac:ChangeReason>"
        f'<cbc:ReasonCode listName="change-corrig-justification">{notice.reason}</cbc:ReasonCode>'
        "</efac:ChangeReason>"
    )
    sections = (
        "<efac:Change><efac:ChangedSection><efbc:ChangedSectionIdentifier>PROCEDURE"
        "</efbc:ChangedSectionIdentifier></efac:ChangedSection></efac:Change>"
    )
    return (
        f"<efac:Changes><efbc:ChangedNoticeIdentifier{scheme}>{notice.changes}"
        f"</efbc:ChangedNoticeIdentifier>{'' if notice.converted else sections}"
        f"{reason if notice.reason else ''}</efac:Changes>"
    )


def _company(reference: str, name: str, number: str, language: str, nuts: str = "") -> str:
    place = (
        f'<cbc:CountrySubentityCode listName="nuts">{nuts}</cbc:CountrySubentityCode>'
        if nuts
        else ""
    )
    return (
        "<efac:Organization><efac:Company><cac:PartyIdentification>"
        f'<cbc:ID schemeName="organization">{reference}</cbc:ID></cac:PartyIdentification>'
        f'<cac:PartyName><cbc:Name languageID="{language}">{name}</cbc:Name></cac:PartyName>'
        f"<cac:PostalAddress>{place}<cac:Country>"
        '<cbc:IdentificationCode listName="country">NOR</cbc:IdentificationCode></cac:Country>'
        f"</cac:PostalAddress><cac:PartyLegalEntity><cbc:CompanyID>{number}</cbc:CompanyID>"
        "</cac:PartyLegalEntity></efac:Company></efac:Organization>"
    )


def _organisations(notice: Notice) -> str:
    """Return the pool; the buyer is not its first."""
    language, buyer = _language(notice), notice.buyer
    companies = [
        _company("ORG-0001", "Anbudshjelpen Rådgivning AS", "null", language),
        _company("ORG-0002", buyer.name, buyer.printed, language, buyer.nuts),
    ]
    for at, result in enumerate(notice.results):
        if result.winner:
            companies.append(_company(f"ORG-1{at:03d}", *result.winner, language))
    return f"<efac:Organizations>{''.join(companies)}</efac:Organizations>"


def _publication(notice: Notice) -> str:
    """Return what the converter writes: the number of the call that a result names, no own one."""
    if not notice.converted:
        return ""
    number = notice.earlier or "n.a."
    return (
        f'<efac:Publication><efbc:NoticePublicationID schemeName="ojs-notice-id">{number}'
        f"</efbc:NoticePublicationID><efbc:PublicationDate>{_moment(notice.issued_at, notice)[0]}"
        "</efbc:PublicationDate></efac:Publication>"
    )


def _earlier(notice: Notice) -> str:
    if not notice.earlier:
        return ""
    scheme = "notice-id-ref" if notice.earlier.count("-") > 1 else "ojs-notice-id"
    return (
        f'<cac:NoticeDocumentReference><cbc:ID schemeName="{scheme}">{notice.earlier}</cbc:ID>'
        "</cac:NoticeDocumentReference>"
    )


def _process(notice: Notice) -> str:
    if notice.form == "planning":
        return ""
    earlier = "" if notice.earlier_in_lot else _earlier(notice)
    code = "neg-wo-call" if notice.form == "dir-awa-pre" else "open"
    return (
        "<cac:TenderingProcess>"
        f'<cbc:ProcedureCode listName="procurement-procedure-type">{code}</cbc:ProcedureCode>'
        f"{earlier}</cac:TenderingProcess>"
    )


def _worth(value: int | None) -> str:
    if value is None:
        return ""
    return (
        '<cac:RequestedTenderTotal><cbc:EstimatedOverallContractAmount currencyID="NOK">'
        f"{value}</cbc:EstimatedOverallContractAmount></cac:RequestedTenderTotal>"
    )


def _bought(notice: Notice, value: int | None) -> str:
    return (
        f'<cbc:ProcurementTypeCode listName="contract-nature">{notice.nature}'
        f"</cbc:ProcurementTypeCode>{_worth(value)}<cac:MainCommodityClassification>"
        f'<cbc:ItemClassificationCode listName="cpv">{notice.cpv}</cbc:ItemClassificationCode>'
        "</cac:MainCommodityClassification><cac:RealizedLocation><cac:Address>"
        f'<cbc:CountrySubentityCode listName="nuts">{notice.buyer.nuts}</cbc:CountrySubentityCode>'
        '<cac:Country><cbc:IdentificationCode listName="country">NOR</cbc:IdentificationCode>'
        "</cac:Country></cac:Address></cac:RealizedLocation>"
    )


def _project(notice: Notice) -> str:
    state = notice.state
    return (
        "<cac:ProcurementProject>"
        + _said("Name", notice.title, notice.english, notice)
        + _said("Description", state.description, "As described in the documents.", notice)
        + _bought(notice, state.value)
        + "</cac:ProcurementProject>"
    )


def _lot(lot: Lot, notice: Notice) -> str:
    part = notice.form == "planning"
    number = lot.id.replace("LOT", "PAR") if part else lot.id
    scheme = "Part" if part else "Lot"
    process = "" if part else _lot_process(notice)
    return (
        f'<cac:ProcurementProjectLot><cbc:ID schemeName="{scheme}">{number}</cbc:ID>{process}'
        "<cac:ProcurementProject>"
        + _said("Name", lot.title, lot.english, notice)
        + _bought(notice, lot.value)
        + "</cac:ProcurementProject></cac:ProcurementProjectLot>\n"
    )


def _lot_process(notice: Notice) -> str:
    period = ""
    if notice.form == "competition" and notice.state.deadline:
        date, time = _moment(notice.state.deadline, notice)
        period = (
            f"<cac:TenderSubmissionDeadlinePeriod><cbc:EndDate>{date}</cbc:EndDate>"
            f"<cbc:EndTime>{time}</cbc:EndTime></cac:TenderSubmissionDeadlinePeriod>"
        )
    earlier = _earlier(notice) if notice.earlier_in_lot else ""
    return (
        f"<cac:TenderingProcess>{period}{earlier}<cac:ContractingSystem>"
        '<cbc:ContractingSystemTypeCode listName="framework-agreement">none'
        "</cbc:ContractingSystemTypeCode></cac:ContractingSystem><cac:ContractingSystem>"
        f'<cbc:ContractingSystemTypeCode listName="dps-usage">{notice.dps}'
        "</cbc:ContractingSystemTypeCode></cac:ContractingSystem></cac:TenderingProcess>"
    )


def _result(notice: Notice) -> str:
    if not notice.results:
        return ""
    results = notice.results
    won = [(at, one) for at, one in enumerate(results) if one.winner]
    return (
        "<efac:NoticeResult>"
        + "".join(_lot_result(at, one) for at, one in enumerate(results))
        + "".join(_tender(at, one) for at, one in won)
        + "".join(_contract(at) for at, _ in won)
        + "".join(_tenderer(at) for at, _ in won)
        + "</efac:NoticeResult>"
    )


def _lot_result(at: int, one: LotResult) -> str:
    code = "selec-w" if one.winner else "clos-nw"
    reason = (
        "<efac:DecisionReason>"
        '<efbc:DecisionReasonCode listName="non-award-justification">other'
        "</efbc:DecisionReasonCode></efac:DecisionReason>"
    )
    tender = f'<efac:LotTender><cbc:ID schemeName="tender">TEN-{at:04d}</cbc:ID></efac:LotTender>'
    contract = (
        f'<efac:SettledContract><cbc:ID schemeName="contract">CON-{at:04d}</cbc:ID>'
        "</efac:SettledContract>"
    )
    return (
        "<efac:LotResult>"
        f'<cbc:ID schemeName="result">RES-{at:04d}</cbc:ID>'
        f'<cbc:TenderResultCode listName="winner-selection-status">{code}</cbc:TenderResultCode>'
        f"{'' if one.winner else reason}{tender if one.winner else ''}"
        "<efac:ReceivedSubmissionsStatistics>"
        '<efbc:StatisticsCode listName="received-submission-type">tenders</efbc:StatisticsCode>'
        f"<efbc:StatisticsNumeric>{one.tenders}</efbc:StatisticsNumeric>"
        f"</efac:ReceivedSubmissionsStatistics>{contract if one.winner else ''}"
        f'<efac:TenderLot><cbc:ID schemeName="Lot">{one.lot}</cbc:ID></efac:TenderLot>'
        "</efac:LotResult>"
    )


def _tender(at: int, one: LotResult) -> str:
    return (
        f'<efac:LotTender><cbc:ID schemeName="tender">TEN-{at:04d}</cbc:ID>'
        '<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="NOK">'
        f"{one.value}</cbc:PayableAmount></cac:LegalMonetaryTotal><efac:TenderingParty>"
        f'<cbc:ID schemeName="tendering-party">TPA-{at:04d}</cbc:ID></efac:TenderingParty>'
        f'<efac:TenderLot><cbc:ID schemeName="Lot">{one.lot}</cbc:ID></efac:TenderLot>'
        "</efac:LotTender>"
    )


def _contract(at: int) -> str:
    return (
        f'<efac:SettledContract><cbc:ID schemeName="contract">CON-{at:04d}</cbc:ID>'
        f'<efac:LotTender><cbc:ID schemeName="tender">TEN-{at:04d}</cbc:ID></efac:LotTender>'
        "</efac:SettledContract>"
    )


def _tenderer(at: int) -> str:
    return (
        f'<efac:TenderingParty><cbc:ID schemeName="tendering-party">TPA-{at:04d}</cbc:ID>'
        f'<efac:Tenderer><cbc:ID schemeName="organization">ORG-1{at:03d}</cbc:ID></efac:Tenderer>'
        "</efac:TenderingParty>"
    )
