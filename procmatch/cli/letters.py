"""``subscribe``, ``confirm``, ``leave`` and ``alert``: who hears what."""

from __future__ import annotations

from decimal import Decimal

import click

from procmatch.cli.output import now
from procmatch.settings import Settings

__all__ = ["alert", "confirm", "leave", "subscribe"]

_CONSENT = "Subscribed from the command line by the operator at the subscriber's request."


@click.command()
@click.option("--email", required=True, help="Where the letters go.")
@click.option("--org", "orgnr", help="Organisation number: hear of lots that fit this supplier.")
@click.option("--cpv", multiple=True, help="Hear of lots in this CPV branch, e.g. 15800000.")
@click.option("--word", "words", multiple=True, help="Hear of lots that name this word.")
@click.option("--place", "places", multiple=True, help="Only this municipality or county number.")
@click.option("--value-max", type=click.FLOAT, help="Only lots up to this value, NOK excl. VAT.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Lowest score that is worth a letter.",
)
@click.option(
    "--every",
    type=click.Choice(["instant", "daily", "weekly"]),
    default="daily",
    show_default=True,
    help="How often at the most.",
)
@click.option(
    "--confirmed",
    is_flag=True,
    help="You vouch that the person asked for this. Without it, nothing is sent before "
    "'procmatch confirm'.",
)
@click.pass_obj
def subscribe(
    settings: Settings,
    *,
    email: str,
    orgnr: str | None,
    cpv: tuple[str, ...],
    words: tuple[str, ...],
    places: tuple[str, ...],
    value_max: float | None,
    threshold: float,
    every: str,
    confirmed: bool,
) -> None:
    """Subscribe somebody, as a supplier (--org) or by search (--cpv, --word, --place)."""
    from procmatch.codes.orgnr import clean  # noqa: PLC0415
    from procmatch.model.organisation import NORWAY, OrgId  # noqa: PLC0415
    from procmatch.model.subscription import Frequency, Subscription  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import subscribe as verb  # noqa: PLC0415

    subscription = Subscription(
        id=verb.new_id(),
        email=email,
        language=settings.language,
        frequency=Frequency(every),
        org=OrgId(NORWAY, clean(orgnr)) if orgnr else None,
        cpv=cpv,
        words=words,
        municipalities=places,
        value_max=None if value_max is None else Decimal(str(value_max)),
        threshold=threshold,
        created_at=now(),
        consent=_CONSENT,
    )
    store = open_store(settings.database_url)
    verb.subscribe(store, subscription, confirmed=confirmed, clock=now)
    click.echo(f"subscription {subscription.id}")
    if not confirmed:
        click.echo(f"not confirmed yet: procmatch confirm {subscription.id}")


@click.command()
@click.argument("subscription")
@click.pass_obj
def confirm(settings: Settings, subscription: str) -> None:
    """Note that the subscriber confirmed the address of SUBSCRIPTION."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import subscribe as verb  # noqa: PLC0415

    verb.confirm(open_store(settings.database_url), subscription, clock=now)
    click.echo(f"confirmed {subscription}")


@click.command()
@click.argument("subscription")
@click.pass_obj
def leave(settings: Settings, subscription: str) -> None:
    """Delete SUBSCRIPTION and everything kept about it."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import subscribe as verb  # noqa: PLC0415

    verb.leave(open_store(settings.database_url), subscription)
    click.echo(f"deleted {subscription}")


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be sent; write and send nothing.")
@click.pass_obj
def alert(settings: Settings, *, dry_run: bool) -> None:
    """Write the letters that are due and send them (or put them in the outbox folder)."""
    from procmatch.alerts.post import open_post  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import alert as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    if dry_run:
        report = verb.alert(store, settings=settings, clock=now, post=None)
        for letter in report.written:
            click.echo(f"would write: {letter.subject}")
        click.echo(f"{len(report.written)} letters for {report.subscriptions} subscriptions")
        return
    with open_post(settings.mail) as post:
        report = verb.alert(store, settings=settings, clock=now, post=post)
    where = settings.mail.smtp_host or f"the folder {settings.mail.outbox}"
    click.echo(
        f"{len(report.written)} new letters for {report.subscriptions} subscriptions; "
        f"{report.sent} handed to {where}, {report.postponed} to try again, "
        f"{report.refused} refused"
    )
