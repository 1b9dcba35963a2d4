"""All that a labelled folder, and tables of hard pairs, tell about a linker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from procmatch.errors import EvaluationError
from procmatch.evaluation.folders import SetAside
from procmatch.evaluation.linkage.measure import Build, Result, evaluate_task
from procmatch.evaluation.linkage.pairs import (
    BENCH,
    BenchResult,
    TableResult,
    evaluate_bench,
    evaluate_pairs,
    read_bench,
    read_hard_pairs,
)
from procmatch.evaluation.linkage.tasks import TASKS, read_task
from procmatch.linkage import Linker

__all__ = ["ALL_TASKS", "Evaluation", "HardPairs", "evaluate"]

#: Names that can be asked for.
ALL_TASKS = (*TASKS, BENCH)


@dataclass(frozen=True, slots=True)
class HardPairs:
    """Results by table: of links that need no person, and of any answer."""

    automatic: tuple[TableResult, ...]
    any_answer: tuple[TableResult, ...]


@dataclass(slots=True)
class Evaluation:
    """What was found.

    Attributes:
        results: of tasks with ranked answers. bench: of labelled pairs. hard: of hard pairs.
        skipped: name of a task and why it could not be measured.
        aside: rows that could not be used.
    """

    results: list[Result] = field(default_factory=list)
    bench: BenchResult | None = None
    hard: HardPairs | None = None
    skipped: list[tuple[str, str]] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)


def evaluate(
    folder: Path,
    tasks: Sequence[str] = (),
    *,
    pairs: Path | None = None,
    build: Build = Linker.build,
    step: Callable[[int, int], None] = lambda _done, _all: None,
) -> Evaluation:
    """Measure linkage.

    Args:
        folder: the labelled folder.
        tasks: of :data:`ALL_TASKS`; none: all. One whose files are missing is skipped.
        pairs: folder of tables of hard pairs, if any.
        build: makes a linker of a register.
        step: is told how many tasks are done, and of how many.

    Raises:
        EvaluationError: an unknown task, or nothing that could be measured.
    """
    wanted = tuple(dict.fromkeys(tasks)) or ALL_TASKS
    if unknown := [name for name in wanted if name not in ALL_TASKS]:
        raise EvaluationError(f"no linkage task {unknown[0]!r}; there are {', '.join(ALL_TASKS)}")
    found = Evaluation()
    length = len(wanted) + (pairs is not None)
    for at, (name, run) in enumerate(_works(found, folder, wanted, pairs, build), start=1):
        try:
            run()
        except EvaluationError as error:
            found.skipped.append((name, str(error)))
        step(at, length)
    if not (found.results or found.bench or found.hard):
        reasons = "; ".join(reason for _name, reason in found.skipped)
        raise EvaluationError(f"nothing to measure: {reasons}")
    # Two tasks may read one file.
    found.aside = list(dict.fromkeys(found.aside))
    return found


def _works(
    found: Evaluation, folder: Path, wanted: Sequence[str], pairs: Path | None, build: Build
) -> Iterator[tuple[str, Callable[[], None]]]:
    def ranked(name: str) -> None:
        task = read_task(folder, name)
        found.aside += task.aside
        found.results.append(evaluate_task(task, build))

    def bench() -> None:
        rows, table = read_bench(folder)
        found.aside += table.aside
        found.bench = evaluate_bench(rows, build)

    def hard(tables: Path) -> None:
        rows, aside = read_hard_pairs(tables)
        found.aside += aside
        found.hard = HardPairs(
            tuple(evaluate_pairs(rows, build)),
            tuple(evaluate_pairs(rows, build, automatic=False)),
        )

    for name in wanted:
        yield name, bench if name == BENCH else lambda name=name: ranked(name)  # type: ignore[misc]
    if pairs is not None:
        yield "hard pairs", lambda: hard(pairs)
