"""Ask a linker all queries of a task, and measure what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from procmatch.evaluation.calibration import Calibration, calibration
from procmatch.evaluation.decisions import Decided, Decisions, Point, curve, decisions
from procmatch.evaluation.intervals import Ratio, mean
from procmatch.evaluation.linkage.task import (
    Case,
    Task,
    is_deleted,
    label,
    without_deleted,
    without_places,
)
from procmatch.evaluation.measures import retrieval
from procmatch.linkage import Candidate, Linker, Query
from procmatch.model.match import Linked
from procmatch.model.organisation import Organisation

__all__ = [
    "Answer",
    "Answering",
    "Measured",
    "NoAnswer",
    "Result",
    "ask_all",
    "evaluate_task",
    "measure",
    "no_answer",
    "run_of",
]

#: Candidates asked of each query.
DEPTH = 100


class Answering(Protocol):
    """What can be measured: :class:`~procmatch.linkage.Linker`, or another with its methods."""

    def link_many(self, queries: Sequence[Query], /) -> list[Linked | None]:
        """Return the unit that each query means, or None."""

    def candidates_many(self, queries: Sequence[Query], /, *, limit: int) -> list[list[Candidate]]:
        """Return the units that each query may mean, best first."""


Build = Callable[[Iterable[Organisation]], Answering]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a linker says to one case."""

    case: Case
    linked: Linked | None
    candidates: tuple[Candidate, ...]

    @property
    def scores(self) -> dict[str, float]:
        """The candidates' scores by their labels."""
        return {label(one.org): one.score for one in self.candidates}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All measures of a task asked in one way.

    Attributes:
        recall_1, recall_10, mrr: of the ranked candidates.
        automatic: answers that need no person. any_answer: those that a person should see, too.
        points: see :func:`~procmatch.evaluation.decisions.curve`, over any answer.
        calibrated: of the first candidate's score.
    """

    recall_1: Ratio
    recall_10: Ratio
    mrr: Ratio
    automatic: Decisions
    any_answer: Decisions
    points: tuple[Point, ...]
    calibrated: Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """What is said after a third of the true units was deleted.

    Attributes:
        wrong_automatic: queries for deleted units that are linked all the same, without a person.
        wrong_any: the same, with answers that a person should see.
        coverage: queries for the other units that are linked without a person.
        wrong_of_others: wrong ones among those links.
    """

    wrong_automatic: Ratio
    wrong_any: Ratio
    coverage: Ratio
    wrong_of_others: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A task and its measures.

    Attributes:
        with_places: None where no query says where the party is.
        run: what was answered, with places where there are any, for a run file.
    """

    task: Task
    with_places: Measured | None
    names_only: Measured
    no_answer_with_places: NoAnswer | None
    no_answer_names_only: NoAnswer
    run: dict[str, dict[str, float]]

    @property
    def ways(self) -> list[tuple[str, Measured, NoAnswer]]:
        """Each way of asking: its name, its measures, and those without an answer."""
        bare = ("name only", self.names_only, self.no_answer_names_only)
        if self.with_places is None or self.no_answer_with_places is None:
            return [bare]
        return [("name and place", self.with_places, self.no_answer_with_places), bare]


def ask_all(task: Task, build: Build = Linker.build) -> list[Answer]:
    """Build a linker for each register of the task, and ask it.

    Args:
        task: what to ask.
        build: makes a linker of a register.
    """
    answers = []
    for one in task.rounds:
        linker = build(one.register)
        queries = [case.query for case in one.cases]
        answers += [
            Answer(case=case, linked=linked, candidates=tuple(found))
            for case, linked, found in zip(
                one.cases,
                linker.link_many(queries),
                linker.candidates_many(queries, limit=DEPTH),
                strict=True,
            )
        ]
    return answers


def run_of(answers: Iterable[Answer]) -> dict[str, dict[str, float]]:
    """Return answers as a run."""
    return {answer.case.id: answer.scores for answer in answers}


def _decided(answer: Answer, *, automatic: bool) -> Decided:
    linked = answer.linked
    said = linked is not None and (linked.certain or not automatic)
    return Decided(
        said=said,
        right=linked is not None and linked.org == answer.case.truth,
        score=linked.score if linked is not None else 0.0,
        group=answer.case.truth,
    )


def measure(answers: Sequence[Answer]) -> Measured:
    """Measure answers to queries that all mean a unit; those of one unit are drawn together."""
    groups = [answer.case.truth for answer in answers]
    ranked = [retrieval(answer.scores, {label(answer.case.truth)}) for answer in answers]
    any_answer = [_decided(answer, automatic=False) for answer in answers]
    claims = [answer for answer in answers if answer.candidates]
    return Measured(
        recall_1=mean([one.recall_1 for one in ranked], groups),
        recall_10=mean([one.recall_10 for one in ranked], groups),
        mrr=mean([one.reciprocal_rank for one in ranked], groups),
        automatic=decisions([_decided(answer, automatic=True) for answer in answers]),
        any_answer=decisions(any_answer),
        points=tuple(curve(any_answer)),
        calibrated=calibration(
            [answer.candidates[0].score for answer in claims],
            [answer.candidates[0].org == answer.case.truth for answer in claims],
            [answer.case.truth for answer in claims],
        ),
    )


def no_answer(answers: Sequence[Answer]) -> NoAnswer:
    """Measure answers to a task whose registers have lost a third of the true units."""
    lost = [is_deleted(answer.case.truth) for answer in answers]
    gone = [answer for answer, is_lost in zip(answers, lost, strict=True) if is_lost]
    others = [answer for answer, is_lost in zip(answers, lost, strict=True) if not is_lost]
    groups = [answer.case.truth for answer in gone]
    kept = decisions([_decided(answer, automatic=True) for answer in others])
    return NoAnswer(
        wrong_automatic=mean(
            [float(_decided(answer, automatic=True).said) for answer in gone], groups
        ),
        wrong_any=mean([float(_decided(answer, automatic=False).said) for answer in gone], groups),
        coverage=kept.coverage,
        wrong_of_others=kept.wrong_of_answers,
    )


def evaluate_task(task: Task, build: Build = Linker.build) -> Result:
    """Measure a task in all ways: with places if it has any, by names only, without answers."""
    bare = without_places(task)
    deleted = without_deleted(task)
    names = ask_all(bare, build)
    placed = ask_all(task, build) if task.has_places else None
    return Result(
        task=task,
        with_places=measure(placed) if placed else None,
        names_only=measure(names),
        no_answer_with_places=no_answer(ask_all(deleted, build)) if placed else None,
        no_answer_names_only=no_answer(ask_all(without_places(deleted), build)),
        run=run_of(placed or names),
    )
