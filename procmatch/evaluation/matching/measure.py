"""Measures of lists of firms: were the winners found, and who else stood in the lists?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.evaluation.intervals import Ratio, mean
from procmatch.evaluation.matching.world import World
from procmatch.matching.relevance import Firm
from procmatch.matching.relevance.arrays import Points

__all__ = [
    "DEPTHS",
    "Lists",
    "Quality",
    "best_of_queries",
    "gini",
    "lists",
    "quality",
    "ranks",
    "summarise",
]

DEPTHS = (1, 5, 10, 50, 100)
_NDCG = 10
#: How long the lists of the inclusion report are.
LIST = 20


def ranks(scores: Points, wanted: Sequence[int]) -> list[int]:
    """Return the ranks of the wanted columns, from 1; ties count against the system."""
    found = sorted(int((scores >= scores[at]).sum()) for at in wanted)
    return [max(rank, at) for at, rank in enumerate(found, start=1)]


def quality(scores: Points, firms: Sequence[Firm], world: World) -> dict[str, dict[str, float]]:
    """Measure each query: ``R@k``, ``MRR``, ``nDCG@10``; a winner who is no candidate is missed."""
    column = {firm.key: at for at, firm in enumerate(firms)}
    measured = {}
    for row, need in enumerate(world.needs):
        wanted = world.wanted[need.key]
        found = ranks(scores[row], [column[key] for key in wanted if key in column])
        measured[need.key] = {
            **{f"R@{k}": sum(rank <= k for rank in found) / len(wanted) for k in DEPTHS},
            "MRR": 1 / min(found, default=math.inf),
            f"nDCG@{_NDCG}": _ndcg(found, len(wanted)),
        }
    return measured


def _ndcg(found: Collection[int], wanted: int) -> float:
    ideal = sum(1 / math.log2(at + 2) for at in range(min(wanted, _NDCG)))
    return sum(1 / math.log2(rank + 1) for rank in found if rank <= _NDCG) / ideal


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of one system over the queries of a task, with intervals over groups."""

    system: str
    queries: int
    values: Mapping[str, Ratio]


def summarise(
    system: str, measured: Mapping[str, Mapping[str, float]], groups: Mapping[str, str]
) -> Quality:
    """Average the queries; whole groups (a buyer, a winner) are drawn for the intervals."""
    queries = sorted(measured)
    names = measured[queries[0]] if queries else ()
    values = {
        name: mean([measured[one][name] for one in queries], [groups[one] for one in queries])
        for name in names
    }
    return Quality(system, len(queries), values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Who stands in the first twenty of every list, beside the register's own shares.

    Attributes:
        small: share of micro and small firms among those whose size is known, or None.
        local: share from the buyer's own area, or None. of_register: the same two of all firms.
        different: how many firms stand in any list. firms: how many there are.
        gini: of exposure over all firms; 0 is equal, near 1 is few firms in every list.
        newcomers: share of firms that had won nothing before, or None without history.
    """

    small: float | None
    local: float | None
    small_of_register: float | None
    local_of_register: float | None
    newcomers: float | None
    newcomers_of_register: float | None
    different: int
    firms: int
    gini: float


def gini(counts: Sequence[float]) -> float:
    """Return the Gini coefficient of counts; 0 where there are none."""
    ordered = np.sort(np.asarray(counts, dtype=np.float64))
    total = float(ordered.sum())
    if not total:
        return 0.0
    places = np.arange(1, len(ordered) + 1)
    return float((2 * (places * ordered).sum() / total - len(ordered) - 1) / len(ordered))


def _share(values: Sequence[bool | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None


def lists(found: Sequence[tuple[Points, Sequence[Firm], World]]) -> Lists:
    """Describe the lists of one system over the worlds of a task."""
    shown: Counter[str] = Counter()
    rows: list[tuple[bool | None, bool | None, bool | None]] = []
    own: list[tuple[bool | None, bool | None, bool | None]] = []
    firms_in_all = 0
    for scores, firms, world in found:
        seen = {key for award in world.awards for key in award.winners}
        firms_in_all += len(firms)
        # Equal scores in the order of a fixed shuffle, not of numbers, which tell age.
        shuffle = np.random.default_rng(len(firms)).permutation(len(firms))
        for row, need in enumerate(world.needs):
            home = world.home.get(need.key, "")
            best = np.lexsort((shuffle, -scores[row]))[:LIST]
            listed = [firms[int(at)].key for at in best]
            shown.update(listed)
            rows += [_about(key, world, home, seen) for key in listed]
        for home in set(world.home.values()) or {""}:
            own += [_about(firm.key, world, home, seen) for firm in firms]
    return Lists(
        small=_share([one for one, _, _ in rows]),
        local=_share([one for _, one, _ in rows]),
        newcomers=_share([one for _, _, one in rows]),
        small_of_register=_share([one for one, _, _ in own]),
        local_of_register=_share([one for _, one, _ in own]),
        newcomers_of_register=_share([one for _, _, one in own]),
        different=len(shown),
        firms=firms_in_all,
        gini=gini([*shown.values(), *[0.0] * (firms_in_all - len(shown))]),
    )


def _about(
    key: str, world: World, home: str, seen: Collection[str]
) -> tuple[bool | None, bool | None, bool | None]:
    """Return small, local and newcomer, each None where not known."""
    known = world.of_firm.get(key)
    local = known.local == home if known and known.local and home else None
    return (known.small if known else None, local, key not in seen if seen else None)


def best_of_queries(
    scores: Points, firms: Sequence[Firm], world: World, depth: int
) -> dict[str, dict[str, float]]:
    """Return query -> firm -> score of the best ``depth``, ties in the order of keys."""
    found = {}
    for row, need in enumerate(world.needs):
        best = np.lexsort((np.arange(len(firms)), -scores[row]))[:depth]
        found[need.key] = {firms[int(at)].key: float(scores[row, int(at)]) for at in best}
    return found
