"""Search a register: for one need or many, the best firms by the policy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import numpy as np
from scipy import sparse

from procmatch.codes.places import Places
from procmatch.matching.index import kernel, saving
from procmatch.matching.index.asking import CRITERIA, asking, shares, understood
from procmatch.matching.index.segment import Segment
from procmatch.matching.index.shapes import Array, Budget
from procmatch.matching.relevance.capacity import carries
from procmatch.matching.relevance.places import RADIUS_KM
from procmatch.matching.relevance.policy import POLICY, RelevancePolicy
from procmatch.matching.relevance.records import Award, Firm, Need

__all__ = ["FirmIndex", "Hit"]

#: How much is looked at for one need of many, and for one that is asked alone.
_OF_MANY = Budget(
    told=30_000, telling=0.25, first=128, least=256, most=10_000, enough=192, caution=0.95,
    together=128, worked=1_000,
)  # fmt: skip
_ALONE = Budget(
    told=120_000, telling=0.15, first=2_048, least=2_048, most=200_000, enough=1_000, caution=1.3,
    together=512, worked=20_000,
)  # fmt: skip
#: So many needs are read together.
_TOGETHER = 128
#: A market this small is looked at whole.
_FEW = 20_000
#: Scores that agree in so many digits are equal: the rest is how they were summed.
_DIGITS = 6


class Hit(NamedTuple):
    """A firm in a list: its key, and its score 0..1."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class FirmIndex:
    """Firms laid out for search.

    Attributes:
        base: nearly all firms. fresh: those that were added or changed since, or None.
        fresh_firms: the same as they were given, by key.
        gone: keys of firms that were taken out.
    """

    base: Segment
    fresh: Segment | None
    fresh_firms: Mapping[str, Firm]
    gone: frozenset[str] = frozenset()

    @staticmethod
    def build(
        firms: Iterable[Firm], awards: Iterable[Award] = (), places: Places | None = None
    ) -> FirmIndex:
        """Lay out a register; the order that firms come in does not matter.

        Args:
            firms: those with ``blocked`` are kept but never listed.
            awards: past ones; they teach which trades win what.
            places: who neighbours whom; None means Norway as it comes with the package.
        """
        return FirmIndex(Segment.build(firms, awards, places=places), None, {})

    def update(self, changed: Iterable[Firm], gone: Iterable[str] = ()) -> FirmIndex:
        """Return the index with firms added, changed or taken out; what is known of words stays.

        Args:
            changed: firms as they are now.
            gone: keys of firms to be taken out.
        """
        out = set(gone)
        fresh = {key: one for key, one in self.fresh_firms.items() if key not in out}
        fresh |= {one.key: one for one in changed}
        shut = self.base.columns.blocked.copy()
        for key in (*out, *fresh):
            at = self.base.find(key)
            if at is not None:
                shut[at] = 1
        base = replace(self.base, columns=self.base.columns._replace(blocked=shut))
        added = Segment.build(fresh.values(), like=self.base) if fresh else None
        return FirmIndex(base, added, fresh, (self.gone | out) - fresh.keys())

    def save(self, folder: Path) -> None:
        """Write the index into a folder, in the place of what is there; whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        folder = folder.absolute()
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            fresh = beside / "fresh"
            fresh.mkdir()
            saving.save_segment(self.base, fresh, list(self.fresh_firms.values()), list(self.gone))
            saving.put_in_place(fresh, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    @staticmethod
    def load(folder: Path, places: Places | None = None) -> FirmIndex:
        """Open a saved index; what it holds is mapped into memory and read when it is used.

        Args:
            folder: where.
            places: who neighbours whom; None means Norway as it comes with the package.

        Raises:
            StoreError: nothing is there, or it is of another layout, or not whole.
        """
        base, fresh, gone = saving.load_segment(folder, places)
        index = FirmIndex(base, None, {})
        return index.update(fresh, gone) if fresh or gone else index

    def alone(self, firm: Firm) -> FirmIndex:
        """Return a market of one firm, in which words are as rare as in this one."""
        return FirmIndex(Segment.build([firm], like=self.base), None, {})

    def __contains__(self, key: str) -> bool:
        return self._find(key) is not None

    def __len__(self) -> int:
        fresh = len(self.fresh.keys) if self.fresh else 0
        replaced = sum(self.base.find(key) is not None for key in (*self.gone, *self.fresh_firms))
        return len(self.base.keys) - replaced + fresh

    def _find(self, key: str) -> tuple[int, int] | None:
        """Return which segment a firm stands in, and where."""
        if self.fresh and (at := self.fresh.find(key)) is not None:
            return 1, at
        at = None if key in self.gone else self.base.find(key)
        return None if at is None else (0, at)

    def search(
        self,
        needs: Sequence[Need],
        *,
        policy: RelevancePolicy = POLICY,
        limit: int = 50,
        radius_km: float = RADIUS_KM,
        thorough: bool = False,
    ) -> list[list[Hit]]:
        """Return for each need the best firms, best first; equal scores by key.

        Args:
            needs: one or many.
            policy: weights of the criteria.
            limit: firms for each need.
            radius_km: how far a firm normally travels.
            thorough: look at every firm, not only at those who may come near the top.
        """
        each = [
            _search(segment, needs, shares(policy), limit, radius_km, thorough=thorough)
            for segment in self._segments()
        ]
        if len(each) == 1:
            return each[0]
        return [_best(chain.from_iterable(own), limit) for own in zip(*each, strict=True)]

    def _segments(self) -> list[Segment]:
        return [one for one in (self.base, self.fresh) if one is not None]

    def points(
        self,
        need: Need,
        keys: Sequence[str],
        *,
        radius_km: float = RADIUS_KM,
    ) -> list[dict[str, float]]:
        """Return the points 0..1 of each criterion for some firms.

        Args:
            need: what is asked for.
            keys: of the firms.
            radius_km: how far a firm normally travels.

        Raises:
            KeyError: a firm that is not in the index.
        """
        at = []
        for key in keys:
            where = self._find(key)
            if where is None:
                raise KeyError(key)
            at.append(where)
        found: dict[int, dict[str, float]] = {}
        for number, segment in enumerate(self._segments()):
            mine = [place for place, (which, _) in enumerate(at) if which == number]
            rows = np.array([at[place][1] for place in mine], dtype=np.int32)
            found.update(zip(mine, _points(segment, need, rows, radius_km), strict=True))
        return [found[place] for place in range(len(keys))]


def _best(found: Iterable[Hit], limit: int) -> list[Hit]:
    """Return the best in order; scores that agree by :data:`_DIGITS` are equal."""
    return sorted(found, key=lambda one: (-round(one.score, _DIGITS), one.key))[:limit]


def _search(
    segment: Segment,
    needs: Sequence[Need],
    share: Mapping[str, float],
    limit: int,
    radius_km: float,
    *,
    thorough: bool,
) -> list[list[Hit]]:
    """Return hits in order; the needs are shared out among the processors."""

    def some(part: Sequence[int]) -> list[list[Hit]]:
        own = [needs[at] for at in part]
        return _some(segment, own, share, limit, radius_km, thorough=thorough, alone=alone)

    alone = len(needs) == 1
    workers = min(len(needs), os.cpu_count() or 1)
    if workers <= 1:
        return some(range(len(needs)))
    # What is asked for by needs alike lies side by side, and is still at hand for the next.
    order = sorted(range(len(needs)), key=lambda at: (needs[at].cpv, needs[at].municipalities))
    bounds = [len(needs) * at // workers for at in range(workers + 1)]
    with ThreadPoolExecutor(workers) as pool:
        done = pool.map(some, (order[start:end] for start, end in pairwise(bounds)))
        found = dict(zip(order, chain.from_iterable(done), strict=True))
    return [found[at] for at in range(len(needs))]


def _some(
    segment: Segment,
    needs: Sequence[Need],
    share: Mapping[str, float],
    limit: int,
    radius_km: float,
    *,
    thorough: bool,
    alone: bool,
) -> list[list[Hit]]:
    room = segment.room()
    budget = _ALONE if alone else _OF_MANY
    every = thorough or len(segment.keys) <= _FEW
    found: list[list[Hit]] = []
    # Read together, then answered together: what Python works on and what the loops work on would
    # push each other out of the processor's memory.
    for start in range(0, len(needs), _TOGETHER):
        asks = []
        for need in needs[start : start + _TOGETHER]:
            said = understood(segment, need, room.letters)
            asks.append(asking(segment, need, said, share, radius_km))
        scores = np.zeros((len(asks), limit))
        firms = np.zeros((len(asks), limit), dtype=np.int32)
        sizes = []
        for at, ask in enumerate(asks):
            if every:
                size = kernel.every(segment.columns, ask, room, scores[at], firms[at])
            else:
                stamp = start + at + 1
                size = kernel.likely(
                    segment.columns, ask, room, stamp, scores[at], firms[at], budget
                )
            sizes.append(size)
        found += [
            _hits(segment, own[:size], them[:size])
            for own, them, size in zip(scores, firms, sizes, strict=True)
        ]
    return found


def _hits(segment: Segment, scores: Array, firms: Array) -> list[Hit]:
    """Return firms (ranks) with their scores, best first; equal ones by key."""
    best = np.lexsort((firms, -np.round(scores, _DIGITS)))
    keys = segment.keys[firms[best]].tolist()
    return list(map(Hit, map(bytes.decode, keys), scores[best].tolist()))


def _points(segment: Segment, need: Need, rows: Array, radius_km: float) -> list[dict[str, float]]:
    """Return each criterion for rows of a segment, by the same tables as the inner loops."""
    if not len(rows):
        return []
    columns, wording = segment.columns, segment.wording
    room = np.zeros(len(wording.lettering.rarity), dtype=np.float32)
    said = understood(segment, need, room)
    room[said.run] = said.run_value
    ask = asking(segment, need, said, _PLAIN, radius_km)
    asked = said.words
    branches, held = segment.said(rows)
    words = held @ _dense(asked.words, asked.values, len(wording.stems))
    named = branches @ _dense(asked.branches, asked.branch_values, len(wording.prefixes))
    # Only the words of these firms: a register has a million others.
    stems, at = np.unique(held.indices, return_inverse=True)
    alike = sparse.csr_matrix((held.data, at, held.indptr), (len(rows), len(stems)))
    shared = (wording.lettering.table[stems] @ room) / wording.rarity[stems]
    letters = (alike @ shared) * wording.stretch[rows]
    found = []
    for number, row in enumerate(rows.tolist()):
        own = slice(columns.trade_at[row], columns.trade_at[row + 1])
        each = ask.trade[columns.trade_id[own]] * columns.trade_weight[own]
        van = each.any() and ask.by_van[columns.trade_id[own][int(np.argmax(each))]]
        near = ask.far if van else ask.near
        found.append(
            {
                "trade": float(each.max(initial=0.0)),
                "branch": min(1.0, float(named[number])),
                "words": min(1.0, float(words[number])),
                "subwords": min(1.0, float(letters[number])),
                "place": float(
                    near[columns.site_id[columns.site_at[row] : columns.site_at[row + 1]]].max()
                ),
                "capacity": carries(need.yearly, float(columns.turnover[row])),
                "size": float(columns.size[row]),
            }
        )
    return found


def _dense(at: Array, values: Array, columns: int) -> Array:
    found = np.zeros(columns, dtype=np.float32)
    found[at] = values
    return found


#: Every criterion by itself.
_PLAIN = dict.fromkeys(CRITERIA, 1.0)
