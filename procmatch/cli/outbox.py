"""``letters``: what waits in the outbox, what was given up, and the brake."""

from __future__ import annotations

import click

from procmatch.cli.output import format_option, local, now, show_rows
from procmatch.settings import Settings

__all__ = ["letters"]


@click.group()
def letters() -> None:
    """Look after letters on their way: send, list what was given up, try again, brake."""


@letters.command()
@click.pass_obj
def send(settings: Settings) -> None:
    """Send what is due in the outbox, and write nothing new.

    Several may run at once, on several machines with PostgreSQL. Asked to stop (SIGTERM), it
    finishes the letter in hand. Where the brake holds letters, the exit code is 1.
    """
    from procmatch.alerts.channels import open_channels  # noqa: PLC0415
    from procmatch.cli.stopping import until_stopped  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.deliver import send_letters  # noqa: PLC0415

    store = open_store(settings.database_url)
    with until_stopped() as stop, open_channels(settings) as post:
        done = send_letters(
            store,
            clock=now,
            post=post,
            mail=settings.mail,
            operator=settings.jobs.report_to,
            stop=stop,
        )
    click.echo(f"{done.sent} handed over, {done.postponed} to try again, {done.refused} refused")
    if done.held:
        raise click.ClickException(f"the brake holds what is left: {done.held}")


@letters.command()
@format_option
@click.pass_obj
def dead(settings: Settings, format_: str) -> None:
    """List letters that were given up; in a table, also the addresses that refused for good."""
    from procmatch.store import open_store, outbox, stopped  # noqa: PLC0415

    with open_store(settings.database_url).read() as connection:
        given_up = outbox.dead(connection)
        closed = stopped.stopped(connection)
    show_rows(
        [
            {
                "letter": one.id,
                "channel": one.channel,
                "to": one.to,
                "queued": one.queued_at,
                "tries": one.tries,
                "error": one.error,
            }
            for one in given_up
        ],
        ("letter", "channel", "to", "queued", "tries", "error"),
        format_,
    )
    if closed and format_ == "table":
        click.echo("\nnothing more is sent to (procmatch letters retry --address ADDRESS):")
        show_rows(
            [
                {"channel": one.channel, "to": one.recipient, "since": one.at, "error": one.error}
                for one in closed
            ],
            ("channel", "to", "since", "error"),
            format_,
        )


@letters.command()
@click.argument("keys", metavar="[LETTER]...", nargs=-1)
@click.option("--address", help="Send to this address again, and queue its letters.")
@click.option("--all", "everything", is_flag=True, help="All letters and addresses.")
@click.pass_obj
def retry(
    settings: Settings, keys: tuple[str, ...], address: str | None, *, everything: bool
) -> None:
    """Queue letters that were given up anew; their addresses get letters again."""
    from procmatch.store import open_store, outbox, stopped  # noqa: PLC0415

    if sum((bool(keys), address is not None, everything)) != 1:
        raise click.UsageError("name letters, or one --address, or --all")
    with open_store(settings.database_url).begin() as connection:
        if everything:
            opened = stopped.clear(connection)
        elif address is not None:
            opened = stopped.clear(connection, {address})
        else:
            receivers = {one.to for one in outbox.dead(connection) if one.id in keys}
            opened = stopped.clear(connection, receivers)
        queued = outbox.retry(connection, now(), letters=keys or None, recipient=address)
    click.echo(f"{queued} letters queued again, {opened} addresses opened")


@letters.command()
@click.option("--release", is_flag=True, help="Let letters leave again; the hour begins anew.")
@click.pass_obj
def brake(settings: Settings, *, release: bool) -> None:
    """Show whether all sending is held (more letters in an hour than set), or release it."""
    from procmatch.store import brake as held  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415

    with open_store(settings.database_url).begin() as connection:
        state = held.state(connection)
        if release:
            held.release(connection, now())
    if state.pulled_at is None:
        click.echo("not held")
    elif release:
        click.echo("released")
    else:
        click.echo(f"held since {local(state.pulled_at)}: {state.reason}")
