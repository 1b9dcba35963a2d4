"""Rank suppliers for a lot, lots for a supplier, suppliers for a need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from procmatch.codes import Codes
from procmatch.codes.cpv import normalise
from procmatch.matching.criteria import WORK_TRAINING, Judged, judge
from procmatch.matching.eligibility import hurdles, verdict
from procmatch.matching.evidence import known_of
from procmatch.matching.need import Wanted, prepare
from procmatch.matching.policy import DEFAULT_POLICY, Policy
from procmatch.matching.profile import Profile, SupplierIndex, profile
from procmatch.matching.size import size_said
from procmatch.model.match import Criterion, Match
from procmatch.model.notice import Lot, Notice, NoticeKind
from procmatch.model.organisation import Supplier
from procmatch.model.values import Money, Place, Text

__all__ = ["match_lot", "match_need", "match_supplier"]

#: Below this a reason is no reason.
_SAYS_SOMETHING = 0.3
#: A supplier whose trade and words say so little is not shown at all.
_RELEVANT = 0.15


def _score(judged: Judged, policy: Policy) -> float:
    total = sum(one.points * one.weight for one in judged.criteria)
    return min(1.0, max(0.0, total / policy.total))


def _speaking(judged: Judged) -> list[Criterion]:
    """Return the criteria that speak for a pair, best first.

    A criterion that lacks a value on either side is neutral: it counts, but is no reason. When
    nothing says much, the best of those that say something stands alone.
    """
    compared = [one for one in judged.criteria if one.weight and one.lot_value]
    compared = [one for one in compared if one.supplier_value and one.points]
    compared.sort(key=lambda one: -one.points * one.weight)
    return [one for one in compared if one.points >= _SAYS_SOMETHING] or compared[:1]


def _match(wanted: Wanted, one: Profile, judged: Judged, policy: Policy) -> Match:
    found = hurdles(wanted, one, judged)
    return Match(
        notice=wanted.notice.source_id or wanted.notice.notice_id,
        lot=wanted.lot.id,
        supplier=one.supplier.organisation.id,
        supplier_name=one.supplier.organisation.name,
        score=_score(judged, policy),
        verdict=verdict(found),
        criteria=judged.criteria,
        hurdles=found,
        reasons=tuple(criterion.reason for criterion in _speaking(judged)),
        distance_km=judged.near.distance_km if judged.near else None,
        evidence=known_of(one, wanted.now.date()),
        size=size_said(one.supplier),
    )


def _rank(matches: Iterable[Match]) -> list[Match]:
    """Those who can bid first, then by score; ties by number, so that the order is stable."""
    return sorted(
        matches,
        key=lambda one: (
            one.verdict.value == "not",
            -round(one.score, 9),
            one.supplier,
            one.notice,
            one.lot,
        ),
    )


def _rarity(wanted: Wanted, index: SupplierIndex) -> dict[str, float]:
    return {word: index.rarity(word) for word in wanted.words}


def _relevant(judged: Judged) -> bool:
    industry, text = judged.criteria[0].points, judged.criteria[1].points
    return max(industry, text) >= _RELEVANT


def _weights(policy: Policy) -> Mapping[str, float]:
    return {row.name: row.weight for row in policy.rows}


def match_lot(
    notice: Notice,
    lot: Lot,
    suppliers: SupplierIndex | Sequence[Supplier],
    *,
    codes: Codes,
    policy: Policy = DEFAULT_POLICY,
    now: datetime,
    radius_km: float,
    buyer_municipality: str | None = None,
    limit: int | None = None,
) -> list[Match]:
    """Rank the suppliers whose trade or words answer a lot.

    Args:
        notice: the announcement.
        lot: which lot of it.
        suppliers: an index, or suppliers to build one of.
        codes: code lists.
        policy: weights of the criteria.
        now: aware UTC; a passed deadline blocks.
        radius_km: how far a supplier normally travels.
        buyer_municipality: where the buyer is, when linkage knows.
        limit: how many at the most.

    Returns:
        Matches, those who can bid first, then by score; the same for any order of suppliers.
    """
    index = _index(suppliers, codes)
    wanted = prepare(notice, lot, codes=codes, now=now, buyer_municipality=buyer_municipality)
    rarity, weights = _rarity(wanted, index), _weights(policy)
    found = []
    welcome = WORK_TRAINING if "res-ws" in lot.reserved else None
    codes_ = [code for code, _ in wanted.cpv]
    for one in index.candidates(codes_, wanted.words, welcome=welcome):
        judged = judge(
            wanted, one, codes=codes, rarity=rarity, weights=weights, radius_km=radius_km
        )
        if _relevant(judged):
            found.append(_match(wanted, one, judged, policy))
    return _rank(found)[:limit]


def _index(suppliers: SupplierIndex | Sequence[Supplier], codes: Codes) -> SupplierIndex:
    if isinstance(suppliers, SupplierIndex):
        return suppliers
    return SupplierIndex.build(suppliers, codes=codes)


def match_supplier(
    supplier: Supplier,
    lots: Iterable[tuple[Notice, Lot, str | None]],
    *,
    index: SupplierIndex,
    codes: Codes,
    policy: Policy = DEFAULT_POLICY,
    now: datetime,
    radius_km: float,
) -> list[Match]:
    """Rank lots for one supplier, by the same criteria and the same rarity of words.

    Args:
        supplier: who asks; a sole proprietor may ask for itself.
        lots: (notice, lot, municipality of the buyer or None).
        index: the market, which says how rare a word is.
        codes: code lists.
        policy: weights of the criteria.
        now: aware UTC.
        radius_km: how far the supplier normally travels.
    """
    one = profile(supplier, codes)
    weights = _weights(policy)
    found = []
    for notice, lot, buyer_municipality in lots:
        wanted = prepare(notice, lot, codes=codes, now=now, buyer_municipality=buyer_municipality)
        judged = judge(
            wanted,
            one,
            codes=codes,
            rarity=_rarity(wanted, index),
            weights=weights,
            radius_km=radius_km,
        )
        if _relevant(judged):
            found.append(_match(wanted, one, judged, policy))
    return _rank(found)


def match_need(
    text: str,
    *,
    cpv: Sequence[str] = (),
    municipality: str | None = None,
    value: Decimal | None = None,
    suppliers: SupplierIndex | Sequence[Supplier],
    codes: Codes,
    policy: Policy = DEFAULT_POLICY,
    now: datetime,
    radius_km: float,
) -> list[Match]:
    """Rank suppliers for a need told in words, before any tender exists.

    Args:
        text: what is needed.
        cpv: codes, if known.
        municipality: where, four digits.
        value: NOK a year excl. VAT, if known.
        suppliers: an index, or suppliers to build one of.
        codes: code lists.
        policy: weights of the criteria.
        now: aware UTC.
        radius_km: how far a supplier normally travels.

    Raises:
        CodeError: one of ``cpv`` is not a CPV code.
    """
    known = [normalise(code) for code in cpv]
    title = Text(versions=(("NOR", text),))
    lot = Lot(
        id="LOT-0000",
        title=title,
        cpv_main=known[0] if known else None,
        cpv_additional=tuple(known[1:]),
        places=(Place(municipality=municipality),) if municipality else (),
        value=Money(amount=value, currency="NOK") if value is not None else None,
    )
    notice = Notice(
        notice_id="need", version="01", kind=NoticeKind.PLANNING, title=title, lots=(lot,)
    )
    return match_lot(
        notice, lot, suppliers, codes=codes, policy=policy, now=now, radius_km=radius_km
    )
