"""Firms laid out as columns: one base, and beside it a small one of what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.codes.places import Places
from procmatch.matching.index.kernel import Array, Columns, Scratch
from procmatch.matching.relevance.places import Sites
from procmatch.matching.relevance.records import Award, Firm
from procmatch.matching.relevance.trades import Trades
from procmatch.matching.relevance.wording import Wording

__all__ = ["Segment"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Firms in the order of their keys.

    Attributes:
        keys: of firms, UTF-8 in fixed width. wording, trades, sites: what needs are asked against.
        columns: the same, as the inner loops read it.
    """

    keys: Array
    wording: Wording
    trades: Trades
    sites: Sites
    columns: Columns

    @staticmethod
    def build(
        firms: Sequence[Firm],
        awards: Sequence[Award] = (),
        like: Segment | None = None,
        places: Places | None = None,
    ) -> Segment:
        """Lay firms out.

        Args:
            firms: sorted by key.
            awards: teach which trades win what; not read where ``like`` is given.
            like: the base, which says how rare words are.
            places: who neighbours whom; None means those of ``like``, else Norway's.
        """
        wording = Wording.build(firms, like.wording if like else None)
        trades = Trades.build(firms, awards, like.trades if like else None)
        sites = Sites.build(firms, like.sites if like else None, places)
        turnover = [np.nan if firm.turnover is None else firm.turnover for firm in firms]
        shut = np.array([firm.blocked for firm in firms], dtype=np.uint8)
        size = np.array([firm.size or 0.0 for firm in firms], dtype=np.float32)
        columns = _columns(wording, trades, sites, np.array(turnover, dtype=np.float32), size, shut)
        keys = np.array([firm.key.encode() for firm in firms], dtype=np.bytes_)
        return Segment(keys, wording, trades, sites, columns)

    def find(self, key: str) -> int | None:
        """Return where a firm stands, or None."""
        name = key.encode()
        at = int(np.searchsorted(self.keys, np.bytes_(name)))
        return at if at < len(self.keys) and self.keys[at] == name else None

    def key(self, at: int) -> str:
        """Return the key of a firm."""
        return bytes(self.keys[at]).decode()

    def room(self) -> Scratch:
        """Return room to work in, for one thread."""
        firms, words = len(self.keys), len(self.columns.post_at) - 1
        both = words + len(self.wording.prefixes)
        return Scratch(
            asked=np.zeros(both, dtype=np.float32),
            shared=np.zeros(firms, dtype=np.float32),
            seen=np.zeros(firms, dtype=np.int32),
            touched=np.zeros(firms, dtype=np.int32),
            runs=np.zeros(len(self.columns.letter_rarity), dtype=np.float32),
            likeness=np.zeros(words, dtype=np.float32),
            likeness_of=np.zeros(words, dtype=np.int32),
        )


def _columns(
    wording: Wording, trades: Trades, sites: Sites, turnover: Array, size: Array, blocked: Array
) -> Columns:
    rows = sparse.hstack([wording.words, wording.branches], format="csr")
    posts = wording.words.tocsc()
    letters = wording.lettering.table
    per_word = np.repeat(wording.rarity, np.diff(letters.indptr))
    run_of_trade, run_at, run_place, run_weight, run_doc = _runs(trades, sites, blocked)
    return Columns(
        trade_at=trades.starts,
        trade_id=trades.held,
        trade_weight=trades.weights,
        place=sites.of,
        turnover=turnover,
        size=size,
        blocked=blocked,
        row_at=rows.indptr.astype(np.int32),
        row_id=rows.indices.astype(np.int32),
        row_value=rows.data,
        stretch=wording.stretch,
        post_at=posts.indptr.astype(np.int32),
        post_doc=posts.indices.astype(np.int32),
        post_value=posts.data,
        run_of_trade=run_of_trade,
        run_at=run_at,
        run_place=run_place,
        run_weight=run_weight,
        run_doc=run_doc,
        word_rarity=wording.rarity,
        letter_at=letters.indptr.astype(np.int32),
        letter_id=letters.indices.astype(np.int32),
        letter_value=(letters.data / per_word).astype(np.float32),
        letter_rarity=wording.lettering.rarity,
    )


def _runs(trades: Trades, sites: Sites, blocked: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Return firms by trade, then place, then how much the trade weighs for them."""
    firm = np.repeat(np.arange(len(blocked), dtype=np.int32), np.diff(trades.starts))
    open_ = blocked[firm] == 0
    firm, trade, weight = firm[open_], trades.held[open_], trades.weights[open_]
    place = sites.of[firm]
    order = np.lexsort((firm, weight, place, trade))
    firm, trade, place, weight = firm[order], trade[order], place[order], weight[order]
    new = np.ones(len(firm), dtype=bool)
    new[1:] = (trade[1:] != trade[:-1]) | (place[1:] != place[:-1]) | (weight[1:] != weight[:-1])
    start = np.flatnonzero(new)
    run_of_trade = np.searchsorted(trade[start], np.arange(len(trades.names) + 1))
    return (
        run_of_trade.astype(np.int32),
        np.append(start, len(firm)).astype(np.int32),
        place[start].astype(np.int32),
        weight[start].astype(np.float32),
        firm,
    )
