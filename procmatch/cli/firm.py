"""``firm``: what is asked for in firms' names, and what they said themselves."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.model.organisation import OrgId

__all__ = ["firm"]

_OPEN = timedelta(days=7)
_COLUMNS = ("id", "number", "name", "email", "asks", "confirmed_at")


@click.group()
def firm() -> None:
    """What firms ask for on the pages about them: listed, approved, refused, forgotten."""


@firm.command("list")
@click.option("--link", is_flag=True, help="Print the address of the list as a page, for a week.")
@format_option
@click.pass_obj
def list_(settings: Settings, *, link: bool, format_: str) -> None:
    """Show what waits for the operator: nothing yet tells that the address is the firm's."""
    from procmatch.alerts.links import sign  # noqa: PLC0415
    from procmatch.alerts.statement_letter import write_said  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.statements import waiting  # noqa: PLC0415

    if link:
        until = now() + _OPEN
        token = sign("requests", "list", secret=settings.secret_key, expires_at=until)
        click.echo(f"{settings.mail.public_url.rstrip('/')}/requests/{token}")
        return
    with closing(open_store(settings.database_url)) as store:
        found = waiting(store)
    rows = [
        {
            "id": asked.id,
            "number": str(asked.org),
            "name": known.name,
            "email": asked.email,
            "asks": "; ".join(write_said(asked, settings.language)),
            "confirmed_at": asked.confirmed_at,
        }
        for asked, known in found
    ]
    show_rows(rows, _COLUMNS, format_)


@firm.command()
@click.argument("request_id", metavar="REQUEST")
@click.pass_obj
def approve(settings: Settings, request_id: str) -> None:
    """Let REQUEST take effect: you made sure that it is the firm's. A letter tells who asked."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import statements  # noqa: PLC0415

    with closing(open_store(settings.database_url)) as store:
        done = statements.approve(store, request_id, settings=settings, clock=now)
    click.echo(f"{done.org}: done; the address that asked speaks for the firm from now on")


@firm.command()
@click.argument("request_id", metavar="REQUEST")
@click.pass_obj
def refuse(settings: Settings, request_id: str) -> None:
    """Delete REQUEST without effect: you could not make sure. A letter tells who asked."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import statements  # noqa: PLC0415

    with closing(open_store(settings.database_url)) as store:
        statements.refuse(store, request_id, settings=settings, clock=now)
    click.echo("deleted")


@firm.command()
@click.argument("orgnr")
@click.pass_obj
def forget(settings: Settings, orgnr: str) -> None:
    """Delete all that the firm ORGNR said and chose here; the register's facts hold."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import statements  # noqa: PLC0415

    with closing(open_store(settings.database_url)) as store:
        statements.forget(store, _org(orgnr), settings=settings)
    click.echo("deleted")


def _org(orgnr: str) -> OrgId:
    from procmatch.codes.orgnr import clean  # noqa: PLC0415
    from procmatch.model.organisation import NORWAY, OrgId  # noqa: PLC0415

    return OrgId(NORWAY, clean(orgnr))
