"""``init``, ``link``, ``match``, ``status``: the store and the steps over it."""

from __future__ import annotations

import click

from procmatch.cli.output import format_option, now, progress, show_rows
from procmatch.settings import Settings

__all__ = ["init", "link", "match", "status"]


@click.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Make the store, or bring an older one up to date."""
    from procmatch.store import open_store  # noqa: PLC0415 - keeps --help fast

    store = open_store(settings.database_url, create=True)
    click.echo(f"the store is ready: {store.name}")
    store.close()


@click.command()
@click.pass_obj
def link(settings: Settings) -> None:
    """Find the register unit behind each buyer, winner and piece of evidence."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import link as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    with progress("linking") as step:
        report = verb.link(store, progress=step)
    click.echo(
        f"linked {report.parties} parties: {report.certain} certain, "
        f"{report.uncertain} uncertain, {report.nobody} nobody"
    )
    if found := report.evidence.rows:
        click.echo(
            f"linked {found} pieces of evidence: {report.evidence.certain} certain, "
            f"{report.evidence.possible} possible, {report.evidence.nobody} nobody"
        )


@click.command()
@click.pass_obj
def match(settings: Settings) -> None:
    """Rank the suppliers that could bid on each open lot."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import match as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    with progress("matching") as step:
        report = verb.match(store, settings=settings, clock=now, progress=step)
    click.echo(
        f"matched {report.lots} open lots with {report.suppliers} suppliers: "
        f"{report.changed} lots have a new answer"
    )
    if report.accounts_wanted:
        click.echo(
            f"the accounts of {report.accounts_wanted} suppliers are not known: "
            "procmatch crawl accounts, then match again"
        )


@click.command()
@format_option
@click.pass_obj
def status(settings: Settings, format_: str) -> None:
    """Show the newest run of each source, and what the store holds."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import status as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    report = verb.status(store)
    if format_ == "table":
        click.echo(", ".join(f"{count} {what}" for what, count in report.holdings.items()))
        click.echo()
    columns = (
        "source",
        "outcome",
        "started_at",
        "ended_at",
        "fetched",
        "new",
        "changed",
        "set_aside",
        "postponed",
        "waiting",
        "complete_to",
        "message",
    )
    show_rows(report.sources, columns, format_)
    if format_ == "table" and report.set_aside:
        click.echo("\nset aside:")
        show_rows(report.set_aside, ("source", "kind", "key", "field", "reason"), format_)
