"""Search a register: for one need or many, the best firms by the policy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import numpy as np

from procmatch.codes.places import Places
from procmatch.matching.index import kernel, saving
from procmatch.matching.index.asking import CRITERIA, Read, asking, heard_by, shares, understood
from procmatch.matching.index.pointing import pointed
from procmatch.matching.index.segment import Segment
from procmatch.matching.index.shapes import Array, Budget
from procmatch.matching.relevance.arrays import spans
from procmatch.matching.relevance.places import RADIUS_KM, Site
from procmatch.matching.relevance.policy import POLICY, RelevancePolicy
from procmatch.matching.relevance.records import Award, Firm, Need

__all__ = ["FirmIndex", "Heard", "Hit"]

#: What needs say in the words of each segment, so that they are not read twice.
Heard = dict[int, dict[Need, Read]]

#: How much is looked at for one need of many, and for one that is asked alone.
_OF_MANY = Budget(
    told=30_000, telling=0.25, first=128, least=256, most=10_000, enough=192, caution=0.95,
    together=128, worked=1_000,
)  # fmt: skip
_ALONE = Budget(
    told=60_000, telling=0.2, first=1_024, least=1_024, most=20_000, enough=500, caution=1.1,
    together=512, worked=2_000,
)  # fmt: skip
#: Fewer needs than this are no share for a processor of its own.
_A_SHARE = 8
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
        shut[_known(self.base, (*out, *fresh))] = 1
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
        return self.has([key])[0]

    def has(self, keys: Sequence[str]) -> list[bool]:
        """Return which of some firms it has."""
        found: list[bool] = (self._find(keys).max(axis=1) >= 0).tolist()
        return found

    def __len__(self) -> int:
        fresh = len(self.fresh.keys) if self.fresh else 0
        replaced = len(_known(self.base, (*self.gone, *self.fresh_firms)))
        return len(self.base.keys) - replaced + fresh

    def _find(self, keys: Sequence[str]) -> Array:
        """Return where firms stand in each segment (firms x segments), -1 where they do not."""
        base = self.base.find(keys)
        base[[at for at, key in enumerate(keys) if key in self.gone]] = -1
        if self.fresh is None:
            return base[:, None]
        fresh = self.fresh.find(keys)
        base[fresh >= 0] = -1
        return np.stack([base, fresh], axis=1)

    def search(
        self,
        needs: Sequence[Need],
        *,
        policy: RelevancePolicy = POLICY,
        limit: int = 50,
        radius_km: float = RADIUS_KM,
        thorough: bool = False,
        heard: Heard | None = None,
    ) -> list[list[Hit]]:
        """Return for each need the best firms, best first; equal scores by key.

        Args:
            needs: one or many.
            policy: weights of the criteria.
            limit: firms for each need.
            radius_km: how far a firm normally travels.
            thorough: look at every firm, not only at those who may come near the top.
            heard: where it is noted what the needs say, for :meth:`points`.
        """
        each = [
            _search(
                segment,
                needs,
                shares(policy),
                limit,
                radius_km,
                _notes(heard, at),
                thorough=thorough,
            )
            for at, segment in enumerate(self._segments())
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
        heard: Heard | None = None,
    ) -> dict[str, list[float]]:
        """Return the points 0..1 of some firms: criterion -> by firm.

        Args:
            need: what is asked for.
            keys: of the firms.
            radius_km: how far a firm normally travels.
            heard: as :meth:`search` was given it.

        Raises:
            KeyError: a firm that is not in the index.
        """
        found: dict[str, list[float]] = {name: [0.0] * len(keys) for name in CRITERIA}
        for number, segment, mine, rows in self._placed(keys):
            read = (_notes(heard, number) or {}).get(need) or heard_by(segment, need)
            own = pointed(segment, need, read, rows, radius_km)
            if len(mine) == len(keys):
                return own
            for name, values in own.items():
                column = found[name]
                for at, value in zip(mine, values, strict=True):
                    column[at] = value
        return found

    def municipality(self, key: str) -> str:
        """Return the first municipality in which a firm works, ``""`` where none is known.

        Raises:
            KeyError: it is not in the index.
        """
        _, segment, _, (row,) = next(self._placed([key]))
        sites = segment.sites
        first: Site = sites.every[sites.held[sites.starts[row]]]
        return first.municipality

    def farther(self, keys: Sequence[str], towns: Iterable[str], km: float) -> list[bool]:
        """Return which of some firms are known to work farther away than so many kilometres.

        Args:
            keys: of the firms.
            towns: municipalities from which it is counted; of none nothing is known.
            km: a firm that is farther by less than a metre may not be told.

        Raises:
            KeyError: a firm that is not in the index.
        """
        found = [False] * len(keys)
        from_where = tuple(towns)
        for _, segment, mine, rows in self._placed(keys):
            where, starts = spans(segment.sites.starts, rows)
            near = segment.sites.near(from_where, km)[segment.sites.held[where]]
            far = ~np.logical_or.reduceat(near, starts[:-1])
            for at, one in zip(mine, far.tolist(), strict=True):
                found[at] = one
        return found

    def _placed(self, keys: Sequence[str]) -> Iterator[tuple[int, Segment, list[int], Array]]:
        """Yield each segment that has some of the firms: number, which of them, and their rows.

        Raises:
            KeyError: a firm that is in none.
        """
        every = self._find(keys)
        missing = np.flatnonzero(every.max(axis=1) < 0)
        if len(missing):
            raise KeyError(keys[missing[0]])
        for number, segment in enumerate(self._segments()):
            mine = np.flatnonzero(every[:, number] >= 0)
            if len(mine):
                yield number, segment, mine.tolist(), every[mine, number]


def _notes(heard: Heard | None, segment: int) -> dict[Need, Read] | None:
    return None if heard is None else heard.setdefault(segment, {})


def _known(segment: Segment, keys: Sequence[str]) -> Array:
    """Return where those of some firms stand that a segment has."""
    found = segment.find(keys)
    return found[found >= 0]


def _best(found: Iterable[Hit], limit: int) -> list[Hit]:
    """Return the best in order; scores that agree by :data:`_DIGITS` are equal."""
    return sorted(found, key=lambda one: (-round(one.score, _DIGITS), one.key))[:limit]


def _search(
    segment: Segment,
    needs: Sequence[Need],
    share: Mapping[str, float],
    limit: int,
    radius_km: float,
    notes: dict[Need, Read] | None,
    *,
    thorough: bool,
) -> list[list[Hit]]:
    """Return hits in order; the needs are shared out among the processors."""

    def some(part: Sequence[int]) -> list[list[Hit]]:
        own = [needs[at] for at in part]
        return _some(segment, own, share, limit, radius_km, notes, thorough=thorough, alone=alone)

    alone = len(needs) == 1
    workers = min(len(needs) // _A_SHARE, os.cpu_count() or 1)
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
    notes: dict[Need, Read] | None,
    *,
    thorough: bool,
    alone: bool,
) -> list[list[Hit]]:
    budget = _ALONE if alone else _OF_MANY
    every = thorough or len(segment.keys) <= _FEW
    found: list[list[Hit]] = []
    # Read together, then answered together: what Python works on and what the loops work on would
    # push each other out of the processor's memory.
    with segment.lent_room(len(needs)) as (room, last):
        for start in range(0, len(needs), _TOGETHER):
            asks = []
            for need in needs[start : start + _TOGETHER]:
                said = understood(segment, need, room.letters)
                ask = asking(segment, need, said, share, radius_km)
                asks.append(ask)
                if notes is not None:
                    notes[need] = Read(said, ask.trade, ask.by_van)
            scores = np.zeros((len(asks), limit))
            firms = np.zeros((len(asks), limit), dtype=np.int32)
            sizes = []
            for at, ask in enumerate(asks):
                own, them, stamp = scores[at], firms[at], last + start + at + 1
                if every:
                    size = kernel.every(segment.columns, ask, room, own, them)
                else:
                    size = kernel.likely(segment.columns, ask, room, stamp, own, them, budget)
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
