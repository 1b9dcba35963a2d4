"""Firms laid out as columns: one base, and beside it a small one of what changed since."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from procmatch.codes.places import Places
from procmatch.matching.index.briefs import MOST_COLUMNS, shorten, turnovers
from procmatch.matching.index.shapes import NEVER, Array, Columns, Scratch
from procmatch.matching.relevance.arrays import Sparse, spans
from procmatch.matching.relevance.capacity import LEAST_TURNOVER
from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.loops import holders, peaks, side_by_side
from procmatch.matching.relevance.places import SiteReader, Sites
from procmatch.matching.relevance.reading import Reader
from procmatch.matching.relevance.records import Award, Firm
from procmatch.matching.relevance.trades import TradeReader, Trades
from procmatch.matching.relevance.wording import Wording

__all__ = ["Segment"]


#: What trade and place give is told apart in so many steps.
STEPS = 256
#: So many firms are looked at together.
TOGETHER = 512
#: So many firms of high hints are remembered at most.
HIGH = 4_096
#: Words of so many firms are common.
MANY = 20
#: Of branches and words of more firms nobody asks who holds them.
TOLD = 32_000
#: Rooms to work in that are kept, and needs for which one is used at most.
ROOMS, USED = 8, 1_000_000_000


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
    _rooms: list[tuple[Scratch, int]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    @staticmethod
    def build(
        firms: Iterable[Firm],
        awards: Iterable[Award] = (),
        like: Segment | None = None,
        places: Places | None = None,
    ) -> Segment:
        """Lay firms out; each is read once and let go.

        Args:
            firms: in any order.
            awards: teach which trades win what; not read where ``like`` is given.
            like: the base, which says how rare words are.
            places: who neighbours whom; None means those of ``like``, else Norway's.
        """
        told, trade_reader, site_reader, own = Reader(), TradeReader(awards), SiteReader(), _Own()
        for firm in firms:
            told.add(firm)
            trade_reader.add(firm)
            site_reader.add(firm)
            own.add(firm)
        trades = trade_reader.done(like.trades if like else None)
        sites = site_reader.done(like.sites if like else None, places)
        keys, rank = own.ranked()
        order = np.lexsort(
            (rank, _firsts(sites.held, sites.starts), _firsts(trades.held, trades.starts))
        )
        trades, sites, rank = trades.taken(order), sites.taken(order), rank[order]
        del trade_reader, site_reader
        wording = Wording.of(told.done(Lexicon.load(), order), like.wording if like else None)
        common = like.common if like else _common(wording)
        rows = _rows(wording, common)
        # The rows stand in the columns now, and need not stand in memory twice.
        wording = wording.without_rows()
        columns = _columns(wording, trades, sites, own.figures(order), rank, rows, common)
        row_of = np.argsort(rank).astype(np.int32)
        return Segment(keys, row_of, common, wording, trades, sites, columns)

    def find(self, keys: Sequence[str]) -> Array:
        """Return where firms stand (int64), -1 for one that is not there."""
        names = [key.encode() for key in keys]
        longest = self.keys.dtype.itemsize
        wanted = np.array([name[:longest] for name in names], dtype=self.keys.dtype)
        # One that is longer than any key is none of them, though its beginning may be one.
        whole = np.array([len(name) <= longest for name in names], dtype=bool)
        at = np.searchsorted(self.keys, wanted)
        inside = np.flatnonzero(whole & (at < len(self.keys)))
        same = inside[self.keys[at[inside]] == wanted[inside]]
        found = np.full(len(names), -1, dtype=np.int64)
        found[same] = self.row_of[at[same]]
        return found

    def key(self, row: int) -> str:
        """Return the key of a firm."""
        return bytes(self.keys[self.columns.rank[row]]).decode()

    def said(self, rows: Array) -> Sparse:
        """Return firms x branches, then words (CSR), of some firms."""
        columns = self.columns
        where, starts = spans(columns.row_at, rows)
        shape = (len(rows), len(self.wording.prefixes) + len(self.wording.stems))
        return sparse.csr_matrix((columns.row_value[where], columns.row_id[where], starts), shape)

    @contextmanager
    def lent_room(self, needs: int) -> Iterator[tuple[Scratch, int]]:
        """Lend room for so many needs, and the last stamp used with it; the next ones are free.

        To make one costs as much as to answer a need, so it is kept; not where work in it failed.
        """
        try:
            room, stamp = self._rooms.pop()
        except IndexError:
            room, stamp = self.room(), 0
        yield room, stamp
        if len(self._rooms) < ROOMS and stamp + needs < USED:
            self._rooms.append((room, stamp + needs))

    def room(self) -> Scratch:
        """Return new room to work in, for one thread."""
        words = len(self.wording.stems)
        prefixes = len(self.wording.prefixes)
        trades = len(self.trades.names) + 1
        said = np.zeros((prefixes + words, 2), dtype=np.float32)
        said[prefixes + self.common :, 1] = -1
        return Scratch(
            said=said,
            worked=np.zeros(words + 1, dtype=np.int32),
            touched=np.zeros(self.common + 2, dtype=np.int32),
            letters=np.zeros(len(self.wording.lettering.rarity), dtype=np.float32),
            both=np.zeros(prefixes + self.common, dtype=np.int64),
            carried=np.zeros(len(self.columns.brief_turnover)),
            seen=np.where(self.columns.blocked, NEVER, 0).astype(np.int32),
            hints=np.zeros(len(self.columns.rank), dtype=np.uint8),
            high=np.zeros(HIGH, dtype=np.int32),
            some=np.zeros(TOGETHER, dtype=np.int32),
            bases=np.zeros(TOGETHER),
            texts=np.zeros(TOGETHER),
            alike=np.zeros(TOGETHER),
            before=np.zeros(TOGETHER),
            kind=np.zeros(TOGETHER, dtype=np.int32),
            most=np.zeros(trades),
            seen_of=np.zeros(trades, dtype=np.int32),
            listed=np.zeros((len(self.columns.run_site), 3), dtype=np.int32),
            given=np.zeros(len(self.columns.run_site), dtype=np.float32),
            chain=np.zeros(len(self.columns.run_site), dtype=np.int32),
            head=np.zeros(STEPS + 1, dtype=np.int32),
            fetched=np.zeros(1),
        )


class _Own:
    """Takes firms one by one and keeps what is each one's own: its key and its figures."""

    def __init__(self) -> None:
        self._keys: list[bytes] = []
        self._turnover, self._size, self._blocked = array("f"), array("f"), array("B")

    def add(self, firm: Firm) -> None:
        self._keys.append(firm.key.encode())
        self._turnover.append(math.nan if firm.turnover is None else firm.turnover)
        self._size.append(firm.size or 0.0)
        self._blocked.append(firm.blocked)

    def ranked(self) -> tuple[Array, Array]:
        """Return keys in order, and which place each firm has among them (int32)."""
        keys = np.array(self._keys, dtype=np.bytes_)
        self._keys = []
        order = np.argsort(keys, kind="stable")
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return keys[order], rank

    def figures(self, order: Array) -> tuple[Array, Array, Array]:
        """Return turnover, size (float32) and whether a firm is shut out (uint8)."""
        return (
            np.array(self._turnover, dtype=np.float32)[order],
            np.array(self._size, dtype=np.float32)[order],
            np.array(self._blocked, dtype=np.uint8)[order],
        )


