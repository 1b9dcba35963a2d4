"""``export``: what the store holds, in formats of others."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click

from procmatch.cli.output import now
from procmatch.settings import Settings

__all__ = ["export"]

_FORMS = ("lines", "release-package", "record-package")


@click.group()
def export() -> None:
    """Give out what the store holds in formats of others."""


def _day(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


_date = click.DateTime(["%Y-%m-%d"])


@export.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=Path("-"),
    help="File to write, in place of standard output.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMS),
    default="lines",
    show_default=True,
    help="One JSON object a line, or one package of all.",
)
@click.option(
    "--compiled",
    is_flag=True,
    help="Merge the releases of each process into one; in records, only link to them.",
)
@click.option(
    "--since", type=_date, callback=_day, metavar="DATE", help="Published from this day on."
)
@click.option("--until", type=_date, callback=_day, metavar="DATE", help="Published to this day.")
@click.option("--source", metavar="SOURCE", help="Only notices of this source, e.g. doffin.")
@click.option("--procedure", metavar="ID", help="Only this procedure.")
@click.option(
    "--validate",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="SCHEMA",
    help="Leave out what breaks this JSON schema of releases.",
)
@click.option(
    "--with-persons",
    is_flag=True,
    help="Name sole proprietors and print unchecked numbers: personal data.",
)
@click.pass_context
def ocds(
    ctx: click.Context,
    *,
    out: Path,
    format_: str,
    compiled: bool,
    since: date | None,
    until: date | None,
    source: str | None,
    procedure: str | None,
    validate: Path | None,
    with_persons: bool,
) -> None:
    """Give out notices as OCDS 1.1 releases with the extensions of the eForms profile.

    A notice that cannot be exported is told on standard error, and the exit code is 1 after all
    others were.
    """
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.store.publications import Wanted  # noqa: PLC0415
    from procmatch.workflows import export as verb  # noqa: PLC0415

    settings = ctx.obj
    assert isinstance(settings, Settings)
    report = verb.Report(tell=lambda line: click.echo(line, err=True))
    how = verb.Exported(
        wanted=Wanted(source=source, since=since, until=until, procedure=procedure),
        options=verb.options_from(settings, with_persons=with_persons),
        compile=compiled or format_ == "record-package",
        **({"broken": verb.schema(validate)} if validate else {}),
    )
    found = verb.processes(open_store(settings.database_url), how, report)
    written = verb.written(
        found,
        form=format_,
        compiled=compiled,
        publisher=verb.publisher_from(settings),
        published_at=now(),
    )
    _write(written, out)
    merged = f", {report.compiled} compiled" if report.compiled else ""
    click.echo(
        f"{report.processes} processes, {report.releases} releases{merged}, "
        f"{report.problems} problems",
        err=True,
    )
    ctx.exit(1 if report.problems else 0)


def _write(chunks: Iterable[bytes], out: Path) -> None:
    """Write to standard output, or to a file that is there only when it is whole."""
    if str(out) == "-":
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return
    partial = out.with_name(f"{out.name}.part")
    try:
        with partial.open("wb") as file:
            file.writelines(chunks)
        partial.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
