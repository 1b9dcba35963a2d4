"""What linkage aims at, task by task, and whether it is reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procmatch.evaluation.intervals import Ratio
from procmatch.evaluation.linkage.measure import Result
from procmatch.evaluation.markdown import figure

__all__ = ["Verdict", "verdicts"]

#: Task, depth of recall, good, very good.
_RECALLS = (
    ("t2_ldir", 1, 0.64, 0.68),
    ("t2_ldir", 10, 0.76, 0.78),
    ("t2_subunit_by_name", 1, 0.95, 0.98),
    ("t2_ted", 1, 0.89, 0.93),
)
#: Tasks whose automatic links are judged: those that print places.
_LINKED = ("t2_ldir", "t2_ted")
#: Coverage at least, wrong of links at most.
_GOOD, _VERY_GOOD = (0.30, 0.02), (0.40, 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An aim and what was measured, as text. ``reached``: very good, good or not reached."""

    task: str
    measure: str
    found: str
    good: str
    very_good: str
    reached: str


def verdicts(results: Sequence[Result]) -> Iterator[Verdict]:
    """Yield every aim of the tasks that were measured."""
    by_name = {result.task.name: result for result in results}
    for name, depth, good, very_good in _RECALLS:
        if name in by_name:
            yield _recall(by_name[name], depth, good, very_good)
    for name in _LINKED:
        if name in by_name and by_name[name].with_places:
            yield _links(by_name[name])


def _reached(*, good: bool, very_good: bool) -> str:
    return "very good" if very_good else "good" if good else "not reached"


def _recall(result: Result, depth: int, good: float, very_good: float) -> Verdict:
    measured = result.with_places or result.names_only
    found = measured.recall_1 if depth == 1 else measured.recall_10
    value = found.value or 0.0
    return Verdict(
        task=result.task.name,
        measure=f"R@{depth}",
        found=figure(found),
        good=f"at least {good:.2f}",
        very_good=f"at least {very_good:.2f}",
        reached=_reached(good=value >= good, very_good=value >= very_good),
    )


def _links(result: Result) -> Verdict:
    assert result.with_places
    automatic = result.with_places.automatic
    coverage, wrong = automatic.coverage, automatic.wrong_of_answers
    return Verdict(
        task=result.task.name,
        measure="automatic links: wrong of links, coverage",
        found=f"{figure(wrong)}, {figure(coverage)}",
        good=_words(*_GOOD),
        very_good=_words(*_VERY_GOOD),
        reached=_reached(
            good=_meets(coverage, wrong, *_GOOD), very_good=_meets(coverage, wrong, *_VERY_GOOD)
        ),
    )


def _words(coverage: float, wrong: float) -> str:
    return f"at most {wrong:.2f}, at least {coverage:.2f}"


def _meets(coverage: Ratio, wrong: Ratio, least: float, most: float) -> bool:
    return (coverage.value or 0.0) >= least and wrong.value is not None and wrong.value <= most
