"""A small world for the stand-in, and a plain HTTP client that does not raise."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from procmatch.demo.standins.content import Content, Override, Town

KEY = "the-key"
TODAY = date(2026, 10, 5)
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
        "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
        "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
        "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
        "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
        "efext": "http://data.europa.eu/p27/eforms-ubl-extensions/1",
    }.items()
)
RESULT = (
    "<efac:NoticeResult>"
    "<efac:LotResult><cbc:TenderResultCode>{code}</cbc:TenderResultCode>"
    "<efac:ReceivedSubmissionsStatistics><efbc:StatisticsCode>tenders</efbc:StatisticsCode>"
    "<efbc:StatisticsNumeric>3</efbc:StatisticsNumeric></efac:ReceivedSubmissionsStatistics>"
    "<efac:LotTender><cbc:ID>TEN-0001</cbc:ID></efac:LotTender>"
    "<efac:SettledContract><cbc:ID>CON-0001</cbc:ID></efac:SettledContract>"
    "<efac:TenderLot><cbc:ID>LOT-0001</cbc:ID></efac:TenderLot></efac:LotResult>"
    "<efac:LotTender><cbc:ID>TEN-0001</cbc:ID><efac:TenderingParty><cbc:ID>TPA-0001</cbc:ID>"
    "</efac:TenderingParty></efac:LotTender>"
    "<efac:LotTender><cbc:ID>TEN-0002</cbc:ID><efac:TenderingParty><cbc:ID>TPA-0002</cbc:ID>"
    "</efac:TenderingParty></efac:LotTender>"
    "<efac:SettledContract><cbc:ID>CON-0001</cbc:ID><efac:LotTender><cbc:ID>TEN-0001</cbc:ID>"
    "</efac:LotTender></efac:SettledContract>"
    "<efac:TenderingParty><cbc:ID>TPA-0001</cbc:ID><efac:Tenderer><cbc:ID>ORG-0002</cbc:ID>"
    "</efac:Tenderer></efac:TenderingParty>"
    "<efac:TenderingParty><cbc:ID>TPA-0002</cbc:ID><efac:Tenderer><cbc:ID>ORG-0003</cbc:ID>"
    "</efac:Tenderer></efac:TenderingParty></efac:NoticeResult>"
)


def _company(reference: str, name: str, number: str) -> str:
    return (
        f"<efac:Organization><efac:Company><cac:PartyIdentification><cbc:ID>{reference}</cbc:ID>"
        f'</cac:PartyIdentification><cac:PartyName><cbc:Name languageID="NOR">{name}</cbc:Name>'
        "</cac:PartyName><cac:PostalAddress><cac:Country><cbc:IdentificationCode>NOR"
        "</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyLegalEntity>"
        f"<cbc:CompanyID>{number}</cbc:CompanyID></cac:PartyLegalEntity></efac:Company>"
        "</efac:Organization>"
    )


def _lot(number: int, title: str, deadline: str, dps: str) -> str:
    period = ""
    if deadline:
        day, _, time = deadline.partition("T")
        end_time = f"<cbc:EndTime>{time}</cbc:EndTime>" if time else ""
        period = (
            f"<cac:TenderSubmissionDeadlinePeriod><cbc:EndDate>{day}</cbc:EndDate>{end_time}"
            "</cac:TenderSubmissionDeadlinePeriod>"
        )
    return (
        f'<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">LOT-000{number}</cbc:ID>'
        f"<cac:TenderingProcess>{period}<cac:ContractingSystem><cbc:ContractingSystemTypeCode "
        f'listName="dps-usage">{dps}</cbc:ContractingSystemTypeCode></cac:ContractingSystem>'
        f'</cac:TenderingProcess><cac:ProcurementProject><cbc:Name languageID="NOR">{title}'
        f"</cbc:Name></cac:ProcurementProject></cac:ProcurementProjectLot>"
    )


def notice(
    uuid: str,
    *,
    code: str = "cn-standard",
    form: str = "competition",
    issued: str = "2026-09-01T08:00:00Z",
    deadline: str = "2026-11-01T12:00:00+01:00",
    cpv: tuple[str, ...] = ("15811000",),
    places: tuple[str, ...] = ("NO081",),
    amount: str = "",
    folder: str = "",
    changes: str = "",
    reason: str = "",
    result: str = "",
    buyer: str = "Org.nr. 999 601 391",
    description: str = "Ferskt brød til skolene",
    english: str = "",
    level: str = "eu",
    dps: str = "none",
    version: str = "01",
) -> bytes:
    """Return the XML of a notice with two lots; only what the search index reads is in it."""
    day, _, time = issued.partition("T")
    change = (
        f"<efac:Changes><efbc:ChangedNoticeIdentifier>{changes}</efbc:ChangedNoticeIdentifier>"
        f"<efac:ChangeReason><cbc:ReasonCode>{reason}</cbc:ReasonCode></efac:ChangeReason>"
        "</efac:Changes>"
    )
    value = (
        '<cac:RequestedTenderTotal><cbc:EstimatedOverallContractAmount currencyID="NOK">'
        f"{amount}</cbc:EstimatedOverallContractAmount></cac:RequestedTenderTotal>"
    )
    translated = f'<cbc:Name languageID="ENG">{english}</cbc:Name>' if english else ""
    codes = "".join(
        f"<cac:{'Main' if at == 0 else 'Additional'}CommodityClassification>"
        f'<cbc:ItemClassificationCode listName="cpv">{one}</cbc:ItemClassificationCode>'
        f"</cac:{'Main' if at == 0 else 'Additional'}CommodityClassification>"
        for at, one in enumerate(cpv)
    )
    located = "".join(
        "<cac:RealizedLocation><cac:Address>"
        + (
            f"<cbc:Region>{one}</cbc:Region>"
            if one.startswith("anyw")
            else f'<cbc:CountrySubentityCode listName="nuts">{one}</cbc:CountrySubentityCode>'
        )
        + "</cac:Address></cac:RealizedLocation>"
        for one in places
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ContractNotice {_NAMESPACES}>'
        "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>"
        f"{change if changes else ''}{result}<efac:Organizations>"
        # The first in the pool is not the buyer.
        + _company("ORG-0002", "Bakeriet AS", "NO 811 548 812 MVA")
        + _company("ORG-0001", "Asker kommune", buyer)
        + _company("ORG-0003", "Taperen AS", "")
        + "</efac:Organizations></efext:EformsExtension></ext:ExtensionContent>"
        "</ext:UBLExtension></ext:UBLExtensions><cbc:CustomizationID>eforms-sdk-1.13#extended#"
        f"urn:fdc:anskaffelser.no:2023:eforms:{level}</cbc:CustomizationID>"
        f'<cbc:ID schemeName="notice-id">{uuid}</cbc:ID>'
        f"<cbc:ContractFolderID>{folder or uuid + '-folder'}</cbc:ContractFolderID>"
        f"<cbc:IssueDate>{day}</cbc:IssueDate>"
        + (f"<cbc:IssueTime>{time}</cbc:IssueTime>" if time else "")
        + f"<cbc:VersionID>{version}</cbc:VersionID>"
        f'<cbc:NoticeTypeCode listName="{form}">{code}</cbc:NoticeTypeCode>'
        "<cbc:NoticeLanguageCode>NOR</cbc:NoticeLanguageCode>"
        "<cac:ContractingParty><cac:Party><cac:PartyIdentification><cbc:ID>ORG-0001</cbc:ID>"
        "</cac:PartyIdentification></cac:Party></cac:ContractingParty><cac:ProcurementProject>"
        f'<cbc:Name languageID="NOR">Brød {uuid}</cbc:Name>{translated}'
        f'<cbc:Description languageID="NOR">{description}</cbc:Description>'
        f"{value if amount else ''}{codes}{located}</cac:ProcurementProject>"
        + _lot(1, "Brød", deadline, dps)
        + _lot(2, "Kaker", deadline, dps)
        + "</ContractNotice>"
    ).encode()


def _unit(number: str, name: str, **more: object) -> dict[str, Any]:
    return {
        "organisasjonsnummer": number,
        "navn": name,
        "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
        "registreringsdatoEnhetsregisteret": "2015-05-04",
        "_links": {
            "self": {"href": f"https://data.brreg.no/enhetsregisteret/api/enheter/{number}"}
        },
        "respons_klasse": "Enhet",
    } | more


def _address(town: str) -> dict[str, Any]:
    return {"kommunenummer": town, "postnummer": "9990", "landkode": "NO", "adresse": ["Veien 1"]}


UNITS = (
    _unit(
        "310279323",
        "NORD BAKERI AS",
        naeringskode1={"kode": "10.710", "beskrivelse": "Bakervarer"},
        antallAnsatte=12,
        harRegistrertAntallAnsatte=True,
        forretningsadresse=_address("9801"),
        aktivitet=["Baker brød og kaker til skoler og", "sykehjem"],
        konkurs=False,
    ),
    _unit(
        "310279331",
        "FINN.NO MAT AS",
        naeringskode1={"kode": "56.210", "beskrivelse": "Catering"},
        harRegistrertAntallAnsatte=True,
        forretningsadresse=_address("9802"),
        postadresse=_address("9801"),
        konkurs=True,
    ),
    _unit(
        "310279358",
        "SØR SPAREBANK",
        organisasjonsform={"kode": "SPA", "beskrivelse": "Sparebank"},
        institusjonellSektorkode={"kode": "3200", "beskrivelse": "Banker"},
        antallAnsatte=40,
        harRegistrertAntallAnsatte=True,
        registreringsdatoEnhetsregisteret="2026-09-20",
        forretningsadresse=_address("9802"),
    ),
    _unit(
        "310279366",
        "SLETTET AS",
        slettedato="2026-03-15",
        respons_klasse="SlettetEnhet",
        aktivitet=["Skal ikke vises"],
    ),
    {
        "organisasjonsnummer": "310279374",
        "slettedato": "2026-03-16",
        "navn": "Skal ikke vises",
        "respons_klasse": "Fjernet",
        "_links": {},
    },
)
ESTABLISHMENTS = (
    {
        "organisasjonsnummer": "210279329",
        "navn": "NORD BAKERI AVD HAVN",
        "organisasjonsform": {"kode": "BEDR", "beskrivelse": "Underenhet"},
        "overordnetEnhet": "310279323",
        "beliggenhetsadresse": _address("9802"),
        "respons_klasse": "Underenhet",
    },
)
TOWNS = (
    Town(
        number="9801",
        name="Havneset",
        county="98",
        county_name="Havfjord",
        lat=62.0,
        lon=3.0,
        neighbours=("9802",),
        postcodes=(("9990", "HAVNESET", "G"), ("9991", "BLÅØY", "P")),
    ),
    Town(number="9802", name="Lillevik", county="98", county_name="Havfjord"),
)


def small_content(**more: object) -> Content:
    """Return a world with a notice of each kind that the stand-in treats in its own way."""
    accounts = {"310279323": [{"id": 7, "regnskapstype": "SELSKAP"}]}
    given: dict[str, Any] = {
        "today": TODAY,
        "notices": {
            "2026-100001": notice("uuid-1", amount="2000000", folder="folder-1"),
            "2026-100002": notice("uuid-2", changes="uuid-1-01", reason="update-add"),
            "2026-100003": notice("uuid-3", cpv=("45210000",), places=("anyw",), level="national"),
            "2026-100004": notice("uuid-4", code="pin-only", form="planning"),
            "2026-100005": notice("uuid-5", deadline="2026-09-20T12:00:00+02:00"),
        },
        "overrides": {"2026-100003": Override(publication_date=date(2026, 9, 8))},
        "units": UNITS,
        "establishments": ESTABLISHMENTS,
        "accounts": lambda number: accounts.get(number, []),
        "towns": TOWNS,
        "industries": (
            ("sn2007", "10.710", "10.71", "Gammelt navn"),
            ("sn2025", "10.710", "10.71", "Produksjon av brød"),
        ),
        "cpv": (("15811000", "Bread & rolls", "Brød"),),
        "nuts": (("NO081", "Oslo", "Oslo"),),
    }
    return Content(**(given | more))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.body, strict=False)


def ask(
    url: str,
    path: str,
    query: Mapping[str, object] | None = None,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Send one request over a connection of its own; no status raises."""
    target = f"{path}?{urlencode(query, doseq=True)}" if query else path
    connection = http.client.HTTPConnection(str(urlsplit(url).netloc), timeout=10)
    try:
        connection.request(method, target, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


def search(url: str, **query: object) -> Answer:
    """Search Doffin with the right key."""
    headers = {"Ocp-Apim-Subscription-Key": KEY}
    return ask(url, "/public/v2/search", query, headers=headers)


def download(url: str, key: str) -> Answer:
    """Download from Doffin with the right key."""
    return ask(url, f"/public/v2/download/{key}", headers={"Ocp-Apim-Subscription-Key": KEY})
