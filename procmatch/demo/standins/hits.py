"""The Doffin search hit of a notice: what the JSON list says, from what the XML holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from procmatch.demo.standins.notice_facts import Facts, LotFacts, Party, read_facts, spoken

__all__ = ["COMPETITIONS", "ROLLUPS", "Override", "Publication", "publications"]

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
class Override:
    """What Doffin says of one notice instead of what follows from the XML; None keeps that."""

    publication_date: date | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A notice as the search index holds it.

    Attributes:
        hit: the JSON object. body: the same, encoded.
        types: the type with its roll-ups.
        cpv: codes and all above them.
        searchable: False once another notice has changed this one.
    """

    id: str
    hit: Mapping[str, Any]
    body: bytes
    types: frozenset[str]
    published_on: date
    issued_on: date
    cpv: frozenset[str]
    amount: float | None
    text: str
    searchable: bool


@dataclass(frozen=True, slots=True)
class _Chain:
    """What notices say of other notices."""

    changed: frozenset[str]
    cancelled: frozenset[str]
    awarded: frozenset[str]


def _is_cancelled_result(facts: Facts) -> bool:
    codes = facts.texts(".//efac:LotResult/cbc:TenderResultCode")
    return bool(codes) and all(code == "clos-nw" for code in codes)


def _type(facts: Facts) -> str:
    """Doffin's own type, from BT-03, BT-02 and BT-766."""
    code = facts.first("cbc:NoticeTypeCode")
    form = facts.first("cbc:NoticeTypeCode/@listName")
    if form == "planning":
        return "NOTICE_ON_BUYER_PROFILE" if code == "pin-buyer" else "ADVISORY_NOTICE"
    if form == "dir-awa-pre":
        return "ANNOUNCEMENT_OF_INTENT"
    if form == "cont-modif":
        return "CHANGE_OF_CONCLUSION_OF_CONTRACT"
    if form == "result":
        if _is_cancelled_result(facts):
            return "CANCELLED_OR_MISSING_CONCLUSION_OF_CONTRACT"
        return "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT"
    if code == "qu-sy":
        return "QUALIFICATION_SCHEME"
    if code.startswith("pin-cfc"):
        return "PRE_ANNOUNCEMENT"
    dps = facts.texts(".//cbc:ContractingSystemTypeCode[@listName='dps-usage']")
    if any(usage != "none" for usage in dps):
        return "DYNAMIC_PURCHASING_SCHEME"
    return "ANNOUNCEMENT_OF_COMPETITION"


def _all_types(kind: str) -> list[str]:
    found = [kind, *(up for up, below in ROLLUPS.items() if kind in below)]
    # The list is no partition: calls that are planning notices too carry both.
    return [*found, "PLANNING"] if kind == "PRE_ANNOUNCEMENT" else found


def _with_ancestors(codes: list[str]) -> list[str]:
    """Mix in the codes above each, as the live list does; the main code is not marked."""
    every = set(codes)
    for code in codes:
        every |= {code[:n].ljust(8, "0") for n in range(2, 8)}
    return sorted(every, key=lambda code: hashlib.sha256(code.encode()).hexdigest())


def _party(party: Party) -> dict[str, Any]:
    mark = f"{party.name}{party.number}".encode()
    return {
        "id": hashlib.md5(mark, usedforsecurity=False).hexdigest(),
        "organizationId": party.number or None,
        "name": party.name,
    }


def _lot(lot: LotFacts) -> dict[str, Any]:
    return {
        "heading": spoken(lot.titles),
        "description": spoken(lot.descriptions),
        "winner": [_party(one) for one in lot.winners],
    }