def _common(wording: Wording) -> int:
    holders = np.bincount(wording.words.indices, minlength=len(wording.stems))
    many = int(np.searchsorted(-holders, -MANY, side="right"))
    return min(many, MOST_COLUMNS - len(wording.prefixes))


def _firsts(held: Array, starts: Array) -> Array:
    """Return the first thing that each firm holds; every firm holds one."""
    return held[starts[:-1]]


def _rows(wording: Wording, common: int) -> tuple[Array, Array, Array, Array]:
    branches, words = wording.branches, wording.words
    return side_by_side(
        branches.indptr, branches.indices, branches.data,
        words.indptr, words.indices, words.data, len(wording.prefixes), common,
    )  # fmt: skip


def _columns(
    wording: Wording,
    trades: Trades,
    sites: Sites,
    figures: tuple[Array, Array, Array],
    rank: Array,
    rows: tuple[Array, Array, Array, Array],
    common: int,
) -> Columns:
    turnover, size, blocked = figures
    row_at, row_mid, row_id, row_value = rows
    letters = wording.lettering.table
    near = letters[:common].tocsc()
    near.data = near.data / wording.rarity[near.indices]
    prefixes = len(wording.prefixes)
    peak = peaks(row_at, row_id, row_value, wording.stretch, prefixes + common)
    holder_at, holder, holder_value = holders(
        row_at, row_id, row_value, wording.stretch, peak, prefixes,
        prefixes + len(wording.stems), TOLD,
    )  # fmt: skip
    steps, most = turnovers(turnover, LEAST_TURNOVER)
    brief_at, brief, step = shorten(row_at, row_mid, row_id, row_value, wording.stretch, steps)
    return Columns(
        trade_at=trades.starts,
        trade_id=trades.held,
        trade_weight=trades.weights,
        site_at=sites.starts,
        site_id=sites.held,
        turnover=turnover,
        size=size,
        blocked=blocked,
        rank=rank,
        row_at=row_at,
        row_mid=row_mid,
        row_id=row_id,
        row_value=row_value,
        stretch=wording.stretch,
        letter_at=letters.indptr,
        letter_id=letters.indices,
        letter_value=letters.data,
        rarity=wording.rarity,
        near_at=near.indptr,
        near_id=near.indices,
        near_value=near.data,
        holder_at=holder_at,
        holder=holder,
        holder_value=holder_value,
        peak=peak,
        brief_at=brief_at,
        brief=brief,
        brief_step=np.array([step]),
        brief_turnover=most,
        **_runs(trades, sites),
    )


def _runs(trades: Trades, sites: Sites) -> dict[str, Array]:
    """Return firms by trade, then site, then how much the trade weighs for them: the columns.

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
    return {
        "run_of_trade": run_of_trade.astype(np.int32),
        "run_at": np.append(start, len(firm)).astype(np.int32),
        "run_site": site[start].astype(np.int32),
        "run_weight": weight[start].astype(np.float32),
        "run_doc": firm.astype(np.int32),
    }
