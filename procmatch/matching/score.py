"""Rank suppliers for a lot, lots for a supplier, suppliers for a need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import TypeAlias

from procmatch.codes import Codes, builtin
from procmatch.codes.cpv import normalise
from procmatch.matching.common import Asked, asked, share
from procmatch.matching.criteria import criteria, points_of, total
from procmatch.matching.eligibility import hurdles, verdict
from procmatch.matching.evidence import known_of
from procmatch.matching.judged import Judged, judge
from procmatch.matching.lacking import lacking
from procmatch.matching.need import Wanted, prepare
from procmatch.matching.profile import Profile, profile
from procmatch.matching.records import firm_of, key_of
from procmatch.matching.relevance.places import RADIUS_KM
from procmatch.matching.relevance.policy import DEFAULT_POLICY, RelevancePolicy
from procmatch.matching.relevance.suggest import CpvModel, suggest_cpv
from procmatch.matching.suppliers import SupplierIndex
from procmatch.model.match import Criterion, Hurdle, Match, Verdict
from procmatch.model.notice import Lot, Notice, NoticeKind
from procmatch.model.organisation import OrgId, Supplier
from procmatch.model.values import Money, Place, Text
from procmatch.text.messages import Message

__all__ = ["LotOf", "NeedAnswer", "match_lot", "match_lots", "match_need", "match_supplier", "why"]

#: (notice, lot, municipality of the buyer or None).
LotOf: TypeAlias = tuple[Notice, Lot, str | None]

#: Points from which a criterion is a reason; below half of that, where all was compared, it
#: speaks against.
_SPEAKS = {
    "trade": 0.3, "branch": 0.3, "words": 0.1, "subwords": 0.2, "place": 0.3, "capacity": 0.6,
}  # fmt: skip
_SPEAKS_AGAINST = {
    "trade": 0.15, "branch": 0.1, "words": 0.03, "subwords": 0.1, "place": 0.2, "capacity": 0.4,
}  # fmt: skip
#: A supplier of whom none of these says as much is not shown at all.
_RELEVANT = {"trade": 0.3, "branch": 0.3, "words": 0.15}
#: A certainty below this is no proposal to go by.
_SURE_ENOUGH = 0.3
#: So many of the likeliest are judged for each lot, whatever is shown of them: a list never changes
#: with its length.
_JUDGED = 300
#: Lots that are searched in one go.
_TOGETHER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAnswer:
    """Who could meet a need.

    Attributes:
        matches: those who can bid first, then by score.
        cpv: the codes it was matched by; proposed ones with their certainty 0..1, given ones with
            None.
        lacking: what the need does not say.
    """

    matches: list[Match]
    cpv: tuple[tuple[str, float | None], ...]
    lacking: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """One pair, as far as its place in the list needs."""

    one: Profile
    judged: Judged
    points: Mapping[str, float]
    score: float
    hurdles: tuple[Hurdle, ...]
    verdict: Verdict

    @property
    def rank(self) -> tuple[bool, float, OrgId]:
        """Those who can bid first, then by score; ties by number."""
        number = self.one.supplier.organisation.id
        return self.verdict is Verdict.NOT, -self.score, number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """How pairs are judged: all that is the same for every pair."""

    index: SupplierIndex
    codes: Codes
    policy: RelevancePolicy
    radius_km: float

    def pair(self, wanted: Wanted, one: Profile, found: Mapping[str, float]) -> _Pair:
        judged = judge(wanted, one, codes=self.codes, radius_km=self.radius_km)
        points = points_of(wanted, found)
        stops = hurdles(wanted, one, judged)
        return _Pair(
            one=one,
            judged=judged,
            points=points,
            score=total(points, self.policy),
            hurdles=stops,
            verdict=verdict(stops),
        )

    def match(self, wanted: Wanted, said: Asked, pair: _Pair) -> Match:
        """Say all that there is to say about a pair."""
        unit = pair.one.supplier.organisation
        every = criteria(
            wanted,
            pair.one,
            pair.judged,
            shared=share(said, pair.one, self.index.rarity),
            codes=self.codes,
            points=pair.points,
            policy=self.policy,
        )
        return Match(
            notice=wanted.notice.source_id or wanted.notice.notice_id,
            lot=wanted.lot.id,
            supplier=unit.id,
            supplier_name=unit.name,
            score=pair.score,
            verdict=pair.verdict,
            criteria=every,
            hurdles=pair.hurdles,
            reasons=tuple(one.reason for one in _speaking(every)),
            against=tuple(dict.fromkeys(one.reason for one in every if _against(one))),
            distance_km=pair.judged.near.distance_km if pair.judged.near else None,
            evidence=known_of(pair.one, wanted.now.date()),
        )


def _compared(one: Criterion) -> bool:
    return bool(one.lot_value and one.supplier_value and one.points)


def _speaking(every: Sequence[Criterion]) -> list[Criterion]:
    """Return the criteria that speak for a pair, in the order of the policy.

    A criterion that lacks a value on either side is no reason. When nothing says much, the best of
    those that say something stands alone.
    """
    compared = [one for one in every if _compared(one)]
    found = [one for one in compared if one.points >= _SPEAKS.get(one.name, 0.0)]
    return found or sorted(compared, key=lambda one: -one.points * one.weight)[:1]


def _against(one: Criterion) -> bool:
    """Whether a criterion speaks against a pair, or could not be compared."""
    if not one.lot_value and one.name in {"place", "capacity"}:
        return False
    return not one.supplier_value or one.points < _SPEAKS_AGAINST.get(one.name, 0.0)


def _relevant(wanted: Wanted, one: Profile, points: Mapping[str, float]) -> bool:
    """Whether what a supplier does has anything to do with a lot; being near is not enough."""
    known = dict(points)
    if not one.trades or not (wanted.need.cpv or wanted.need.work_training):
        known["trade"] = 0.0
    return any(known.get(name, 0.0) >= least for name, least in _RELEVANT.items())


def match_lot(
    notice: Notice,
    lot: Lot,
    suppliers: SupplierIndex | Sequence[Supplier],
    *,
    codes: Codes | None = None,
    policy: RelevancePolicy = DEFAULT_POLICY,
    now: datetime | None = None,
    radius_km: float = RADIUS_KM,
    buyer_municipality: str | None = None,
    limit: int | None = None,
) -> list[Match]:
    """Rank the suppliers who do what a lot asks for.

    Args:
        notice: the announcement.
        lot: which lot of it.
        suppliers: an index, or suppliers to build one of.
        codes: code lists; None means those of the index.
        policy: weights of the criteria.
        now: aware UTC; a passed deadline blocks. None means now.
        radius_km: how far a supplier normally travels.
        buyer_municipality: where the buyer is, when linkage knows.
        limit: how many at the most; None means all of the 300 likeliest who are relevant.

    Returns:
        Matches, those who can bid first, then by score; the same for any order of suppliers.
    """
    found = match_lots(
        [(notice, lot, buyer_municipality)],
        suppliers,
        codes=codes,
        policy=policy,
        now=now,
        radius_km=radius_km,
        limit=limit,
    )
    return next(found)


def match_lots(
    lots: Iterable[LotOf],
    suppliers: SupplierIndex | Sequence[Supplier],
    *,
    codes: Codes | None = None,
    policy: RelevancePolicy = DEFAULT_POLICY,
    now: datetime | None = None,
    radius_km: float = RADIUS_KM,
    limit: int | None = None,
) -> Iterator[list[Match]]:
    """Yield for each lot what :func:`match_lot` returns; many are searched in one go."""
    index = _index(suppliers, codes)
    known = codes or index.codes
    bench = _Judge(index=index, codes=known, policy=policy, radius_km=radius_km)
    moment = now or datetime.now(UTC)
    rest = iter(lots)
    while some := list(islice(rest, _TOGETHER)):
        prepared = [
            prepare(notice, lot, codes=known, now=moment, buyer_municipality=buyer)
            for notice, lot, buyer in some
        ]
        found = index.candidates(
            [one.need for one in prepared],
            policy=policy,
            radius_km=radius_km,
            limit=max(_JUDGED, limit or 0),
        )
        seen: dict[OrgId, Profile] = {}
        for wanted, orgs in zip(prepared, found, strict=True):
            new = [org for org in orgs if org not in seen]
            for org, supplier in index.fetch(new).items():
                seen[org] = profile(supplier, known)
            yield _listed(bench, wanted, [seen[org] for org in orgs if org in seen], limit)


def _listed(
    bench: _Judge, wanted: Wanted, found: Sequence[Profile], limit: int | None
) -> list[Match]:
    keys = [key_of(one.supplier.organisation.id) for one in found]
    points = bench.index.firms.points(wanted.need, keys, radius_km=bench.radius_km)
    pairs = [
        bench.pair(wanted, one, own)
        for one, own in zip(found, points, strict=True)
        if not one.supplier.organisation.is_person
        and _relevant(wanted, one, points_of(wanted, own))
    ]
    pairs.sort(key=lambda pair: pair.rank)
    said = asked(wanted.need)
    return [bench.match(wanted, said, pair) for pair in pairs[:limit]]


def _index(suppliers: SupplierIndex | Sequence[Supplier], codes: Codes | None) -> SupplierIndex:
    if isinstance(suppliers, SupplierIndex):
        return suppliers
    return SupplierIndex.build(suppliers, codes=codes)


def match_supplier(
    supplier: Supplier,
    lots: Iterable[LotOf],
    *,
    index: SupplierIndex,
    codes: Codes | None = None,
    policy: RelevancePolicy = DEFAULT_POLICY,
    now: datetime | None = None,
    radius_km: float = RADIUS_KM,
    limit: int | None = None,
    every: bool = False,
) -> list[Match]:
    """Rank lots for one supplier, by the same criteria and the same rarity of words.

    Args:
        supplier: who asks; a sole proprietor may ask for itself.
        lots: (notice, lot, municipality of the buyer or None).
        index: the market, which says how rare a word is.
        codes: code lists; None means those of the index.
        policy: weights of the criteria.
        now: aware UTC; None means now.
        radius_km: how far the supplier normally travels.
        limit: how many at the most.
        every: also lots that have nothing to do with what the supplier does, for one who asks why.
    """
    known = codes or index.codes
    bench = _Judge(index=index, codes=known, policy=policy, radius_km=radius_km)
    moment = now or datetime.now(UTC)
    one = profile(supplier, known)
    firm = replace(firm_of(supplier, known, one), blocked=False)
    alone = index.firms.alone(firm)
    pairs = []
    for notice, lot, buyer in lots:
        wanted = prepare(notice, lot, codes=known, now=moment, buyer_municipality=buyer)
        (points,) = alone.points(wanted.need, [firm.key], radius_km=radius_km)
        if every or _relevant(wanted, one, points_of(wanted, points)):
            pairs.append((bench.pair(wanted, one, points), wanted))
    pairs.sort(key=lambda two: (*two[0].rank, two[1].notice.source_id or "", two[1].lot.id))
    return [bench.match(wanted, asked(wanted.need), pair) for pair, wanted in pairs[:limit]]


def why(
    supplier: Supplier,
    notice: Notice,
    lot: Lot,
    *,
    index: SupplierIndex,
    codes: Codes | None = None,
    policy: RelevancePolicy = DEFAULT_POLICY,
    now: datetime | None = None,
    radius_km: float = RADIUS_KM,
    buyer_municipality: str | None = None,
) -> Match:
    """Judge one supplier on one lot, whoever it is: for one who asks why it is not in the list."""
    (match,) = match_supplier(
        supplier,
        [(notice, lot, buyer_municipality)],
        index=index,
        codes=codes,
        policy=policy,
        now=now,
        radius_km=radius_km,
        every=True,
    )
    return match


def match_need(
    text: str,
    *,
    cpv: Sequence[str] = (),
    municipality: str | None = None,
    value: Decimal | None = None,
    suppliers: SupplierIndex | Sequence[Supplier],
    codes: Codes | None = None,
    policy: RelevancePolicy = DEFAULT_POLICY,
    now: datetime | None = None,
    radius_km: float = RADIUS_KM,
    limit: int | None = None,
    model: CpvModel | None = None,
) -> NeedAnswer:
    """Rank suppliers for a need told in words, before any tender exists.

    Args:
        text: what is needed.
        cpv: codes, if known; else they are proposed from the words.
        municipality: where, four digits.
        value: NOK a year excl. VAT, if known.
        suppliers: an index, or suppliers to build one of.
        codes: code lists; None means those of the index.
        policy: weights of the criteria.
        now: aware UTC; None means now.
        radius_km: how far a supplier normally travels.
        limit: how many at the most.
        model: proposes codes; None means by words and labels alone.

    Raises:
        CodeError: one of ``cpv`` is not a CPV code.
    """
    given = [normalise(code) for code in cpv]
    proposed = [] if given else suggest_cpv(text, model=model)
    used = given or [code for code, certainty in proposed if certainty >= _SURE_ENOUGH]
    title = Text(versions=(("NOR", text),))
    lot = Lot(
        id="LOT-0000",
        title=title,
        cpv_main=used[0] if used else None,
        cpv_additional=tuple(used[1:]),
        places=(Place(municipality=municipality),) if municipality else (),
        value=Money(amount=value, currency="NOK") if value is not None else None,
    )
    notice = Notice(
        notice_id="need", version="01", kind=NoticeKind.PLANNING, title=title, lots=(lot,)
    )
    index = _index(suppliers, codes)
    known = codes or index.codes or builtin()
    matches = match_lot(
        notice,
        lot,
        index,
        codes=known,
        policy=policy,
        now=now,
        radius_km=radius_km,
        limit=limit,
    )
    named: tuple[tuple[str, float | None], ...] = tuple((code, None) for code in given)
    return NeedAnswer(
        matches=matches,
        cpv=named or tuple(proposed),
        lacking=lacking(notice, lot, codes=known),
    )
