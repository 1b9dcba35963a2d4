"""Many needs by their codes: how well the trades of one firm answer each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from procmatch.matching.index.shapes import Array
from procmatch.matching.relevance.records import Firm, Need
from procmatch.matching.relevance.trades import (
    SILENT,
    WORK_TRAINING,
    Trades,
    and_code,
    and_training,
    held_trades,
    said_code,
)

__all__ = ["NeedTrades"]


class _Place(NamedTuple):
    """The needs that have a code in this place of their lists.

    Attributes:
        needs: which. codes: the code of each. others: how many it has beside its main one
            (float32). printed: whether it is one of the need's own, not of its title.
    """

    needs: Array
    codes: Array
    others: Array
    printed: Array


@dataclass(frozen=True, slots=True)
class NeedTrades:
    """Needs by their codes.

    Attributes:
        codes: all codes of the needs, each once.
        places: the needs' codes: the main ones, then the second ones, and so on.
        training: which needs are reserved for work training.
        market: what awards taught.
    """

    codes: Sequence[str]
    places: Sequence[_Place]
    training: Array
    market: Trades
    _known: dict[str, tuple[Array, Array]] = field(default_factory=dict)

    @staticmethod
    def build(needs: Sequence[Need], market: Trades) -> NeedTrades:
        """Lay needs out by code; see :meth:`Trades.answers` for what counts."""
        lists = [(*need.cpv, *filter(None, (said_code(need),))) for need in needs]
        codes = list(dict.fromkeys(code for own in lists for code in own))
        number = {code: at for at, code in enumerate(codes)}
        places = []
        for place in range(max(map(len, lists), default=0)):
            here = [at for at, own in enumerate(lists) if len(own) > place]
            places.append(
                _Place(
                    needs=np.array(here),
                    codes=np.array([number[lists[at][place]] for at in here]),
                    others=np.array([len(lists[at]) - 1 for at in here], dtype=np.float32),
                    printed=np.array([place < len(needs[at].cpv) for at in here]),
                )
            )
        training = np.array([need.work_training for need in needs], dtype=bool)
        return NeedTrades(codes, places, training, market)

    def answers(self, firm: Firm) -> tuple[Array, Array]:
        """Return how well a firm's best trade answers each need, 0..1 (float32).

        And whether it would deliver goods by van there, by that trade (bool).
        """
        own = held_trades(firm)
        each = [self._answer(trade) for trade, _ in own]
        weighed = np.array(
            [
                points * np.float32(weight)
                for (points, _), (_, weight) in zip(each, own, strict=True)
            ]
        )
        best = np.argmax(weighed, axis=0)
        points = weighed[best, np.arange(weighed.shape[1])]
        vans = np.array([by_van for _, by_van in each])[best, np.arange(weighed.shape[1])]
        return points, vans & (points > 0)

    def _answer(self, trade: str) -> tuple[Array, Array]:
        """Return how well a trade answers each need, and whether it would deliver there by van."""
        if trade not in self._known:
            self._known[trade] = self._worked_out(trade)
        return self._known[trade]

    def _worked_out(self, trade: str) -> tuple[Array, Array]:
        strengths, roles = self.market.of_trade(trade, self.codes)
        points = np.zeros(len(self.training), dtype=np.float32)
        role = np.full(len(self.training), SILENT, dtype=np.uint8)
        for number, place in enumerate(self.places):
            answer = strengths[place.codes]
            if number:
                answer = and_code(points[place.needs], answer, place.others)
            points[place.needs] = answer
            told = (role[place.needs] == SILENT) & place.printed
            role[place.needs[told]] = roles[place.codes[told]]
        if trade.startswith(WORK_TRAINING):
            points = np.where(self.training, and_training(points), points).astype(np.float32)
        return points, role == 1
