"""What the searches of Doffin and TED show of generated notices, and a stand-in's whole content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from procmatch.demo.standins.content import Content
from procmatch.demo.standins.faults import Faults
from procmatch.demo.standins.hits import ROLLUPS, Publication
from procmatch.demo.standins.ted_rows import links_of
from tests.generated.market import TODAY, Bodies, Market
from tests.generated.model import LotResult, Notice, Published

__all__ = ["content", "faults"]

_BRUSSELS = ZoneInfo("Europe/Brussels")
#: Raw, and inside a text that calls for an escape.
_CONTROL = b"\n\x0b\t"
Json = dict[str, Any]


def content(market: Market, *, everything_found: bool = False) -> Content:
    """Return what a stand-in serves.

    Args:
        market: what was published.
        everything_found: a search also finds what was superseded, as if somebody had read along
            all the years.
    """
    index = {
        key: _entry(one, searchable=everything_found or one.searchable)
        for key, one in market.doffin.items()
    }
    return Content(
        today=TODAY,
        notices=Bodies(market.doffin),
        index=index,
        ted=Bodies(market.ted),
        ted_rows=[_row(one) for one in market.ted.values()],
    )


def faults(market: Market, **more: object) -> Faults:
    """Return all traps of Doffin at once, without waiting times; ``more`` replaces some."""
    failing = {key: (404, times) for key, times in market.not_yet.items()}
    failing |= {key: (500, times) for key, times in market.broken.items()}
    known: Json = {
        "rate_limit": 0,
        "retry_after_s": 0,
        "refuse_every": 250,
        "refuse_times": 4,
        "failing_downloads": failing,
        "late_download": None,
        "broken_download": None,
        "html_error": True,
        "lone_hit": True,
    }
    return Faults(**(known | more))


def _party(name: str, number: str | None) -> Json:
    mark = hashlib.md5(f"{name}{number}".encode(), usedforsecurity=False).hexdigest()
    return {"id": mark, "organizationId": number, "name": name}


def _codes(code: str) -> list[str]:
    above = {code[:digits].ljust(8, "0") for digits in range(2, 9)}
    return sorted(above, key=lambda one: hashlib.sha256(one.encode()).hexdigest())


def _types(kind: str) -> list[str]:
    found = [kind, *(up for up, below in ROLLUPS.items() if kind in below)]
    return [*found, "PLANNING"] if kind == "PRE_ANNOUNCEMENT" else found


def _zulu(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _lots(notice: Notice) -> list[Json]:
    results = {one.lot: one for one in notice.results}
    return [
        {"heading": lot.title, "description": "", "winner": _winner(results.get(lot.id))}
        for lot in notice.lots
    ]


def _winner(result: LotResult | None) -> list[Json]:
    return [_party(*result.winner)] if result and result.winner else []


def _hit(one: Published) -> Json:
    notice = one.notice
    state = notice.state
    shows_deadline = notice.form == "competition" and state.deadline and notice.subtype != "99"
    tenders = sum(result.tenders for result in notice.results)
    return {
        "id": one.id,
        "buyer": [_party(notice.buyer.name, notice.buyer.printed)],
        "heading": notice.title,
        "description": state.description,
        "locationId": [notice.buyer.nuts],
        "estimatedValue": {"currencyCode": "NOK", "amount": state.value} if state.value else None,
        "type": one.kind,
        "allTypes": _types(one.kind),
        "status": one.status,
        "issueDate": _zulu(notice.issued_at),
        "deadline": _zulu(state.deadline) if shows_deadline and state.deadline else None,
        "publicationDate": one.published_on.isoformat(),
        "receivedTenders": tenders if notice.results else None,
        "allReceivedTenders": [{"type": "tenders", "total": tenders}] if notice.results else None,
        "cpvCodes": _codes(notice.cpv),
        "limitedDataFlag": None,
        "doffinClassicUrl": None,
        "lots": _lots(notice),
    }


def _entry(one: Published, *, searchable: bool) -> Publication:
    hit = _hit(one)
    body = json.dumps(hit, ensure_ascii=False, separators=(",", ":")).encode()
    if one.control_characters:
        before, mark, after = body.partition(b'"description":"')
        body = before + mark + _CONTROL + after
    return Publication(
        id=one.id,
        hit=hit,
        body=body,
        types=frozenset(hit["allTypes"]),
        published_on=one.published_on,
        issued_on=one.notice.issued_at.date(),
        cpv=frozenset(hit["cpvCodes"]),
        amount=one.notice.state.value,
        text=f"{hit['heading']} {hit['description']}".casefold(),
        searchable=searchable,
    )


def _offset_date(day: date) -> str:
    """Return ``2026-08-31+02:00``."""
    local = datetime.combine(day, time(9), UTC).astimezone(_BRUSSELS)
    offset = local.utcoffset() or timedelta()
    return f"{day:%Y-%m-%d}+{offset // timedelta(hours=1):02d}:00"


def _row(one: Published) -> Json:
    """Return what TED's search shows; what is absent is an absent key."""
    notice = one.notice
    state, buyer = notice.state, notice.buyer
    winners = [result.winner for result in notice.results if result.winner]
    lots = notice.lots
    competing = notice.form == "competition" and state.deadline
    row: Mapping[str, Any] = {
        "publication-number": one.id,
        "publication-date": _offset_date(one.published_on),
        "dispatch-date": f"{notice.issued_at:%Y-%m-%d}Z",
        "buyer-name": {"eng": [buyer.name]},
        "buyer-country": ["NOR"],
        "organisation-identifier-buyer": [buyer.printed],
        "winner-name": {"eng": [name for name, _ in winners]} if winners else None,
        "winner-identifier": [number for _, number in winners],
        "links": links_of(one.id),
        "notice-identifier": notice.id,
        "notice-version": notice.version,
        "procedure-identifier": notice.procedure,
        "form-type": notice.form,
        "notice-type": notice.code,
        "notice-subtype": notice.subtype,
        "contract-nature-main-proc": notice.nature,
        "change-notice-version-identifier": notice.changes or None,
        "classification-cpv": [notice.cpv],
        "main-classification-proc": [notice.cpv],
        "place-of-performance": [buyer.nuts, "NOR"],
        "official-language": ["NOR"],
        "title-proc": {"eng": notice.english, "nor": notice.title},
        "description-proc": {"eng": "As described in the documents."},
        "identifier-lot": [] if notice.form == "planning" else [lot.id for lot in lots],
        "estimated-value-proc": str(state.value) if state.value else None,
        "estimated-value-cur-proc": "NOK" if state.value else None,
        "deadline-receipt-tender-date-lot": (
            [f"{state.deadline:%Y-%m-%d}Z" for _ in lots] if competing else None
        ),
        "winner-selection-status": [
            "selec-w" if result.winner else "clos-nw" for result in notice.results
        ],
    }
    return {name: value for name, value in row.items() if value}
