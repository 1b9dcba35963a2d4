"""``serve``: the pages; ``report``: a municipality's pages as files."""

from __future__ import annotations

from pathlib import Path

import click

from procmatch.cli.output import now
from procmatch.settings import Settings

__all__ = ["report", "serve"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes that answer; else one for each processor, up to four.",
)
@click.pass_obj
def serve(settings: Settings, *, host: str, port: int, workers: int | None) -> None:
    """Serve the pages: tenders, firms, municipalities, subscribing; the feeds and the API.

    Put a server with TLS before it, and its address into mail.public_url. No address that is asked
    for is logged: they hold signed links and secret keys.
    """
    from procmatch.errors import ExtraMissing, SettingsError  # noqa: PLC0415

    if not settings.secret_key:
        raise SettingsError("PROCMATCH_SECRET_KEY is not set: links cannot be checked")
    try:
        from procmatch.web import serving  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ExtraMissing(error.name or "fastapi", "web") from None
    click.echo(f"http://{host}:{port}/", err=True)
    many = workers or serving.many_by_default()
    serving.serve(settings, host=host, port=port, workers=many)


@click.command()
@click.argument("place")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("report"),
    show_default=True,
    help="Folder to write into; files of the same names are replaced.",
)
@click.pass_obj
def report(settings: Settings, place: str, *, out: Path) -> None:
    """Write the pages of the municipality or county PLACE as files that open offline.

    Needs no server and no network: the folder can be mailed to a council. Run `match` before it, so
    that the open lots have their rankings.
    """
    from procmatch.errors import ExtraMissing  # noqa: PLC0415

    try:
        from procmatch.web.report import write_report  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ExtraMissing(error.name or "fastapi", "web") from None
    written = write_report(settings, place, out, clock=now)
    click.echo(f"{written.first}: {written.pages} pages, {written.tables} tables")
