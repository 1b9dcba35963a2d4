"""``init``, ``link``, ``match``: the store and the steps over it."""

from __future__ import annotations

import click

from procmatch.cli.output import now, progress
from procmatch.settings import Settings

__all__ = ["init", "link", "match"]


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
    from procmatch.workflows.register_index import index_folder  # noqa: PLC0415

    store = open_store(settings.database_url)
    with progress("linking") as step:
        report = verb.link(store, index=index_folder(settings), progress=step)
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
