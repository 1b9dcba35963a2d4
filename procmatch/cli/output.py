"""How answers are printed: as a table for people, as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
import msgspec

__all__ = ["format_option", "local", "now", "progress", "show_rows"]

_OSLO = ZoneInfo("Europe/Oslo")
_NARROWEST = 16

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How to print the answer.",
)


def now() -> datetime:
    """The clock of the command line: aware UTC."""
    return datetime.now(UTC)


def local(moment: datetime | None) -> str:
    """Return a time as people in Oslo read it, or an empty text."""
    return moment.astimezone(_OSLO).strftime("%Y-%m-%d %H:%M") if moment else ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return local(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, (list, tuple)):
        return "; ".join(_text(item) for item in value)
    return str(value)


def _spreadsheet_safe(text: str) -> str:
    """Keep a cell from being run as a formula when a spreadsheet opens the file."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> str:
    cells = [[_text(row.get(name)) for name in columns] for row in rows]
    widths = [max(len(name), *(len(row[i]) for row in cells)) for i, name in enumerate(columns)]
    room = shutil.get_terminal_size((110, 24)).columns if sys.stdout.isatty() else 0
    if room:
        extra = sum(widths) + 2 * (len(widths) - 1) - room
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] = max(_NARROWEST, widths[widest] - max(0, extra))
    lines = [columns, ["-" * width for width in widths], *cells]
    return "\n".join(
        "  ".join(
            (cell if len(cell) <= width else cell[: width - 1] + "…").ljust(width)
            for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def show_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], format_: str) -> None:
    """Print ``rows``: a table of ``columns``, a JSON array of all, or a CSV of ``columns``."""
    kept = list(rows)
    if format_ == "json":
        text = msgspec.json.format(msgspec.json.encode(kept), indent=2).decode()
    elif format_ == "csv":
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in kept:
            writer.writerow(
                [
                    value
                    if isinstance(value := row.get(name), (int, float))
                    else _spreadsheet_safe(_text(value))
                    for name in columns
                ]
            )
        text = file.getvalue().rstrip("\r\n")
    elif kept:
        text = _table(kept, columns)
    else:
        text = "nothing found"
    click.echo(text)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error while a terminal is there; else nothing."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    bar: list[Any] = []

    def step(done: int, length: int) -> None:
        if not bar:
            bar.append(click.progressbar(length=length, label=label, file=sys.stderr))
            bar[0].__enter__()
        bar[0].update(done - bar[0].pos)

    try:
        yield step
    finally:
        if bar:
            bar[0].__exit__(None, None, None)
