"""``alert`` and ``inbox``: letters that go out and letters that come in."""

from __future__ import annotations

import sys
from collections import Counter
from typing import BinaryIO

import click

from procmatch.cli.output import now
from procmatch.settings import Settings

__all__ = ["alert", "inbox"]


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be sent; write and send nothing.")
@click.pass_obj
def alert(settings: Settings, *, dry_run: bool) -> None:
    """Write the letters that are due and send them (or put them in the outbox folder).

    Asked to stop (SIGTERM), it finishes the letter in hand. Where the brake holds letters, the
    exit code is 1.
    """
    from procmatch.alerts.channels import open_channels  # noqa: PLC0415
    from procmatch.cli.stopping import until_stopped  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import alert as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    if dry_run:
        report = verb.alert(store, settings=settings, clock=now, post=None)
        for letter in report.written:
            click.echo(f"would write: {letter.subject}")
        receivers = Counter(letter.channel for letter in report.written)
        ways = ", ".join(f"{number} by {channel}" for channel, number in sorted(receivers.items()))
        click.echo(
            f"{len(report.written)} letters for {report.subscriptions} subscriptions"
            + (f" ({ways})" if ways else "")
        )
        return
    with until_stopped() as stop, open_channels(settings) as post:
        report = verb.alert(store, settings=settings, clock=now, post=post, stop=stop)
    where = settings.mail.smtp_host or f"the folder {settings.mail.outbox}"
    click.echo(
        f"{len(report.written)} new letters for {report.subscriptions} subscriptions; "
        f"{report.sent} handed to {where}, {report.postponed} to try again, "
        f"{report.refused} refused"
    )
    if report.held:
        raise click.ClickException(
            f"the brake holds what is left: {report.held}; see procmatch letters brake"
        )


@click.command()
@click.argument("messages", nargs=-1, type=click.File("rb"))
@click.pass_obj
def inbox(settings: Settings, messages: tuple[BinaryIO, ...]) -> None:
    """Do what letters that came in ask for: stop a subscription, or confirm one.

    MESSAGES are files of one letter each, as they came; without any, one is read from standard
    input, as a mail server's pipe gives it. A letter that asks for nothing we know is left alone.
    """
    from procmatch.errors import ProcmatchError  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import inbox as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    refused = 0
    files: list[BinaryIO] = list(messages) or [sys.stdin.buffer]
    for file in files:
        try:
            click.echo(verb.take_in(store, file.read(), settings=settings, clock=now))
        except ProcmatchError as error:
            refused += 1
            click.echo(f"refused: {error}", err=True)
    if refused:
        raise click.ClickException(f"{refused} letters refused")
