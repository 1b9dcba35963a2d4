"""The Doffin search hit of a notice: what the JSON list says, from what the XML holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lxml import etree

__all__ = ["COMPETITIONS", "ROLLUPS", "Publication", "publications"]

_NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
}
_XML = etree.XMLParser(resolve_entities=False, no_network=True)
_LOT = "cac:ProcurementProjectLot[cbc:ID/@schemeName='Lot' or cbc:ID/@schemeName='Part']"
ROLLUPS = {
    "PLANNING": ("ADVISORY_NOTICE", "NOTICE_ON_BUYER_PROFILE"),
    "COMPETITION": (
        "ANNOUNCEMENT_OF_COMPETITION",
        "DYNAMIC_PURCHASING_SCHEME",
        "QUALIFICATION_SCHEME",
        "PRE_ANNOUNCEMENT",
    ),
    "RESULT": (
        "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT",
        "CANCELLED_OR_MISSING_CONCLUSION_OF_CONTRACT",
        "ANNOUNCEMENT_OF_INTENT",
        "CHANGE_OF_CONCLUSION_OF_CONTRACT",
    ),
}
COMPETITIONS = ROLLUPS["COMPETITION"]
_LAG_DAYS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A notice as the search index holds it. ``searchable`` is False once it was changed."""

    id: str
    hit: dict[str, Any]
    types: frozenset[str]
    published_on: date
    issued_on: date
    cpv: frozenset[str]
    locations: frozenset[str]
    amount: float | None
    text: str
    searchable: bool


def _texts(node: etree._Element, path: str) -> list[str]:
    """Return the texts that a path finds, of elements or attributes, without the empty ones."""
    found = node.xpath(path, namespaces=_NS)
    assert isinstance(found, list)
    texts = ((one.text if isinstance(one, etree._Element) else str(one)) or "" for one in found)  # noqa: SLF001
    return [text.strip() for text in texts if text.strip()]


def _first(node: etree._Element, *paths: str) -> str:
    for path in paths:
        found = _texts(node, path)
        if found:
            return found[0]
    return ""


def _type(root: etree._Element) -> str:
    code = _first(root, "cbc:NoticeTypeCode")
    form = _first(root, "cbc:NoticeTypeCode/@listName")
    result = _texts(root, ".//efac:LotResult/cbc:TenderResultCode")
    if form == "planning":
        return "NOTICE_ON_BUYER_PROFILE" if code == "pin-buyer" else "ADVISORY_NOTICE"
    if form == "dir-awa-pre":
        return "ANNOUNCEMENT_OF_INTENT"
    if form == "cont-modif":
        return "CHANGE_OF_CONCLUSION_OF_CONTRACT"
    if form == "result":
        if result and all(one == "clos-nw" for one in result):
            return "CANCELLED_OR_MISSING_CONCLUSION_OF_CONTRACT"
        return "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT"
    if code == "qu-sy":
        return "QUALIFICATION_SCHEME"
    if code.startswith("pin-cfc"):
        return "PRE_ANNOUNCEMENT"
    return "ANNOUNCEMENT_OF_COMPETITION"


def _with_ancestors(codes: list[str]) -> list[str]:
    """Mix in the codes above each, as the live list does; the main code is not marked."""
    every = set(codes)
    for code in codes:
        every |= {code[:n].ljust(8, "0") for n in range(2, 8)}
    return sorted(every, key=lambda code: hashlib.sha256(code.encode()).hexdigest())


def _party(root: etree._Element, ref: str) -> dict[str, Any]:
    company = f".//efac:Company[cac:PartyIdentification/cbc:ID='{ref}']"
    name = _first(root, f"{company}/cac:PartyName/cbc:Name")
    number = _first(root, f"{company}/cac:PartyLegalEntity/cbc:CompanyID")
    return {
        "id": hashlib.md5(f"{name}{number}".encode(), usedforsecurity=False).hexdigest(),
        "organizationId": number or None,
        "name": name,
    }


def _winners(root: etree._Element) -> list[dict[str, Any]]:
    tenders = set(_texts(root, ".//efac:SettledContract/efac:LotTender/cbc:ID"))
    parties = {
        party
        for tender in tenders
        for party in _texts(
            root,
            f".//efac:NoticeResult/efac:LotTender[cbc:ID='{tender}']/efac:TenderingParty/cbc:ID",
        )
    }
    refs = [
        ref
        for party in sorted(parties)
        for ref in _texts(
            root,
            f".//efac:NoticeResult/efac:TenderingParty[cbc:ID='{party}']/efac:Tenderer/cbc:ID",
        )
    ]
    return [_party(root, ref) for ref in refs]


def _moment(day: str, time: str) -> str:
    return f"{day[:10]}T{(time or '00:00:00')[:8]}Z" if day else ""


