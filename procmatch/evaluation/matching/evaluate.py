"""Measure the tasks of a labelled folder: all rows of the ablation, run files, who is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from procmatch.errors import EvaluationError
from procmatch.evaluation.folders import SetAside
from procmatch.evaluation.matching import codes
from procmatch.evaluation.matching.catalonia import read_catalonia
from procmatch.evaluation.matching.codes import CodesQuality
from procmatch.evaluation.matching.europe import read_ted
from procmatch.evaluation.matching.france import read_france
from procmatch.evaluation.matching.halves import Halves, halves
from procmatch.evaluation.matching.measure import (
    Lists,
    Quality,
    best_of_queries,
    lists,
    quality,
    summarise,
)
from procmatch.evaluation.matching.norway import read_norway
from procmatch.evaluation.matching.pairs import PairsQuality, evaluate_pairs, read_pairs
from procmatch.evaluation.matching.systems import OURS, SYSTEMS, prepare
from procmatch.evaluation.matching.united_kingdom import read_uk
from procmatch.evaluation.matching.world import Task
from procmatch.evaluation.runs import Run

__all__ = ["TASKS", "Evaluation", "Result", "evaluate"]

_CODES = "t0"
_READERS: Mapping[str, Callable[[Path], Task]] = {
    "t1_uk": read_uk,
    "t1_ted": read_ted,
    "t1_catalonia": read_catalonia,
    "t1_decp": read_france,
    "t1_norway": read_norway,
}
TASKS = (_CODES, *_READERS)
_ZERO_SHOT, _LEARNED = "typed words and labels", "and other buyers' notices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One task: systems, the same for newcomers alone, who is listed, our run and its halves."""

    task: str
    queries: int
    firms: int
    systems: tuple[Quality | CodesQuality, ...]
    newcomers: tuple[Quality, ...]
    lists: tuple[tuple[str, Lists], ...]
    run: Run
    halves: Halves


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All that was found: results, tasks without files and why, rows kept aside; pairs."""

    results: tuple[Result, ...]
    skipped: tuple[tuple[str, str], ...]
    aside: tuple[SetAside, ...]
    pairs: PairsQuality | None = None


def evaluate(
    folder: Path | None,
    tasks: Sequence[str] = (),
    *,
    pairs: Path | None = None,
    step: Callable[[int, int], None] = lambda _done, _all: None,
) -> Evaluation:
    """Measure matching on a labelled folder, on tables of better and worse firms, or on both.

    Args:
        folder: shaped like the one that docs/quality-matching.md describes; None: no task.
        tasks: names; none means all. A task without its files is skipped, with the reason.
        pairs: folder of such tables, None for none.
        step: called with how many tasks are done, of how many.

    Raises:
        EvaluationError: an unknown task, no task has its files, or no table of pairs.
    """
    for name in tasks:
        if name not in TASKS:
            raise EvaluationError(f"no task {name!r}; there are {', '.join(TASKS)}")
    results: list[Result] = []
    skipped: list[tuple[str, str]] = []
    aside: list[SetAside] = []
    if folder:
        wanted = tuple(dict.fromkeys(tasks)) or TASKS
        for done, name in enumerate(wanted, start=1):
            try:
                found, bad = _codes(folder) if name == _CODES else _ranking(folder, name)
            except EvaluationError as error:
                skipped.append((name, str(error)))
            else:
                results.append(found)
                aside += bad
            step(done, len(wanted))
        if not results:
            raise EvaluationError("; ".join(reason for _, reason in skipped))
    ranked = None
    if pairs:
        tables = read_pairs(pairs)
        aside += tables.aside
        ranked = evaluate_pairs(tables)
    return Evaluation(
        results=tuple(results), skipped=tuple(skipped), aside=tuple(aside), pairs=ranked
    )


def _codes(folder: Path) -> tuple[Result, Iterable[SetAside]]:
    task = codes.read_codes(folder)
    if not task.queries:
        raise EvaluationError(f"{_CODES}: no notice with a code")
    measured = []
    for system, learn in ((_ZERO_SHOT, False), (_LEARNED, True)):
        found = codes.certainties(task, learn=learn)
        measured.append(codes.measure_codes(system, found, task))
    result = Result(
        task=_CODES,
        queries=len(task.queries),
        firms=len(codes.divisions()),
        systems=tuple(measured),
        newcomers=(),
        lists=(),
        run=codes.codes_run(found, task.queries),
        halves=halves(
            codes.each_notice(found, task), dict(zip(task.queries, task.buyers, strict=True))
        ),
    )
    return result, task.aside


def _ranking(folder: Path, name: str) -> tuple[Result, Iterable[SetAside]]:
    task = _READERS[name](folder)
    if not any(world.needs for world in task.worlds):
        raise EvaluationError(f"{name}: no award that could be replayed")
    prepared = [prepare(world) for world in task.worlds if world.needs and world.firms]
    groups = {query: group for one in prepared for query, group in one.world.groups.items()}
    new = {query for one in prepared if one.world.awards for query in one.world.newcomers()}
    systems, newcomers, listed = [], [], []
    run: Run = {}
    sides = halves({}, groups)
    for system, score in SYSTEMS.items():
        found = [(score(one), one.firms, one.world) for one in prepared]
        measured: dict[str, dict[str, float]] = {}
        for scores, firms, world in found:
            measured |= quality(scores, firms, world)
        systems.append(summarise(system, measured, groups))
        if new:
            cold = {query: measured[query] for query in sorted(new)}
            newcomers.append(summarise(system, cold, groups))
        listed.append((system, lists(found)))
        if system == OURS:
            sides = halves(measured, groups)
            run = {
                query: best
                for scores, firms, world in found
                for query, best in best_of_queries(scores, firms, world, task.depth).items()
            }
    result = Result(
        task=name,
        queries=len(groups),
        firms=sum(len(one.firms) for one in prepared),
        systems=tuple(systems),
        newcomers=tuple(newcomers),
        lists=tuple(listed),
        run=run,
        halves=sides,
    )
    return result, task.aside
