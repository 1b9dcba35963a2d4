"""Rank suppliers for a lot, and lots for a supplier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from procmatch.codes import Codes
from procmatch.matching.board import Board, LotOf
from procmatch.matching.common import asked
from procmatch.matching.criteria import columns_of, total, totals
from procmatch.matching.index import Heard
from procmatch.matching.judging import Bench, Pair, relevant, says_enough
from procmatch.matching.need import Wanted, prepare
from procmatch.matching.past import opened
from procmatch.matching.profile import Profile, profile
from procmatch.matching.ranking import Ranking
from procmatch.matching.records import key_of
from procmatch.matching.relevance.places import RADIUS_KM
from procmatch.matching.relevance.policy import DEFAULT_POLICY, RelevancePolicy
from procmatch.matching.suppliers import SupplierIndex
from procmatch.model.match import Match, Verdict
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import OrgId, Supplier

__all__ = ["LotOf", "match_lot", "match_lots", "match_supplier", "rank_lots", "why"]

#: So many of the likeliest are judged for each lot, whatever is shown of them: a list never changes
#: with its length.
_JUDGED = 300
#: Of a list this short only those are judged that may stand in it: so many times its length in
#: one go, for some cannot bid.
_FEW, _AHEAD = 20, 3
#: Lots that are searched in one go.
_TOGETHER = 200


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
    rankings = rank_lots(
        lots, suppliers, codes=codes, policy=policy, now=now, radius_km=radius_km, limit=limit
    )
    for ranking in rankings:
        yield ranking[:limit]


def rank_lots(
    lots: Iterable[LotOf],
    suppliers: SupplierIndex | Sequence[Supplier],
    *,
    codes: Codes | None = None,
    policy: RelevancePolicy = DEFAULT_POLICY,
    now: datetime | None = None,
    radius_km: float = RADIUS_KM,
    limit: int | None = None,
    within_km: float | None = None,
) -> Iterator[Ranking]:
    """Yield for each lot all that :func:`match_lot` chooses from, said when it is looked at.

    Where ``limit`` is small, of those alone that may stand among so many. Who is known to work
    farther away than ``within_km`` stands beside the ranking and is not judged; None judges all.
    """
    index = _index(suppliers, codes)
    known = codes or index.codes
    bench = Bench(index=index, codes=known, policy=policy, radius_km=radius_km)
    moment = now or datetime.now(UTC)
    rest = iter(lots)
    while some := list(islice(rest, _TOGETHER)):
        prepared = [
            prepare(notice, lot, codes=known, now=moment, buyer_municipality=buyer)
            for notice, lot, buyer in some
        ]
        heard: Heard = {}
        found = index.candidates(
            [one.need for one in prepared],
            policy=policy,
            radius_km=radius_km,
            limit=max(_JUDGED, limit or 0),
            heard=heard,
        )
        read = _Reader(bench)
        few = limit is not None and limit <= _FEW and not policy.looks_back
        for wanted, orgs in zip(prepared, found, strict=True):
            scored = _scored(bench, wanted, orgs, heard)
            beyond = []
            if within_km is not None:
                far = index.farther(orgs, wanted.municipalities, within_km)
                beyond = [
                    one for one in scored if one.org in far and says_enough(wanted, one.points)
                ]
                scored = [one for one in scored if one.org not in far]
            pairs = _pairs(read, wanted, scored, (limit or 0) if few else len(orgs))
            yield _ranked(bench, wanted, pairs, beyond)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads firms for lots that are judged together: each once."""

    bench: Bench
    _seen: dict[OrgId, Profile] = field(default_factory=dict)

    def __call__(self, orgs: Sequence[OrgId]) -> list[Profile]:
        """Return those that the market has in full, in their order."""
        index, codes, seen = self.bench.index, self.bench.codes, self._seen
        new = [org for org in orgs if org not in seen]
        if codes is index.codes:
            seen |= index.profiles(new)
        else:
            seen |= {org: profile(one, codes) for org, one in index.fetch(new).items()}
        return [seen[org] for org in orgs if org in seen]


class _Scored(NamedTuple):
    """A candidate before anything is read of it but what the index knows."""

    org: OrgId
    points: dict[str, float]
    score: float


def _scored(bench: Bench, wanted: Wanted, orgs: Sequence[OrgId], heard: Heard) -> list[_Scored]:
    """Return the candidates by score; equal ones by number."""
    found = bench.index.points(
        wanted.need,
        list(map(key_of, orgs)),
        policy=bench.policy,
        radius_km=bench.radius_km,
        heard=heard,
    )
    columns = columns_of(wanted, found)
    each = zip(*(column.tolist() for column in columns.values()), strict=True)
    rows = [dict(zip(columns, row, strict=True)) for row in each]
    scored = list(map(_Scored, orgs, rows, totals(columns, bench.policy)))
    scored.sort(key=lambda one: (-one.score, one.org))
    return scored


def _pairs(read: _Reader, wanted: Wanted, scored: Sequence[_Scored], enough: int) -> list[Pair]:
    """Judge the likeliest by score; of the others none can come before ``enough`` who can bid."""
    bench = read.bench
    look, able = bench.look(wanted), 0
    pairs: list[Pair] = []
    step = min(len(scored), _AHEAD * enough) or 1
    for start in range(0, len(scored), step):
        if able >= enough:
            break
        some = {one.org: one for one in scored[start : start + step]}
        for one in read(list(some)):
            own = some[one.supplier.organisation.id]
            if one.supplier.may_be_listed and relevant(wanted, one, own.points):
                pair = bench.pair(wanted, one, own.points, own.score, look)
                pairs.append(pair)
                able += pair.verdict is not Verdict.NOT
    return pairs


def _ranked(bench: Bench, wanted: Wanted, pairs: list[Pair], beyond: Sequence[_Scored]) -> Ranking:
    pairs.sort(key=lambda pair: pair.rank)
    if bench.policy.looks_back:
        able = [pair for pair in pairs if pair.verdict is not Verdict.NOT]
        plain = bench.policy.open_to_all()
        pairs = [*opened(able, lambda pair: total(pair.points, plain)), *pairs[len(able) :]]
    return Ranking(
        pairs=pairs,
        wanted=wanted,
        asked=asked(wanted.need).remembering(),
        bench=bench,
        beyond=tuple((one.org, one.score) for one in beyond),
    )


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

    For several suppliers the lots are prepared once:
    :class:`procmatch.matching.board.Board`.

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
    board = Board.prepare(lots, index=index, codes=codes)
    return board.matches(
        supplier, policy=policy, now=now, radius_km=radius_km, limit=limit, every=every
    )


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
