"""The board of open lots: read once, and each firm that asks is set against all of them in one go.

A firm gets what it gets when it asks lot by lot: the same lots in the same order, with the same
points, hurdles and sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeAlias

from procmatch.codes import Codes
from procmatch.matching.common import Asked, asked
from procmatch.matching.criteria import points_of
from procmatch.matching.index import NeedIndex
from procmatch.matching.judging import Bench, may_be_relevant, relevant
from procmatch.matching.need import Wanted, prepare
from procmatch.matching.past import PastOfNeeds
from procmatch.matching.profile import profile
from procmatch.matching.records import firm_of
from procmatch.matching.relevance.places import RADIUS_KM
from procmatch.matching.relevance.policy import DEFAULT_POLICY, RelevancePolicy
from procmatch.matching.suppliers import SupplierIndex
from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import Supplier

__all__ = ["Board", "LotOf"]

#: (notice, lot, municipality of the buyer or None).
LotOf: TypeAlias = tuple[Notice, Lot, str | None]


@dataclass(frozen=True, slots=True)
class Board:
    """Lots prepared for every firm that will ask.

    Attributes:
        index: the market, which says how rare words are.
        codes: code lists that the lots were read with.
        lots: as matching sees them. buyers: the municipality of each one's buyer, or None.
        needs: the same lots, laid out for firms.
    """

    index: SupplierIndex
    codes: Codes
    lots: Sequence[Wanted]
    buyers: Sequence[str | None]
    needs: NeedIndex
    _asked: dict[int, Asked] = field(default_factory=dict)
    _past: list[PastOfNeeds] = field(default_factory=list)

    @staticmethod
    def prepare(
        lots: Iterable[LotOf],
        *,
        index: SupplierIndex,
        codes: Codes | None = None,
        like: Board | None = None,
    ) -> Board:
        """Put lots on a board.

        Args:
            lots: (notice, lot, municipality of the buyer or None).
            index: the market.
            codes: code lists; None means those of the index.
            like: the board as it was; lots that hang there unchanged are not read again.
        """
        known = codes or index.codes
        pairs = list(_read(lots, known, like))
        wanted = [one for one, _ in pairs]
        return Board(
            index=index,
            codes=known,
            lots=wanted,
            buyers=[buyer for _, buyer in pairs],
            needs=NeedIndex.build(
                index.firms, [one.need for one in wanted], like.needs if like else None
            ),
        )

    def __len__(self) -> int:
        return len(self.lots)

    def matches(
        self,
        supplier: Supplier,
        *,
        policy: RelevancePolicy = DEFAULT_POLICY,
        now: datetime | None = None,
        radius_km: float = RADIUS_KM,
        limit: int | None = None,
        every: bool = False,
    ) -> list[Match]:
        """Rank the lots for one supplier; see :func:`procmatch.matching.match_supplier`."""
        bench = Bench(index=self.index, codes=self.codes, policy=policy, radius_km=radius_km)
        moment = now or datetime.now(UTC)
        one = profile(supplier, self.codes)
        firm = replace(firm_of(supplier, self.codes, one), blocked=False)
        points = self.needs.points(firm, radius_km=radius_km)
        looked_at = range(len(self)) if every else may_be_relevant(points).nonzero()[0].tolist()
        if self.index.past is not None and policy.looks_back:
            points |= self._past_awards().of(firm.key, policy)
        pairs = []
        for at in looked_at:
            wanted = replace(self.lots[at], now=moment)
            own = {name: float(values[at]) for name, values in points.items()}
            counted = points_of(wanted, own)
            if every or relevant(wanted, one, counted):
                pairs.append((bench.pair(wanted, one, counted), wanted, at))
        pairs.sort(key=lambda each: (*each[0].rank, each[1].notice.source_id or "", each[1].lot.id))
        return [bench.match(wanted, self._words(at), pair) for pair, wanted, at in pairs[:limit]]

    def _words(self, at: int) -> Asked:
        """Return a lot's words, prepared when the first firm shares some with it."""
        found = self._asked.get(at)
        if found is None:
            found = self._asked[at] = asked(self.lots[at].need)
        return found

    def _past_awards(self) -> PastOfNeeds:
        """Return what past awards say of the lots, worked out when they first count."""
        if not self._past:
            assert self.index.past is not None
            self._past.append(self.index.past.of_needs(self.needs.needs))
        return self._past[0]


def _read(
    lots: Iterable[LotOf], codes: Codes, like: Board | None
) -> Iterator[tuple[Wanted, str | None]]:
    """Yield lots prepared, with their buyers' towns; those that hung there before as they were."""
    before: dict[tuple[str, str], tuple[Wanted, str | None]] = {}
    if like and like.codes == codes:
        for one, town in zip(like.lots, like.buyers, strict=True):
            before[one.notice.notice_id, one.lot.id] = one, town
    now = datetime.now(UTC)
    same: dict[tuple[int, int], bool] = {}
    for notice, lot, buyer in lots:
        old = before.get((notice.notice_id, lot.id))
        if old and old[1] == buyer and old[0].lot == lot:
            # A notice of many lots is compared once.
            pair = id(old[0].notice), id(notice)
            if pair not in same:
                same[pair] = old[0].notice == notice
            if same[pair]:
                yield old
                continue
        # The moment that matters is the one at which a firm asks.
        yield prepare(notice, lot, codes=codes, now=now, buyer_municipality=buyer), buyer
