"""The lists that are judged: our ranking and BM25 over the same market, best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from procmatch.evaluation.matching.systems import SYSTEMS, prepare
from procmatch.evaluation.matching.world import World
from procmatch.matching.relevance import Firm, Need
from training.matching.judged.corpus import Key

__all__ = ["rankings"]

#: Nobody has won anything in this market, so history has nothing to say.
_RANKED = {"ours": "ours, without history", "BM25": "BM25"}


def rankings(needs: Sequence[Need], firms: Sequence[Firm]) -> Mapping[str, dict[Key, list[str]]]:
    """Return system -> lot -> firms' numbers, best first; equal points by number.

    A firm without any point is not listed.
    """
    world = World(needs=tuple(needs), firms=tuple(firms), awards=(), wanted={}, groups={})
    prepared = prepare(world)
    found: dict[str, dict[Key, list[str]]] = {}
    for name, system in _RANKED.items():
        points = SYSTEMS[system](prepared)
        found[name] = {}
        for row, need in enumerate(needs):
            best = np.argsort(-points[row], kind="stable")
            listed = [prepared.firms[int(at)].key for at in best if points[row, int(at)] > 0]
            notice, lot = need.key.split()
            found[name][notice, lot] = listed
    return found
