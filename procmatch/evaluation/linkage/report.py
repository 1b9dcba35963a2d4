"""The report on linkage: Markdown, with plots beside it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from procmatch.evaluation.linkage.aims import verdicts
from procmatch.evaluation.linkage.evaluate import Evaluation, HardPairs
from procmatch.evaluation.linkage.measure import Measured, NoAnswer, Result
from procmatch.evaluation.linkage.pairs import BENCH, BenchResult, TableResult
from procmatch.evaluation.linkage.pictures import pictures
from procmatch.evaluation.markdown import figure, plain, table

__all__ = ["report", "write_report"]

_MOST_ASIDE = 20
_ABOUT_BENCH = """\
Labelled pairs of names of organisations, without places. The first name is asked for in a register
of all {units} second names: how often is the pair's own the answer? Pairs of two organisations
should never be linked; that one is the best candidate only says that nothing fits better."""
_ABOUT_HARD = """\
Written by hand; the rows of each table form one small register. *Right*, *missed* (nobody was
named) and *wrong* are of pairs that mean a unit; pairs that do not are *kept apart*, or else
*wrong*, too."""


def write_report(evaluation: Evaluation, path: Path) -> list[Path]:
    """Write the report, and its plots into a folder of its name beside it.

    Returns:
        The files written.
    """
    folder = path.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {
        folder / name: text for result in evaluation.results for name, text in pictures(result)
    }
    for plot, text in drawn.items():
        plot.write_text(text, encoding="utf-8", newline="\n")
    path.write_text(report(evaluation, folder.name), encoding="utf-8", newline="\n")
    return [path, *drawn]


def report(evaluation: Evaluation, plots: str) -> str:
    """Return the report as Markdown.

    Args:
        evaluation: what was found.
        plots: folder of the plots, as links from the report name it.
    """
    introduction = files("procmatch.evaluation.linkage").joinpath("introduction.md")
    lines = [introduction.read_text(encoding="utf-8"), *_aims(evaluation)]
    lines += [*_overview(evaluation)]
    for result in evaluation.results:
        lines += _section(result, plots)
    if evaluation.bench:
        lines += _bench(evaluation.bench)
    if evaluation.hard:
        lines += _hard(evaluation.hard)
    lines += _left_out(evaluation)
    return "\n".join(lines).rstrip("\n") + "\n"


def _aims(evaluation: Evaluation) -> list[str]:
    rows = [
        (one.task, one.measure, one.found, one.good, one.very_good, one.reached)
        for one in verdicts(evaluation.results)
    ]
    if not rows:
        return []
    head = ("task", "measure", "found", "good", "very good", "reached")
    return ["## Aims", "", *table(head, rows)]


def _overview(evaluation: Evaluation) -> list[str]:
    if not evaluation.results:
        return []
    rows = []
    for result in evaluation.results:
        best = result.with_places or result.names_only
        rows.append(
            (
                result.task.name,
                str(len(result.task.cases)),
                str(len({case.truth for case in result.task.cases})),
                str(result.task.units),
                plain(best.recall_1.value),
                plain(best.recall_10.value),
                plain(best.automatic.coverage.value),
                plain(best.automatic.wrong_of_answers.value),
            )
        )
    head = ("task", "queries", "organisations meant", "register", "R@1", "R@10")
    return [
        "## All tasks",
        "",
        *table((*head, "automatic links: coverage", "wrong of links"), rows),
    ]


def _section(result: Result, plots: str) -> list[str]:
    task = result.task
    ways = result.ways
    head = ("measure", *(way for way, _measured, _none in ways))
    rows = [
        ("R@1", *(figure(one.recall_1) for _, one, _none in ways)),
        ("R@10", *(figure(one.recall_10) for _, one, _none in ways)),
        ("MRR", *(figure(one.mrr) for _, one, _none in ways)),
        *_decisions(ways),
        *_no_answers(ways),
        ("expected calibration error", *(plain(one.calibrated.error) for _, one, _none in ways)),
        ("Brier", *(plain(one.calibrated.brier) for _, one, _none in ways)),
    ]
    names = ", ".join(f"`{name}`" for name in task.files)
    return [
        f"## {task.name}",
        "",
        f"{task.about} {len(task.cases)} queries, {task.units} units; {names}.",
        "",
        *table(head, rows),
        *_reliability(ways[0][1]),
        *(f"![{alt}]({plots}/{name})" for name, alt in _links(result)),
        "",
    ]


def _decisions(ways: list[tuple[str, Measured, NoAnswer]]) -> Iterator[tuple[str, ...]]:
    fields = {
        "coverage": "coverage",
        "precision": "precision",
        "recall": "recall",
        "f1": "F1",
        "wrong_of_links": "wrong of links",
        "wrong_of_queries": "wrong of queries",
    }
    for kind, name in (("automatic", "automatic links"), ("any_answer", "any answer")):
        for attribute, words in fields.items():
            own = attribute.replace("links", "answers")
            yield (
                f"{name}: {words}",
                *(figure(getattr(getattr(one, kind), own)) for _, one, _none in ways),
            )


def _no_answers(ways: list[tuple[str, Measured, NoAnswer]]) -> Iterator[tuple[str, ...]]:
    fields = {
        "wrong_automatic": "deleted units linked automatically",
        "wrong_any": "deleted units with any answer",
        "coverage": "coverage of the others",
        "wrong_of_others": "wrong of the others' links",
    }
    for attribute, words in fields.items():
        yield f"no answer: {words}", *(figure(getattr(none, attribute)) for _, _one, none in ways)


def _reliability(measured: Measured) -> list[str]:
    rows = [
        (
            f"{one.low:.1f} to {one.high:.1f}",
            str(int(one.true.of)),
            plain(one.claimed),
            figure(one.true),
        )
        for one in measured.calibrated.bins
    ]
    return table(("probability of the best candidate", "queries", "mean", "right"), rows)


def _links(result: Result) -> list[tuple[str, str]]:
    name = result.task.name
    return [
        (f"{name}-coverage.svg", f"{name}: wrong links against coverage"),
        (f"{name}-calibration.svg", f"{name}: probabilities against the truth"),
    ]


def _bench(bench: BenchResult) -> list[str]:
    head = ("pairs", "number", "best candidate", "any answer", "automatic link")
    rows = [
        (
            "one organisation",
            *map(str, (bench.true, bench.true_first, bench.true_linked, bench.true_automatic)),
        ),
        (
            "two organisations",
            *map(str, (bench.false, bench.false_first, bench.false_linked, bench.false_automatic)),
        ),
    ]
    return [
        f"## {BENCH}",
        "",
        _ABOUT_BENCH.format(units=bench.units),
        "",
        *table(head, rows),
    ]


def _hard(hard: HardPairs) -> list[str]:
    head = ("table", "pairs", "meant", "right", "missed", "wrong", "kept apart")

    def rows(results: tuple[TableResult, ...]) -> Iterator[tuple[str, ...]]:
        for one in results:
            counts = (one.pairs, one.meant, one.right, one.missed, one.wrong, one.kept_apart)
            yield (one.table, *map(str, counts))

    return [
        "## Hard pairs",
        "",
        _ABOUT_HARD,
        "",
        "Automatic links:",
        "",
        *table(head, rows(hard.automatic)),
        "Any answer:",
        "",
        *table(head, rows(hard.any_answer)),
    ]


def _left_out(evaluation: Evaluation) -> list[str]:
    lines: list[str] = []
    if evaluation.skipped:
        lines += ["## Not measured", ""]
        lines += [f"- {name}: {reason}" for name, reason in evaluation.skipped]
        lines.append("")
    if evaluation.aside:
        lines += ["## Rows kept aside", ""]
        lines += [f"- {one}" for one in evaluation.aside[:_MOST_ASIDE]]
        if (more := len(evaluation.aside) - _MOST_ASIDE) > 0:
            lines.append(f"- and {more} more")
    return lines
