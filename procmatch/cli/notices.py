"""``read`` and ``show``: notices from files and from the store."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from procmatch.cli.output import format_option, local, now, show_rows
from procmatch.errors import ProcmatchError
from procmatch.settings import Settings

__all__ = ["read", "show"]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def read(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Print each eForms notice in FILES as one JSON object a line; needs no store.

    A file that cannot be read gives a line with "error", and exit code 1 after all were tried.
    """
    from procmatch.model.plain import notice_as_dict  # noqa: PLC0415
    from procmatch.sources.eforms import read as read_notice  # noqa: PLC0415

    failed = False
    for path in files:
        try:
            line = notice_as_dict(read_notice(path.read_bytes()))
        except (ProcmatchError, OSError) as error:
            failed = True
            reason = error.strerror if isinstance(error, OSError) else None
            line = {"file": str(path), "error": reason or str(error)}
        sys.stdout.buffer.write(msgspec.json.encode({"file": str(path), **line}) + b"\n")
        sys.stdout.buffer.flush()
    ctx.exit(1 if failed else 0)


@click.command()
@click.argument("notice_id")
@format_option
@click.pass_obj
def show(settings: Settings, notice_id: str, format_: str) -> None:
    """Show a notice of the store: NOTICE_ID is a Doffin id, a notice UUID or a procedure id.

    As a table it is told in plain lines; JSON holds everything, CSV one row a lot.
    """
    from procmatch.cli.notice_text import describe, money  # noqa: PLC0415
    from procmatch.model.plain import notice_as_dict  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.lookup import look_up  # noqa: PLC0415

    found = look_up(open_store(settings.database_url), notice_id)
    if format_ == "table":
        click.echo(describe(found, settings, now(), local))
    elif format_ == "json":
        encoded = msgspec.json.encode(notice_as_dict(found.notice))
        click.echo(msgspec.json.format(encoded, indent=2).decode())
    else:
        rows = [
            {
                "lot": lot.id,
                "title": str(lot.title),
                "cpv": lot.cpv,
                "value": money(lot.value),
                "deadline": lot.deadline,
                "reserved": lot.reserved,
            }
            for lot in found.notice.lots
        ]
        show_rows(rows, ("lot", "title", "cpv", "value", "deadline", "reserved"), format_)
