"""Firms laid out as columns: one base, and beside it a small one of what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from procmatch.codes.places import Places
from procmatch.matching.index.shapes import Array, Columns, Scratch
from procmatch.matching.relevance.arrays import spans
from procmatch.matching.relevance.places import Sites
from procmatch.matching.relevance.records import Award, Firm
from procmatch.matching.relevance.trades import Trades
from procmatch.matching.relevance.wording import Wording

__all__ = ["Segment"]


#: What trade and place give is told apart in so many steps.
STEPS = 256
#: So many firms are looked at together.
TOGETHER = 4_096
#: Words of so many firms are common.
MANY = 20


@dataclass(frozen=True, slots=True)
class Segment:
    """Firms, those of a trade and a place side by side: what is asked together is read together.

    Attributes:
        keys: of firms in order, UTF-8 in fixed width. row_of: where each of them stands.
        common: so many words, the first ones, are those of many firms.
        wording, trades, sites: what needs are asked against.
        columns: the same, as the inner loops read it.
    """

    keys: Array
    row_of: Array
    common: int
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
        trades = Trades.build(firms, awards, like.trades if like else None)
        sites = Sites.build(firms, like.sites if like else None, places)
        order = np.lexsort((_firsts(sites.held, sites.starts), _firsts(trades.held, trades.starts)))
        ordered = [firms[at] for at in order]
        trades, sites = trades.taken(order), sites.taken(order)
        wording = Wording.build(ordered, like.wording if like else None)
        common = like.common if like else _common(wording)
        columns = _columns(wording, trades, sites, ordered, order, common)
        keys = np.array([firm.key.encode() for firm in firms], dtype=np.bytes_)
        return Segment(
            keys, np.argsort(order).astype(np.int32), common, wording, trades, sites, columns
        )

    def find(self, key: str) -> int | None:
        """Return where a firm stands, or None."""
        name = key.encode()
        at = int(np.searchsorted(self.keys, np.bytes_(name)))
        return int(self.row_of[at]) if at < len(self.keys) and self.keys[at] == name else None

    def key(self, row: int) -> str:
        """Return the key of a firm."""
        return bytes(self.keys[self.columns.rank[row]]).decode()

    def room(self) -> Scratch:
        """Return room to work in, for one thread."""
        firms, words = len(self.keys), len(self.wording.stems)
        prefixes = len(self.wording.prefixes)
        said = np.zeros((prefixes + words, 2), dtype=np.float32)
        said[prefixes:, 1] = -1
        return Scratch(
            said=said,
            worked=np.zeros(words + 1, dtype=np.int32),
            letters=np.zeros(len(self.wording.lettering.rarity), dtype=np.float32),
            seen=np.zeros(firms, dtype=np.int32),
            some=np.zeros(TOGETHER, dtype=np.int32),
            bases=np.zeros(TOGETHER),
            texts=np.zeros(TOGETHER),
            alike=np.zeros(TOGETHER),
            before=np.zeros(TOGETHER),
            given=np.zeros(len(self.columns.run_site), dtype=np.float32),
            chain=np.zeros(len(self.columns.run_site), dtype=np.int32),
            head=np.zeros(STEPS + 1, dtype=np.int32),
        )


def _common(wording: Wording) -> int:
    holders = np.bincount(wording.words.indices, minlength=len(wording.stems))
    return int(np.searchsorted(-holders, -MANY, side="right"))


def _firsts(held: Array, starts: Array) -> Array:
    """Return the first thing that each firm holds; every firm holds one."""
    return held[starts[:-1]]


def _columns(
    wording: Wording,
    trades: Trades,
    sites: Sites,
    firms: Sequence[Firm],
    rank: Array,
    common: int,
) -> Columns:
    turnover = [np.nan if firm.turnover is None else firm.turnover for firm in firms]
    rows = sparse.hstack([wording.branches, wording.words], format="csr")
    rows.sort_indices()
    prefixes = len(wording.prefixes)
    often = prefixes + common
    is_common = np.append(0, np.cumsum(rows.indices < often))
    letters = wording.lettering.table
    per_word = np.repeat(wording.rarity, np.diff(letters.indptr))
    run_of_trade, run_at, run_site, run_weight, run_doc = _runs(trades, sites)
    return Columns(
        trade_at=trades.starts,
        trade_id=trades.held,
        trade_weight=trades.weights,
        site_at=sites.starts,
        site_id=sites.held,
        turnover=np.array(turnover, dtype=np.float32),
        size=np.array([firm.size or 0.0 for firm in firms], dtype=np.float32),
        blocked=np.array([firm.blocked for firm in firms], dtype=np.uint8),
        rank=rank.astype(np.int32),
        row_at=rows.indptr.astype(np.int32),
        row_mid=(rows.indptr[:-1] + np.diff(is_common[rows.indptr])).astype(np.int32),
        row_id=rows.indices.astype(np.int32),
        row_value=rows.data,
        stretch=wording.stretch,
        run_of_trade=run_of_trade,
        run_at=run_at,
        run_site=run_site,
        run_weight=run_weight,
        run_doc=run_doc,
        letter_at=letters.indptr.astype(np.int32),
        letter_id=letters.indices.astype(np.int32),
        letter_value=(letters.data / per_word).astype(np.float32),
    )


def _runs(trades: Trades, sites: Sites) -> tuple[Array, Array, Array, Array, Array]:
    """Return firms by trade, then site, then how much the trade weighs for them.

    A firm stands under each of its trades and sites, and under each site for no trade at all,
    which comes last.
    """
    many = np.diff(sites.starts)
    each = np.repeat(np.arange(len(many)), np.diff(trades.starts))
    where, _ = spans(sites.starts, each)
    firm = np.concatenate([np.repeat(each, many[each]), np.repeat(np.arange(len(many)), many)])
    any_trade = np.full(len(sites.held), len(trades.names))
    trade = np.concatenate([np.repeat(trades.held, many[each]), any_trade])
    weight = np.concatenate([np.repeat(trades.weights, many[each]), np.zeros(len(sites.held))])
    site = np.concatenate([sites.held[where], sites.held])
    order = np.lexsort((firm, weight, site, trade))
    firm, trade, site, weight = firm[order], trade[order], site[order], weight[order]
    new = np.ones(len(firm), dtype=bool)
    new[1:] = (trade[1:] != trade[:-1]) | (site[1:] != site[:-1]) | (weight[1:] != weight[:-1])
    start = np.flatnonzero(new)
    run_of_trade = np.searchsorted(trade[start], np.arange(len(trades.names) + 2))
    return (
        run_of_trade.astype(np.int32),
        np.append(start, len(firm)).astype(np.int32),
        site[start].astype(np.int32),
        weight[start].astype(np.float32),
        firm.astype(np.int32),
    )
