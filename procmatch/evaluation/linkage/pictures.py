"""Plots of a linkage task."""

from __future__ import annotations

from collections.abc import Iterator

from procmatch.evaluation.linkage.measure import Measured, Result
from procmatch.evaluation.markdown import plain
from procmatch.evaluation.plots import Bar, Line, plot

__all__ = ["pictures"]

#: The wrong-link axis ends at a multiple of this.
_STEP = 0.1


def pictures(result: Result) -> Iterator[tuple[str, str]]:
    """Yield the name of each plot's file, and its text."""
    ways = [(way, one) for way, one, _none in result.ways]
    name = result.task.name
    yield f"{name}-coverage.svg", _coverage(name, ways)
    yield f"{name}-calibration.svg", _calibration(name, ways)


def _coverage(name: str, ways: list[tuple[str, Measured]]) -> str:
    highest = max(
        (point.wrong_of_answers for _way, one in ways for point in one.points), default=0.0
    )
    about = (
        "How many of the answers are wrong, when answers are given from a falling score on. "
        "A ring marks the automatic links as shipped. "
    )
    lines = []
    for way, one in ways:
        automatic = one.automatic
        coverage, wrong = automatic.coverage.value or 0.0, automatic.wrong_of_answers.value
        lines.append(
            Line(
                name=way,
                points=[(point.coverage, point.wrong_of_answers) for point in one.points],
                marks=[] if wrong is None else [(coverage, wrong)],
            )
        )
        about += f"{way}: automatic coverage {plain(coverage)}, wrong of links {plain(wrong)}. "
    return plot(
        title=f"{name}: wrong links against coverage",
        about=about.strip(),
        x_name="share of queries answered",
        y_name="share of answers that are wrong",
        lines=lines,
        y_max=round(_STEP * max(1, -(-highest // _STEP)), 1),
    )


def _calibration(name: str, ways: list[tuple[str, Measured]]) -> str:
    about = "How often the best candidate is right, by its probability, with 95 % intervals. "
    lines = []
    for way, one in ways:
        bars = [
            Bar((bin_.claimed, bin_.true.value), bin_.true.low or 0.0, bin_.true.high or 0.0)
            for bin_ in one.calibrated.bins
            if bin_.true.value is not None
        ]
        lines.append(Line(name=way, bars=bars))
        about += f"{way}: expected calibration error {plain(one.calibrated.error)}. "
    return plot(
        title=f"{name}: probabilities against the truth",
        about=about.strip(),
        x_name="probability of the best candidate",
        y_name="share that is right",
        lines=lines,
        diagonal=True,
    )