def _status(kind: str, deadline: str, today: date, *, cancelled: bool, awarded: bool) -> str | None:
    if kind not in COMPETITIONS:
        return None
    if cancelled:
        return "CANCELLED"
    if awarded:
        return "AWARDED"
    return "EXPIRED" if deadline and deadline[:10] < today.isoformat() else "ACTIVE"


def _publication(key: str, root: etree._Element, today: date, facts: _Chain) -> Publication:
    project = "cac:ProcurementProject"
    kind = _type(root)
    issue = _first(root, "cbc:IssueDate")[:10]
    issued_on = date.fromisoformat(issue)
    lag = int(hashlib.sha256(key.encode()).hexdigest(), 16) % _LAG_DAYS
    published_on = issued_on + timedelta(days=lag)
    places = f".//{project}/cac:RealizedLocation/cac:Address"
    locations = dict.fromkeys(
        _texts(root, f"{places}/cbc:CountrySubentityCode") + _texts(root, f"{places}/cbc:Region")
    )
    code = "/cbc:ItemClassificationCode"
    cpv = dict.fromkeys(
        _texts(root, f".//{project}/cac:MainCommodityClassification{code}")
        + _texts(root, f".//{project}/cac:AdditionalCommodityClassification{code}")
    )
    money = f"{project}/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"
    amount = _first(root, money, f"{_LOT}/{money}")
    currency = _first(root, f"{money}/@currencyID", f"{_LOT}/{money}/@currencyID")
    period = f"{_LOT}/cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod"
    deadline = _moment(_first(root, f"{period}/cbc:EndDate"), _first(root, f"{period}/cbc:EndTime"))
    refs = _texts(root, "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID")
    heading = _first(root, f"{project}/cbc:Name")
    description = _first(root, f"{project}/cbc:Description")
    winners = _winners(root)
    statistics = [
        {
            "type": _first(one, "efbc:StatisticsCode"),
            "total": int(float(_first(one, "efbc:StatisticsNumeric") or 0)),
        }
        for one in root.iterfind(".//efac:ReceivedSubmissionsStatistics", _NS)
    ]
    types = {kind} | {up for up, below in ROLLUPS.items() if kind in below}
    hit: dict[str, Any] = {
        "id": key,
        "buyer": [_party(root, ref) for ref in refs],
        "heading": heading,
        "description": description,
        "locationId": list(locations),
        "estimatedValue": ({"currencyCode": currency, "amount": float(amount)} if amount else None),
        "type": kind,
        "allTypes": sorted(types),
        "status": _status(
            kind,
            deadline,
            today,
            cancelled=_first(root, "cbc:ContractFolderID") in facts.cancelled,
            awarded=_first(root, "cbc:ContractFolderID") in facts.awarded,
        ),
        "issueDate": _moment(issue, _first(root, "cbc:IssueTime")),
        "deadline": deadline or None,
        "publicationDate": published_on.isoformat(),
        "receivedTenders": statistics[0]["total"] if statistics else None,
        "allReceivedTenders": statistics or None,
        "cpvCodes": _with_ancestors(list(cpv)),
        "limitedDataFlag": None,
        "doffinClassicUrl": None,
        "lots": [
            {
                "heading": _first(lot, f"{project}/cbc:Name"),
                "description": _first(lot, f"{project}/cbc:Description"),
                "winner": winners,
            }
            for lot in root.iterfind("cac:ProcurementProjectLot", _NS)
            if _first(lot, "cbc:ID/@schemeName") in {"Lot", "Part"}
        ],
    }
    uuid = _first(root, "cbc:ID")
    return Publication(
        id=key,
        hit=hit,
        types=frozenset(types),
        published_on=published_on,
        issued_on=issued_on,
        cpv=frozenset(_with_ancestors(list(cpv))),
        locations=frozenset(locations),
        amount=float(amount) if amount else None,
        text=f"{heading} {description}".casefold(),
        searchable=uuid not in facts.changed and key not in facts.changed,
    )


@dataclass(frozen=True, slots=True)
class _Chain:
    changed: frozenset[str]
    cancelled: frozenset[str]
    awarded: frozenset[str]


def publications(notices: dict[str, bytes], today: date) -> dict[str, Publication]:
    """Return the search index over ``notices``: a changed notice is there, but not found."""
    roots = {key: etree.fromstring(xml, _XML) for key, xml in notices.items()}
    changed, cancelled, awarded = set(), set(), set()
    for root in roots.values():
        old = _first(root, ".//efac:Changes/efbc:ChangedNoticeIdentifier")
        if old:
            changed |= {old, old[:36]}
        folder = _first(root, "cbc:ContractFolderID")
        if _first(root, ".//efac:ChangeReason/cbc:ReasonCode") == "cancel":
            cancelled.add(folder)
        if _first(root, "cbc:NoticeTypeCode/@listName") == "result" and folder:
            awarded.add(folder)
    facts = _Chain(frozenset(changed), frozenset(cancelled - {""}), frozenset(awarded))
    return {key: _publication(key, root, today, facts) for key, root in roots.items()}
