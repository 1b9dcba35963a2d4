"""Measures of answers that may be withheld: is what is said right, and how much is said at all?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from procmatch.evaluation.intervals import Ratio, ratio

__all__ = ["Decided", "Decisions", "Point", "curve", "decisions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was said to one query.

    Attributes:
        said: whether there was an answer. right: whether it was the right one.
        score: how sure, 0..1; 0 without an answer.
        group: of queries that belong together.
    """

    said: bool
    right: bool
    score: float
    group: Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Measures over all queries, each of which has one right answer.

    Attributes:
        precision: right answers of all answers. recall: right answers of all queries.
        f1: harmonic mean of the two. coverage: answers of all queries.
        wrong_of_queries: wrong answers of all queries. wrong_of_answers: of all answers.
    """

    precision: Ratio
    recall: Ratio
    f1: Ratio
    coverage: Ratio
    wrong_of_queries: Ratio
    wrong_of_answers: Ratio


@dataclass(frozen=True, slots=True)
class Point:
    """Answers from a score on: how many queries have one, and how many of these are wrong.

    Attributes:
        threshold: the score. coverage, wrong_of_answers: each 0..1.
    """

    threshold: float
    coverage: float
    wrong_of_answers: float


def decisions(decided: Sequence[Decided]) -> Decisions:
    """Measure what was said to queries that all have an answer."""
    groups = [one.group for one in decided]
    said = [float(one.said) for one in decided]
    right = [float(one.said and one.right) for one in decided]
    wrong = [float(one.said and not one.right) for one in decided]
    all_ = [1.0] * len(decided)
    return Decisions(
        precision=ratio(right, said, groups),
        recall=ratio(right, all_, groups),
        # 2PR / (P + R), written as a ratio of sums so that it can be drawn like the others.
        f1=ratio([2 * one for one in right], [one + 1 for one in said], groups),
        coverage=ratio(said, all_, groups),
        wrong_of_queries=ratio(wrong, all_, groups),
        wrong_of_answers=ratio(wrong, said, groups),
    )


def curve(decided: Sequence[Decided]) -> list[Point]:
    """Return a point for each score that occurs, from the surest on.

    Answers of equal score are given or withheld together.
    """
    said = sorted((one for one in decided if one.said), key=lambda one: -one.score)
    points: list[Point] = []
    wrong = 0
    for at, one in enumerate(said, start=1):
        wrong += not one.right
        if at == len(said) or said[at].score != one.score:
            points.append(Point(one.score, at / len(decided), wrong / at))
    return points