def _zulu(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _status(kind: str, facts: Facts, today: date, chain: _Chain) -> str | None:
    if kind not in COMPETITIONS:
        return None
    folder = facts.first("cbc:ContractFolderID")
    if folder in chain.cancelled:
        return "CANCELLED"
    if folder in chain.awarded:
        return "AWARDED"
    return "EXPIRED" if facts.deadline and facts.deadline.date() < today else "ACTIVE"


def _value(facts: Facts) -> dict[str, Any] | None:
    if facts.value is None:
        return None
    amount, currency = facts.value
    return {
        "currencyCode": currency,
        "amount": int(amount) if amount.is_integer() else amount,
    }


def _statistics(facts: Facts) -> list[dict[str, Any]]:
    """BT-760 and BT-759, added up over the lots."""
    totals: dict[str, int] = {}
    path = ".//efac:ReceivedSubmissionsStatistics"
    codes = facts.texts(f"{path}/efbc:StatisticsCode")
    numbers = facts.texts(f"{path}/efbc:StatisticsNumeric")
    for code, number in zip(codes, numbers, strict=False):
        totals[code] = totals.get(code, 0) + int(float(number))
    return [{"type": code, "total": total} for code, total in totals.items()]


def _published_on(key: str, issued_on: date) -> date:
    lag = int(hashlib.sha256(key.encode()).hexdigest(), 16) % _LAG_DAYS
    return issued_on + timedelta(days=lag)


def _publication(
    key: str, facts: Facts, today: date, chain: _Chain, override: Override
) -> Publication:
    kind = _type(facts)
    types = _all_types(kind)
    issued_on = facts.issued_at.date()
    published_on = override.publication_date or _published_on(key, issued_on)
    received = _statistics(facts)
    hit: dict[str, Any] = {
        "id": key,
        "buyer": [_party(one) for one in facts.buyers],
        "heading": spoken(facts.titles),
        "description": spoken(facts.descriptions),
        "locationId": facts.locations,
        "estimatedValue": _value(facts),
        "type": kind,
        "allTypes": types,
        "status": override.status or _status(kind, facts, today, chain),
        "issueDate": _zulu(facts.issued_at),
        # Planning notices never show one, even where the XML holds one.
        "deadline": None if kind == "ADVISORY_NOTICE" else _zulu(facts.deadline),
        "publicationDate": published_on.isoformat(),
        "receivedTenders": received[0]["total"] if received else None,
        "allReceivedTenders": received or None,
        "cpvCodes": _with_ancestors(facts.cpv),
        "limitedDataFlag": None,
        "doffinClassicUrl": None,
        "lots": [_lot(lot) for lot in facts.lots],
    }
    names = {key, facts.reference, facts.first("cbc:ID")}
    return Publication(
        id=key,
        hit=hit,
        body=json.dumps(hit, ensure_ascii=False, separators=(",", ":")).encode(),
        types=frozenset(types),
        published_on=published_on,
        issued_on=issued_on,
        cpv=frozenset(hit["cpvCodes"]),
        amount=facts.value[0] if facts.value else None,
        text=f"{hit['heading']} {hit['description']}".casefold(),
        searchable=not names & chain.changed,
    )


def _chain(notices: Mapping[str, Facts]) -> _Chain:
    changed, cancelled, awarded = set(), set(), set()
    for facts in notices.values():
        # A UUID with version, a bare UUID, a Doffin id or a TED number: systems differ.
        changed.add(facts.first(".//efac:Changes/efbc:ChangedNoticeIdentifier"))
        folder = facts.first("cbc:ContractFolderID")
        result = facts.first("cbc:NoticeTypeCode/@listName") == "result"
        reason = facts.first(".//efac:ChangeReason/cbc:ReasonCode")
        if reason == "cancel" or (result and _is_cancelled_result(facts)):
            cancelled.add(folder)
        elif result:
            awarded.add(folder)
    nobody = {""}
    return _Chain(
        frozenset(changed - nobody), frozenset(cancelled - nobody), frozenset(awarded - nobody)
    )


def publications(
    notices: Mapping[str, bytes], today: date, overrides: Mapping[str, Override] | None = None
) -> dict[str, Publication]:
    """Return the search index over ``notices``: a changed notice is there, but not found.

    Raises:
        SourceChanged: one of them is not XML, or has no date of issue.
    """
    read = {key: read_facts(key, xml) for key, xml in notices.items()}
    chain = _chain(read)
    said = overrides or {}
    return {
        key: _publication(key, facts, today, chain, said.get(key, Override()))
        for key, facts in read.items()
    }
