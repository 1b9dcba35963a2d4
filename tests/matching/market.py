"""Small ways to make firms and lots for tests of matching."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from procmatch import codes
from procmatch.codes import orgnr
from procmatch.matching import SupplierIndex, match_lot, why
from procmatch.model.match import Criterion, Match
from procmatch.model.notice import Lot, Notice, NoticeKind, SelectionCriterion
from procmatch.model.organisation import (
    NORWAY,
    Accounts,
    Establishment,
    Evidence,
    IndustryCode,
    Organisation,
    OrgId,
    Supplier,
)
from procmatch.model.values import Money, Place, Text

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CODES = codes.builtin()
ASKER, BAERUM, TROMSO = "3203", "3201", "5501"
_made = iter(range(30000000, 39999999))


def number() -> str:
    """A fresh synthetic organisation number."""
    for first in _made:
        digit = orgnr.check_digit(str(first))
        if digit is not None:
            return f"{first}{digit}"
    raise AssertionError


def text(words: str) -> Text:
    return Text(versions=(("NOR", words),)) if words else Text()


def firm(
    name: str,
    industry: str = "",
    activity: str = "",
    *,
    at: str | None = ASKER,
    turnover: float | None = None,
    evidence: tuple[str, ...] = (),
    works_at: str | None = None,
    **facts: Any,  # noqa: ANN401 - whatever the model has
) -> Supplier:
    unit = Organisation(
        id=OrgId(NORWAY, number()),
        name=name,
        industry_codes=(IndustryCode("SN2025", industry),) if industry else (),
        activity=activity,
        business_place=Place(municipality=at),
        establishments=(
            (Establishment(number="1", name=name, place=Place(municipality=works_at)),)
            if works_at
            else ()
        ),
        **facts,
    )
    return Supplier(
        organisation=unit,
        accounts=(
            () if turnover is None else (Accounts(year=2025, turnover=Decimal(str(turnover))),)
        ),
        evidence=tuple(Evidence(kind=k, dimension="green", source="test") for k in evidence),
    )


#: Firms of other trades: in a market of one, no word is rare.
OTHERS = [firm(f"Bank {i} AS", "64.190", "Bankvirksomhet og forsikring.") for i in range(20)]


def lot(
    title: str = "",
    cpv: str | None = None,
    description: str = "",
    *,
    also: tuple[str, ...] = (),
    at: str | None = ASKER,
    value: float | None = None,
    asks: tuple[str, ...] = (),
    criteria: tuple[SelectionCriterion, ...] = (),
    **facts: Any,  # noqa: ANN401 - whatever the model has
) -> Lot:
    return Lot(
        id="LOT-0001",
        title=text(title),
        description=text(description),
        cpv_main=cpv,
        cpv_additional=also,
        places=(Place(municipality=at),) if at else (),
        value=None if value is None else Money(amount=Decimal(str(value)), currency="NOK"),
        selection_criteria=(
            *criteria,
            *(SelectionCriterion(description=text(one)) for one in asks),
        ),
        deadline=facts.pop("deadline", NOW + timedelta(days=20)),
        **facts,
    )


def notice(one: Lot) -> Notice:
    return Notice(
        source="doffin", source_id="2026-1", notice_id="n", version="01",
        kind=NoticeKind.COMPETITION, title=one.title, lots=(one,),
    )  # fmt: skip


def rank(one: Lot, *firms: Supplier, radius_km: float = 80) -> list[Match]:
    index = SupplierIndex.build(firms, codes=CODES)
    return match_lot(notice(one), one, index, codes=CODES, now=NOW, radius_km=radius_km)


def judge(one: Lot, supplier: Supplier) -> Match:
    """The match of one pair in a market of others, whoever it is."""
    index = SupplierIndex.build([supplier, *OTHERS], codes=CODES)
    return why(supplier, notice(one), one, index=index, now=NOW)


def criterion(match: Match, name: str) -> Criterion:
    """One row of the policy in a match."""
    return next(one for one in match.criteria if one.name == name)
