"""``evaluate matching``: do the right firms stand in the lists, and who else does?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, progress, show_rows

if TYPE_CHECKING:
    from procmatch.evaluation.matching.evaluate import Evaluation

__all__ = ["matching"]

_MEASURES = ("acc@1", "acc@3", "MRR", "R@1", "R@5", "R@10", "R@50", "R@100", "nDCG@10")
_OF_PAIRS = ("right", "first five")


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Labelled folder.",
)
@click.option(
    "--task",
    "tasks",
    multiple=True,
    metavar="NAME",
    help="Only this task, e.g. t1_uk; may be given several times. Default: all with files.",
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
    help="Write all measures, and who stands in the lists, as Markdown.",
)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of tables of better and worse firms (*.tsv), measured as well.",
)
@format_option
def matching(
    data: Path | None,
    *,
    tasks: tuple[str, ...],
    run_file: Path | None,
    report: Path | None,
    pairs: Path | None,
    format_: str,
) -> None:
    """Measure how well firms are ranked for needs, and codes suggested for texts.

    Past awards are replayed with only what was known before. One row for each task and system:
    simple peers, and our ranking with criteria switched off. Run files hold the ranking that uses
    no size. With --pairs, one more row for each system: in how many pairs the better firm has more
    points, and stands among the first five of the tables' market.
    """
    if not data and not pairs:
        raise click.UsageError("name a labelled folder (--data), tables (--pairs), or both")
    from procmatch.evaluation.matching.evaluate import evaluate  # noqa: PLC0415
    from procmatch.evaluation.matching.report import write_report  # noqa: PLC0415

    with progress("tasks") as step:
        found = evaluate(data, tasks, pairs=pairs, step=step)
    measures = [*(_MEASURES if found.results else ()), *(_OF_PAIRS if found.pairs else ())]
    show_rows(_rows(found), ("task", "system", "queries", *measures), format_)
    for name, reason in found.skipped:
        click.echo(f"skipped {name}: {reason}", err=True)
    for row in found.aside:
        click.echo(f"kept aside: {row}", err=True)
    written = _write_runs(found, run_file, alone=len(set(tasks)) == 1) if run_file else []
    if report:
        write_report(found, report)
        written.append(report)
    for path in written:
        click.echo(f"wrote {path}", err=True)


def _rows(found: Evaluation) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for result in found.results:
        for one in result.systems:
            values = {name: ratio.value for name, ratio in one.values.items()}
            row = {name: values.get(name) for name in _MEASURES}
            rows.append({"task": result.task, "system": one.system, "queries": one.queries, **row})
    if found.pairs:
        many = sum(found.pairs.kinds.values())
        for system, ratio in found.pairs.whole.items():
            near = found.pairs.listed[system].value
            own = {"right": ratio.value, "first five": near}
            rows.append({"task": "pairs", "system": system, "queries": many, **own})
    return rows


def _write_runs(found: Evaluation, path: Path, *, alone: bool) -> list[Path]:
    from procmatch.evaluation.runs import path_for, write_run  # noqa: PLC0415

    written = []
    for result in found.results:
        own = path if alone else path_for(path, result.task)
        write_run(own, result.run)
        written.append(own)
    return written
