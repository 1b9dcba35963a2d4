"""``evaluate``: how well is what procmatch says true, on labelled data?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procmatch.cli.evaluate_matching import matching
from procmatch.cli.output import format_option, progress, show_rows

if TYPE_CHECKING:
    from procmatch.evaluation.linkage.evaluate import Evaluation

__all__ = ["evaluate"]

_COLUMNS = ("task", "asked", "queries", "R@1", "R@10", "MRR", "coverage", "wrong", "f1", "deleted")


@click.group()
def evaluate() -> None:
    """Measure procmatch on labelled data."""


evaluate.add_command(matching)


@evaluate.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Labelled folder; the files of linkage lie in its subfolder er.",
)
@click.option(
    "--task",
    "tasks",
    multiple=True,
    metavar="NAME",
    help="Only this task, e.g. t2_ldir; may be given several times. Default: all with files.",
)
@click.option(
    "--run-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what was answered: query, candidate and score between tabs, up to 100 candidates a"
    " query. Unless one task is asked for, each gets a file with its name put in.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all measures as Markdown, and plots into a folder of that name beside it.",
)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of tables of hard pairs (*.tsv, *.csv), measured as well.",
)
@format_option
def linkage(
    data: Path,
    *,
    tasks: tuple[str, ...],
    run_file: Path | None,
    report: Path | None,
    pairs: Path | None,
    format_: str,
) -> None:
    """Measure how well printed names lead to the right organisation.

    One row for each task and way of asking. R@1, R@10 and MRR are of the ranked candidates;
    coverage, wrong (of the links) and f1 of the links that need no person; deleted: how many
    queries for units that were taken out of the register are linked all the same.
    """
    from procmatch.evaluation.linkage.evaluate import evaluate as measure  # noqa: PLC0415
    from procmatch.evaluation.linkage.report import write_report  # noqa: PLC0415

    with progress("tasks") as step:
        found = measure(data, tasks, pairs=pairs, step=step)
    show_rows(_rows(found), _COLUMNS, format_)
    if format_ == "table":
        _say_the_rest(found)
    for name, reason in found.skipped:
        click.echo(f"skipped {name}: {reason}", err=True)
    for row in found.aside:
        click.echo(f"kept aside: {row}", err=True)
    written = _write_runs(found, run_file, alone=len(set(tasks)) == 1) if run_file else []
    if report:
        written += write_report(found, report)
    for path in written:
        click.echo(f"wrote {path}", err=True)


def _rows(found: Evaluation) -> list[dict[str, object]]:
    return [
        {
            "task": result.task.name,
            "asked": way,
            "queries": len(result.task.cases),
            "R@1": one.recall_1.value,
            "R@10": one.recall_10.value,
            "MRR": one.mrr.value,
            "coverage": one.automatic.coverage.value,
            "wrong": one.automatic.wrong_of_answers.value,
            "f1": one.automatic.f1.value,
            "deleted": none.wrong_automatic.value,
        }
        for result in found.results
        for way, one, none in result.ways
    ]


def _say_the_rest(found: Evaluation) -> None:
    if found.bench:
        bench = found.bench
        click.echo(
            f"\nPairs of one organisation: {bench.true_linked} of {bench.true} linked; of two:"
            f" {bench.false_linked} of {bench.false}. Without a person: {bench.true_automatic} and"
            f" {bench.false_automatic}."
        )
    if found.hard:
        click.echo("\nHard pairs, linked without a person:")
        columns = ("table", "pairs", "meant", "right", "missed", "wrong", "kept_apart")
        rows = [{name: getattr(one, name) for name in columns} for one in found.hard.automatic]
        show_rows(rows, columns, "table")


def _write_runs(found: Evaluation, path: Path, *, alone: bool) -> list[Path]:
    from procmatch.evaluation.runs import path_for, write_run  # noqa: PLC0415

    written = []
    for result in found.results:
        own = path if alone else path_for(path, result.task.name)
        write_run(own, result.run)
        written.append(own)
    return written
