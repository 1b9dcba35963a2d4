"""What each criterion gives some firms of a segment, by the same tables as the inner loops."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from procmatch.matching.index.asking import CRITERIA, Read, Said
from procmatch.matching.index.segment import Segment
from procmatch.matching.index.shapes import Array
from procmatch.matching.relevance.arrays import spans
from procmatch.matching.relevance.capacity import carries
from procmatch.matching.relevance.places import BY_VAN, NEUTRAL
from procmatch.matching.relevance.records import Need

__all__ = ["pointed"]


def pointed(
    segment: Segment, need: Need, read: Read, rows: Array, radius_km: float
) -> dict[str, list[float]]:
    """Return the points 0..1 of each criterion: name -> by firm.

    Args:
        segment: the firms.
        need: what is asked for.
        read: the same, in the words and trades of the segment.
        rows: which firms.
        radius_km: how far a firm normally travels.
    """
    columns = segment.columns
    near, far = (segment.sites.points(need, km) for km in (radius_km, BY_VAN * radius_km))
    trade, place = _by_trade_and_place(segment, read, near, far, rows)
    named, words, letters = _texts(segment, read.said, rows)
    if need.yearly is None:
        capacity = [NEUTRAL] * len(rows)
    else:
        capacity = [carries(need.yearly, one) for one in columns.turnover[rows].tolist()]
    found = {
        "trade": trade.tolist(),
        "branch": np.minimum(1.0, named.astype(np.float64)).tolist(),
        "words": np.minimum(1.0, words.astype(np.float64)).tolist(),
        "subwords": np.minimum(1.0, letters.astype(np.float64)).tolist(),
        "place": place.tolist(),
        "capacity": capacity,
        "size": columns.size[rows].tolist(),
    }
    return {name: found[name] for name in CRITERIA}


def _by_trade_and_place(
    segment: Segment, read: Read, near: Array, far: Array, rows: Array
) -> tuple[Array, Array]:
    """Return the points of trade and place; the best of a firm's trades says how far it goes."""
    columns = segment.columns
    where, starts = spans(columns.trade_at, rows)
    trades = columns.trade_id[where]
    each = read.trade[trades] * columns.trade_weight[where]
    best = np.maximum.reduceat(each, starts[:-1])
    # The first that is as good as the best.
    own = np.repeat(np.arange(len(rows)), np.diff(starts))
    as_good = np.flatnonzero(each == best[own])
    first = as_good[np.searchsorted(own[as_good], np.arange(len(rows)))]
    van = (best > 0) & (read.by_van[trades[first]] > 0)
    where, starts = spans(columns.site_at, rows)
    sites = columns.site_id[where]
    on_foot = np.maximum.reduceat(near[sites], starts[:-1])
    return best, np.where(van, np.maximum.reduceat(far[sites], starts[:-1]), on_foot)


def _texts(segment: Segment, said: Said, rows: Array) -> tuple[Array, Array, Array]:
    """Return branches, words and runs of letters that firms share with a need (float32)."""
    wording = segment.wording
    both = segment.said(rows)
    # Only the branches and words of these firms: a register has a million others.
    held, at = _distinct(both.indices, both.shape[1])
    prefixes = len(wording.prefixes)
    shares = np.zeros((len(held), 3), dtype=np.float32)
    _put(shares[:, 0], held, said.words.branches, said.words.branch_values)
    _put(shares[:, 1], held, said.words.words + prefixes, said.words.values)
    stems = held[held >= prefixes] - prefixes
    run = np.zeros(len(wording.lettering.rarity), dtype=np.float32)
    run[said.run] = said.run_value
    shares[len(held) - len(stems) :, 2] = (wording.lettering.table[stems] @ run) / wording.rarity[
        stems
    ]
    alike = sparse.csr_matrix((both.data, at, both.indptr), (len(rows), len(held)))
    found = alike @ shares
    return found[:, 0], found[:, 1], found[:, 2] * wording.stretch[rows]


def _distinct(columns: Array, many: int) -> tuple[Array, Array]:
    """Return the columns that occur, in order, and which of them each is."""
    occurs = np.zeros(many, dtype=bool)
    occurs[columns] = True
    found = np.flatnonzero(occurs)
    number = np.empty(many, dtype=np.int32)
    number[found] = np.arange(len(found), dtype=np.int32)
    return found, number[columns]


def _put(into: Array, held: Array, names: Array, values: Array) -> None:
    """Give those of ``held`` (in order) that are named their value."""
    if not len(held):
        return
    at = np.minimum(np.searchsorted(held, names), len(held) - 1)
    known = held[at] == names
    into[at[known]] = values[known]
