"""The report on matching, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from procmatch.evaluation.markdown import figure, plain, table
from procmatch.evaluation.matching.codes import CodesQuality
from procmatch.evaluation.matching.evaluate import Evaluation, Result
from procmatch.evaluation.matching.measure import Quality
from procmatch.evaluation.matching.pairs import section as pairs_section
from procmatch.evaluation.matching.systems import OURS
from procmatch.matching.relevance import POLICY

__all__ = ["report", "write_report"]

#: Task, measure, good, very good.
_AIMS = (
    ("t0", "acc@1", 0.55, 0.62),
    ("t0", "acc@3", 0.72, 0.80),
    ("t1_uk", "R@10", 0.25, 0.35),
    ("t1_uk", "R@50", 0.60, 0.75),
    ("t1_ted", "R@10", 0.48, 0.55),
    ("t1_catalonia", "R@1", 0.13, 0.15),
    ("t1_catalonia", "R@10", 0.30, 0.35),
    ("t1_decp", "R@10", 0.38, 0.42),
    ("t1_decp", "R@100", 0.65, 0.72),
)
_COLUMNS = ("MRR", "R@1", "R@5", "R@10", "R@50", "R@100", "nDCG@10")
_MOST_ASIDE = 20
_HALVES = """\
"Ours, without size" on the two halves of each task (see above): a hash of the buyer, in t1_uk of
the winner, decides which. Few groups make wide intervals.
"""


def write_report(evaluation: Evaluation, path: Path) -> None:
    """Write the report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(evaluation), encoding="utf-8", newline="\n")


def report(evaluation: Evaluation) -> str:
    """Return the report as Markdown; the same figures give the same text."""
    introduction = files("procmatch.evaluation.matching").joinpath("introduction.md")
    lines = [introduction.read_text(encoding="utf-8")]
    lines += ["## Weights", "", *_policy(), "## Aims", "", *_aims(evaluation)]
    lines += ["## Chosen on, kept apart", "", _HALVES, *_halves(evaluation)]
    for result in evaluation.results:
        lines += _section(result)
    if evaluation.pairs:
        lines += pairs_section(evaluation.pairs)
    lines += _left_out(evaluation)
    return "\n".join(lines).rstrip("\n") + "\n"


def _policy() -> list[str]:
    rows = [
        (row.name, f"{row.weight:g}", "past awards" if row.history else "", row.measures)
        for row in POLICY.rows
    ]
    return table(("criterion", "weight", "looks at", "what it measures"), rows)


def _ours(result: Result) -> Quality | CodesQuality:
    return next((one for one in result.systems if one.system == OURS), result.systems[-1])


def _aims(evaluation: Evaluation) -> list[str]:
    by_name = {result.task: _ours(result) for result in evaluation.results}
    rows = []
    for task, measure, good, very_good in _AIMS:
        if task in by_name:
            found = by_name[task].values[measure]
            value = found.value or 0.0
            reached = "very good" if value >= very_good else "good" if value >= good else "no"
            rows.append((task, measure, figure(found), plain(good), plain(very_good), reached))
    return table(("task", "measure", "found", "good", "very good", "reached"), rows)


def _halves(evaluation: Evaluation) -> list[str]:
    by_name = {result.task: result.halves for result in evaluation.results}
    rows = []
    for task, measure, _, _ in _AIMS:
        if task in by_name:
            one = by_name[task]
            figures = (figure(side[measure]) for side in (one.chosen_on, one.apart))
            rows.append((task, measure, *figures, " + ".join(map(str, one.queries))))
    return table(("task", "measure", "chosen on", "kept apart", "queries"), rows)


def _section(result: Result) -> Iterator[str]:
    yield from (f"## {result.task}", "")
    yield from (f"{result.queries} queries, {result.firms} candidates.", "")
    if result.task == "t0":
        yield from _codes([one for one in result.systems if isinstance(one, CodesQuality)])
        return
    yield from _table([one for one in result.systems if isinstance(one, Quality)])
    if result.newcomers:
        cold = result.newcomers[0].queries
        yield from (f"Cold start: the {cold} queries of which no winner had won before.", "")
        yield from _table(result.newcomers)
    yield from ("Who stands in the first 20 of every list:", "")
    yield from _inclusion(result)


def _codes(systems: Sequence[CodesQuality]) -> list[str]:
    rows = [
        (one.system, *map(figure, one.values.values()), plain(one.calibration_error))
        for one in systems
    ]
    return table(("what speaks", *systems[0].values, "calibration error"), rows)


def _table(systems: Sequence[Quality]) -> list[str]:
    rows = []
    for one in systems:
        shown = [
            figure(one.values[name]) if name in {"R@10", "R@1"} else plain(one.values[name].value)
            for name in _COLUMNS
        ]
        rows.append((one.system, *shown))
    return table(("system", *_COLUMNS), rows)


def _inclusion(result: Result) -> list[str]:
    rows = [
        (
            name,
            plain(one.small),
            plain(one.local),
            plain(one.newcomers),
            str(one.different),
            plain(one.gini),
        )
        for name, one in result.lists
    ]
    own = result.lists[0][1]
    everybody = (
        "all candidates",
        plain(own.small_of_register),
        plain(own.local_of_register),
        plain(own.newcomers_of_register),
        str(own.firms),
        plain(0.0),
    )
    head = ("lists of", "micro or small", "local", "never won before", "different firms", "Gini")
    return table(head, [*rows, everybody])


def _left_out(evaluation: Evaluation) -> list[str]:
    lines = [f"- {name} was skipped: {reason}" for name, reason in evaluation.skipped]
    lines += [f"- kept aside: {row}" for row in evaluation.aside[:_MOST_ASIDE]]
    more = len(evaluation.aside) - _MOST_ASIDE
    lines += [f"- and {more} more rows"] if more > 0 else []
    return ["## Left out", "", *lines, ""] if lines else []
