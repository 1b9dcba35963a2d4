"""What ``names`` and ``reach`` give, where little is known of firms and where their trade is.

    python -m training.matching.names_and_reach DATA

DATA is a folder in the shape of ``procmatch evaluate matching``. t1_decp learns from the awards
before its needs. The other two have none: each need learns from the awards of all other notices of
its task, earlier and later, which is kinder than time would be. In t1_uk firms have an industry, as
in a store; in the other two they are known by name, and in t1_decp by département.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from procmatch.evaluation.matching.france import read_france
from procmatch.evaluation.matching.measure import quality, summarise
from procmatch.evaluation.matching.norway import read_norway
from procmatch.evaluation.matching.united_kingdom import read_uk
from procmatch.evaluation.matching.world import World
from procmatch.matching.relevance import POLICY, Award, Need, Relevance
from procmatch.matching.relevance.arrays import Points
from procmatch.matching.relevance.names import Names
from procmatch.matching.relevance.rank import combine

__all__ = ["measured", "signals_of", "table"]

_NOTICE = "|"
_SHOWN = ("R@10", "R@50", "R@100", "MRR")
#: What is switched off in each row.
_ROWS = {
    "with both": (),
    "without names": ("names",),
    "without reach": ("reach",),
    "with neither": ("names", "reach"),
}


def _notice(need: Need) -> str:
    return need.key.partition(_NOTICE)[0]


def _others(world: World, need: Need) -> list[Award]:
    """Return all awards of a world but those of a need's own notice."""
    return [
        Award(need=other, winners=tuple(sorted(world.wanted[other.key])))
        for other in world.needs
        if _notice(other) != _notice(need)
    ]


def signals_of(world: World) -> tuple[Relevance, Mapping[str, Points]]:
    """Return the points of each criterion, needs x firms.

    Where no awards came before, ``names`` learns from those of the other notices, and no other
    criterion that looks back counts.
    """
    relevance = Relevance.build(world.firms, world.awards)
    found = dict(relevance.signals(world.needs))
    if not world.awards:
        called = {firm.key: firm.name for firm in relevance.firms}
        found["names"] = np.vstack(
            [
                Names.learn(_others(world, need), called).points([need], relevance.firms)
                for need in world.needs
            ]
        )
    return relevance, found


def measured(world: World) -> Iterator[tuple[str, list[str]]]:
    """Yield what counts and its measures, as cells of a table."""
    relevance, signals = signals_of(world)
    shape = (len(world.needs), len(relevance.firms))
    for label, off in _ROWS.items():
        if "reach" in off and "reach" not in signals:
            continue
        # What is not known here has no share, else it would only press all scores down.
        kept = {name: points for name, points in signals.items() if name not in off}
        policy = POLICY.without(row.name for row in POLICY.rows if row.name not in kept)
        scores = combine(kept, policy, shape)
        values = summarise(label, quality(scores, relevance.firms, world), world.groups).values
        yield label, [f"{values[name].value or 0.0:.3f}" for name in _SHOWN]


def table(worlds: Iterable[tuple[str, World]]) -> str:
    """Return the measures of some tasks as Markdown."""
    lines = [
        "| task | what counts | " + " | ".join(_SHOWN) + " |",
        "|" + "---|" * (2 + len(_SHOWN)),
    ]
    for task, world in worlds:
        for label, cells in measured(world):
            lines.append(f"| {task} | {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    (data,) = arguments
    tasks = [read(Path(data)) for read in (read_uk, read_norway, read_france)]
    print(table((task.name, world) for task in tasks for world in task.worlds))


if __name__ == "__main__":
    main(sys.argv[1:])
