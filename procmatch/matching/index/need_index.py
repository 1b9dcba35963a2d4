"""Needs laid out for firms: how well one firm answers each of them, by the ranking policy.

The other side of :class:`procmatch.matching.index.FirmIndex`: many needs are read once in the words
of a market, and a firm is set against all of them in one go. What it gets is, bit for bit, what
:meth:`FirmIndex.points` gives it need by need: the same figures are summed in the same order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.matching.index.asking import CRITERIA, Said, understood
from procmatch.matching.index.need_places import NeedPlaces
from procmatch.matching.index.need_trades import NeedTrades
from procmatch.matching.index.search import FirmIndex
from procmatch.matching.index.shapes import Array
from procmatch.matching.relevance.arrays import Sparse
from procmatch.matching.relevance.capacity import EASY, LEAST_TURNOVER, SPAN
from procmatch.matching.relevance.places import NEUTRAL, RADIUS_KM
from procmatch.matching.relevance.records import Firm, Need
from procmatch.matching.relevance.voice import NO_COLUMN, voice

__all__ = ["NeedIndex"]


@dataclass(frozen=True, slots=True)
class NeedIndex:
    """Needs laid out for firms of a market.

    Attributes:
        market: whose firms; it says how rare words are and what past awards taught of trades.
        needs: in their order. said: each of them in the words of the market.
        words, branches, runs: columns of the market x needs (CSR): what each need says of each.
        unknown: stem or CPV prefix that nobody in the market has -> the needs that name it.
        yearly: value a year of each, not a number when unknown.
        trades, places: the needs by their codes, and by where they are.
    """

    market: FirmIndex
    needs: Sequence[Need]
    said: Sequence[Said]
    words: Sparse
    branches: Sparse
    runs: Sparse
    unknown: Mapping[str, Sequence[int]]
    yearly: Array
    trades: NeedTrades
    places: NeedPlaces

    @staticmethod
    def build(market: FirmIndex, needs: Sequence[Need], like: NeedIndex | None = None) -> NeedIndex:
        """Lay needs out.

        Args:
            market: whose firms will be set against them.
            needs: any number.
            like: an earlier index; needs that it has, and reads in the words of the same market,
                are not read again.
        """
        base = market.base
        known: dict[Need, Said] = {}
        if like and like.market.base.wording.stems is base.wording.stems:
            known = dict(zip(like.needs, like.said, strict=True))
        room = np.zeros(len(base.wording.lettering.rarity), dtype=np.float32)
        said = [known.get(need) or understood(base, need, room) for need in needs]
        unknown: dict[str, list[int]] = {}
        for at, one in enumerate(said):
            for name in one.words.unknown:
                unknown.setdefault(name, []).append(at)
        wording = base.wording
        return NeedIndex(
            market=market,
            needs=list(needs),
            said=said,
            words=_by_column([(o.words.words, o.words.values) for o in said], len(wording.stems)),
            branches=_by_column(
                [(o.words.branches, o.words.branch_values) for o in said], len(wording.prefixes)
            ),
            runs=_by_column([(o.run, o.run_value) for o in said], len(room)),
            unknown=unknown,
            yearly=np.array(
                [math.nan if need.yearly is None else need.yearly for need in needs],
                dtype=np.float64,
            ),
            trades=NeedTrades.build(needs, base.trades),
            places=NeedPlaces.build(needs, base.sites.places),
        )

    def __len__(self) -> int:
        return len(self.needs)

    def points(self, firm: Firm, *, radius_km: float = RADIUS_KM) -> dict[str, Array]:
        """Return the points 0..1 of each criterion for a firm: name -> by need (float64).

        Args:
            firm: need not stand in the market.
            radius_km: how far it normally travels.
        """
        base = self.market.base
        own = voice(base.wording, firm, base.common)
        answers, vans = self.trades.answers(firm)
        turnover = math.nan if firm.turnover is None else float(np.float32(firm.turnover))
        found = {
            "trade": answers.astype(np.float64),
            "branch": _met(own.branches, own.branch_values, self.branches),
            "words": _met(own.words, own.word_values, self.words),
            "subwords": self._alike(own.letters, own.rarity, own.word_values) * own.stretch,
            "place": self.places.near(firm, vans, radius_km).astype(np.float64),
            "capacity": _carried(self.yearly, turnover),
            "size": np.full(len(self.needs), float(np.float32(firm.size or 0.0))),
        }
        for name in ("branch", "words", "subwords"):
            found[name] = np.minimum(1.0, found[name].astype(np.float64))
        self._read_again(firm, own.new, radius_km, found)
        return {name: found[name] for name in CRITERIA}

    def _alike(self, letters: Sparse, rarity: Array, values: Array) -> Array:
        """Return how many rare runs of letters a firm's words share with each need (float32)."""
        shared = (letters @ self.runs).toarray() / rarity[:, None]
        many = len(values)
        one = sparse.csr_matrix((values, np.arange(many), [0, many]), shape=(1, many))
        found: Array = np.asarray(one @ shared)[0]
        return found

    def _read_again(
        self, firm: Firm, new: frozenset[str], radius_km: float, found: dict[str, Array]
    ) -> None:
        """Set right what needs get that name something only this firm has: it is known by that."""
        again = sorted({at for name in new for at in self.unknown.get(name, ())})
        if not again:
            return
        alone = self.market.alone(firm)
        for at in again:
            points = alone.points(self.needs[at], [firm.key], radius_km=radius_km)
            for name, (value,) in points.items():
                found[name][at] = value


def _by_column(needs: Sequence[tuple[Array, Array]], columns: int) -> Sparse:
    """Return columns x needs (CSR, float32) of what each need says of some columns."""
    starts = np.cumsum([0, *(len(at) for at, _ in needs)])
    at, values = (
        np.concatenate([one[side] for one in needs]) if needs else np.zeros(0, dtype=kind)
        for side, kind in ((0, np.int32), (1, np.float32))
    )
    kept = sparse.csr_matrix((values, at, starts), shape=(len(needs), columns))
    return kept.T.tocsr()


def _met(columns: Array, values: Array, needs: Sparse) -> Array:
    """Return the sum over a firm's columns of what it says and what each need does (float32)."""
    has = columns != NO_COLUMN
    columns, values = columns[has], values[has]
    one = sparse.csr_matrix((values, columns, [0, len(columns)]), shape=(1, needs.shape[0]))
    found: Array = (one @ needs).toarray()[0]
    return found


def _carried(yearly: Array, turnover: float) -> Array:
    """Return :func:`procmatch.matching.relevance.capacity.carries` for many values a year."""
    load = yearly / max(turnover, LEAST_TURNOVER)
    points = np.where(load <= EASY, 1.0, np.maximum(0.0, 1 - (load - EASY) / SPAN))
    return np.where(np.isnan(yearly) | math.isnan(turnover), NEUTRAL, points)
