"""Two halves of a task: choices are made on one, the other is only measured.

A hash of the group decides (the buyer; in t1_uk the winner), so that none stands on both sides and
no draw can be repeated until it pleases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from procmatch.evaluation.intervals import Ratio, mean

__all__ = ["Halves", "halves", "kept_apart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """Measures of our ranking on each half: name -> ratio, with intervals over groups.

    Attributes:
        chosen_on, apart: the halves; one without a query has ratios of None.
        queries: of each, in this order.
    """

    chosen_on: Mapping[str, Ratio]
    apart: Mapping[str, Ratio]
    queries: tuple[int, int]


def kept_apart(group: str) -> bool:
    """Return whether what belongs to a group is only measured."""
    return hashlib.sha256(group.encode()).digest()[-1] % 2 == 1


def halves(measured: Mapping[str, Mapping[str, float]], groups: Mapping[str, str]) -> Halves:
    """Average the queries of each half.

    Args:
        measured: query -> measure -> value.
        groups: query -> what belongs together.
    """
    sides: tuple[list[str], list[str]] = ([], [])
    for query in sorted(measured):
        sides[kept_apart(groups[query])].append(query)
    names = next(iter(measured.values()), {})
    chosen_on, apart = (
        {
            name: mean([measured[one][name] for one in side], [groups[one] for one in side])
            for name in names
        }
        for side in sides
    )
    return Halves(chosen_on=chosen_on, apart=apart, queries=(len(sides[0]), len(sides[1])))
