"""``status`` and ``retry``: is everything collected, and what could not be read?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.workflows.status import StatusReport

__all__ = ["retry", "status"]

_COLUMNS = (
    "source", "outcome", "started_at", "last_good", "age", "complete_to", "fetched", "new",
    "changed", "set_aside", "postponed", "waiting", "oldest_wait", "message",
)  # fmt: skip

_COUNTS = {"fetched", "new", "changed", "set_aside", "waiting"}


def _age(since: object, moment: datetime) -> str:
    """Say how long ago something was, in its largest unit."""
    if not isinstance(since, datetime):
        return ""
    gone = moment - since
    for unit, length in (("d", timedelta(days=1)), ("h", timedelta(hours=1))):
        if gone >= length:
            return f"{gone // length} {unit}"
    return f"{max(gone, timedelta()) // timedelta(minutes=1)} min"


def _aged(rows: Iterable[Mapping[str, object]], moment: datetime) -> list[dict[str, object]]:
    return [
        {
            **row,
            "age": _age(row["last_good"], moment),
            "oldest_wait": _age(row["waiting_since"], moment),
        }
        for row in rows
    ]


def _say_letters(report: StatusReport) -> None:
    if report.letters:
        states = ", ".join(f"{number} {state}" for state, number in sorted(report.letters.items()))
        click.echo(f"letters: {states}")
    if report.stopped:
        click.echo(f"addresses that refused for good: {report.stopped} (procmatch letters dead)")
    if report.held:
        click.echo(f"NO LETTER LEAVES: {report.held} (procmatch letters brake)")


@click.command()
@format_option
@click.pass_obj
def status(settings: Settings, format_: str) -> None:
    """Show how fresh and whole each source is, and what the store holds.

    One row a source: its newest run, when it was last read to the end, and what waits for
    download. Below that, how much each source held and how much is expected of the next run.
    """
    from procmatch.store import open_store  # noqa: PLC0415 - keeps --help fast
    from procmatch.workflows import status as verb  # noqa: PLC0415

    report = verb.status(open_store(settings.database_url))
    rows = _aged(report.sources, now())
    if format_ != "table":
        show_rows(rows, _COLUMNS, format_)
        return
    click.echo(", ".join(f"{count} {what}" for what, count in report.holdings.items()))
    _say_letters(report)
    click.echo()
    # A table for people leaves out what is empty everywhere, but for the counts themselves.
    shown = [name for name in _COLUMNS if name in _COUNTS or any(row.get(name) for row in rows)]
    show_rows(rows, shown, format_)
    if report.sizes:
        click.echo("\nsizes of the sources:")
        sizes = [
            {
                "source": size.source,
                "measure": size.measure,
                "last good run": size.value,
                "expected next": f"{size.least}\N{EN DASH}{size.most}",
            }
            for size in report.sizes
        ]
        show_rows(sizes, ("source", "measure", "last good run", "expected next"), format_)
    if report.set_aside:
        click.echo("\nset aside (procmatch retry reads them again after an update):")
        show_rows(report.set_aside, ("source", "kind", "key", "field", "reason"), format_)


@click.command()
@click.option("--source", metavar="SOURCE", help="Only what came from this source.")
@click.option(
    "--all", "everything", is_flag=True, help="Also what this version has refused already."
)
@click.pass_obj
def retry(settings: Settings, source: str | None, *, everything: bool) -> None:
    """Read again what was set aside, from the raw answers in the store; needs no network.

    Worth it after procmatch was updated: by default only what other versions of the readers have
    refused is tried.
    """
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import retry as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    report = verb.retry(store, settings=settings, clock=now, source=source, everything=everything)
    line = f"{report.tried} read again: {report.read} can be read now, {report.still} cannot"
    if report.skipped:
        line += f"; {report.skipped} were refused by this version already (--all tries them too)"
    click.echo(line)
