"""``subscribe``, ``profile``, ``change``, ``confirm``, ``leave``, ``subscriber``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from procmatch.cli.output import format_option, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.model.subscription import Subscription

__all__ = ["change", "confirm", "leave", "profile", "subscribe", "subscriber"]

_CONSENT = "Subscribed from the command line by the operator at the subscriber's request."
F = TypeVar("F", bound=Callable[..., Any])

_WISHES = (
    click.option(
        "--offers", help="With --org: what it delivers, in place of the register's words."
    ),
    click.option("--cpv", multiple=True, help="A CPV branch, e.g. 15800000."),
    click.option("--word", "words", multiple=True, help="A word or phrase of the announcement."),
    click.option(
        "--place", "municipalities", multiple=True, help="Only this municipality or county number."
    ),
    click.option("--value-min", type=click.FLOAT, help="Smallest lot, NOK excl. VAT."),
    click.option("--value-max", type=click.FLOAT, help="Largest lot, NOK excl. VAT."),
    click.option("--buyer", "buyers", multiple=True, help="Only this buyer: number or name."),
    click.option(
        "--reserved",
        type=click.Choice(["any", "only", "none"]),
        help="Contracts reserved for sheltered work: all the same (any), only them, or none.",
    ),
    click.option(
        "--sme/--no-sme",
        "sme_suitable",
        default=None,
        help="Only what the buyer calls suited to small firms.",
    ),
    click.option(
        "--tender-language",
        "languages",
        multiple=True,
        help="Tenders may be written in this language, e.g. NOR or ENG.",
    ),
    click.option(
        "--threshold",
        type=click.FloatRange(0, 1),
        help="Lowest score that is worth a letter; 0.5 if not said.",
    ),
    click.option(
        "--every",
        "frequency",
        type=click.Choice(["instant", "daily", "weekly"]),
        help="How often at the most; daily if not said.",
    ),
    click.option(
        "--quiet",
        multiple=True,
        type=click.Choice(["weekends", "holidays"]),
        help="Days without letters.",
    ),
    click.option(
        "--remind-days",
        type=click.IntRange(0, 30),
        help="Days before a deadline to remind of it; 3 if not said, 0 for never.",
    ),
    click.option(
        "--channel",
        "channels",
        multiple=True,
        help="How news is pushed: mail, webhook or none; mail if not said.",
    ),
    click.option("--webhook", "webhook_url", help="Where the channel webhook posts."),
)


def _wishes(function: F) -> F:
    """Add the options that say what is wanted."""
    for option in reversed(_WISHES):
        function = option(function)
    return function


def _wanted(subscription: Subscription, said: dict[str, Any]) -> Subscription:
    """Return a subscription with what was said on the command line; the rest stays."""
    from procmatch.alerts.channels import CHANNELS  # noqa: PLC0415
    from procmatch.model.subscription import (  # noqa: PLC0415
        Frequency,
        QuietDay,
        Reserved,
    )

    kinds: dict[str, Callable[[Any], Any]] = {
        "frequency": Frequency,
        "reserved": Reserved,
        "quiet": lambda days: tuple(QuietDay(day) for day in days),
        "value_min": lambda amount: Decimal(str(amount)),
        "value_max": lambda amount: Decimal(str(amount)),
        "channels": lambda names: tuple(name for name in names if name != "none"),
    }
    changes = {
        name: kinds.get(name, lambda value: value)(value)
        for name, value in said.items()
        if value is not None and value != ()
    }
    if unknown := set(changes.get("channels", ())) - set(CHANNELS):
        raise click.BadParameter(f"no channel {min(unknown)!r}", param_hint="--channel")
    return replace(subscription, **changes)


@click.command()
@click.option("--email", required=True, help="Where the letters go.")
@click.option("--org", "orgnr", help="Organisation number: hear of lots that fit this supplier.")
@click.option(
    "--topic",
    type=click.Choice(["tenders", "few-local", "expiring"]),
    default="tenders",
    show_default=True,
    help="For a buyer, whose number --place gives: few-local (what it announced that few small "
    "firms nearby fit) or expiring (its agreements that end within twelve months).",
)
@_wishes
@click.option(
    "--confirmed",
    is_flag=True,
    help="You vouch that the person asked for this. Without it, a letter asks for a yes, and "
    "nothing else is sent before it.",
)
@click.pass_obj
def subscribe(
    settings: Settings,
    /,
    *,
    email: str,
    orgnr: str | None,
    topic: str,
    confirmed: bool,
    **said: Any,  # noqa: ANN401  see _WISHES
) -> None:
    """Subscribe somebody: as a supplier (--org), by search, or as a buyer (--topic).

    See 'procmatch profile' for what the register says of a supplier.
    """
    from procmatch.alerts.channels import open_channels  # noqa: PLC0415
    from procmatch.codes.orgnr import clean  # noqa: PLC0415
    from procmatch.model.organisation import NORWAY, OrgId  # noqa: PLC0415
    from procmatch.model.subscription import Subscription, Topic  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import alert  # noqa: PLC0415
    from procmatch.workflows import subscribe as verb  # noqa: PLC0415

    wanted = _wanted(
        Subscription(
            id=verb.new_id(),
            email=email,
            language=settings.language,
            topic=Topic(topic),
            org=OrgId(NORWAY, clean(orgnr)) if orgnr else None,
            created_at=now(),
            consent=_CONSENT if confirmed else "",
        ),
        said,
    )
    store = open_store(settings.database_url)
    if confirmed:
        kept: Subscription | None = verb.subscribe(store, wanted, confirmed=True, clock=now)
    else:
        kept = verb.ask(store, wanted, settings=settings, clock=now, way="command line")
    if kept is None:
        raise click.ClickException(
            f"{verb.WAITING} subscriptions of this address wait for a yes already"
        )
    click.echo(f"subscription {kept.id}")
    _tell(kept)
    if not confirmed:
        with open_channels(settings) as post:
            alert.send_letters(store, clock=now, post=post, mail=settings.mail)
        click.echo(f"a letter asks for a yes; or: procmatch confirm {kept.id}")


def _tell(subscription: Subscription) -> None:
    from procmatch.alerts.asked import details  # noqa: PLC0415

    for line in details(subscription):
        click.echo(f"  {line}")


@click.command()
@click.argument("orgnr")
@click.pass_obj
def profile(settings: Settings, orgnr: str) -> None:
    """Show what the register says of the supplier ORGNR, in the options of 'subscribe'."""
    from procmatch.codes.orgnr import clean  # noqa: PLC0415
    from procmatch.model.organisation import NORWAY, OrgId  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.profile import profile_of  # noqa: PLC0415

    store = open_store(settings.database_url)
    found = profile_of(store, OrgId(NORWAY, clean(orgnr)), clock=now, language=settings.language)
    click.echo(f"{found.name} ({found.org})")
    click.echo(f'--offers "{found.offers}"')
    for code, label in found.cpv:
        click.echo(f"--cpv {code}  {label}")
    for number, name in found.municipalities:
        click.echo(f"--place {number}  {name}")
    if found.value_max:
        click.echo(f"--value-max {found.value_max}")
    if found.reserved:
        click.echo("--reserved only, or any: known to be a sheltered workplace")
    click.echo(f"\nprocmatch subscribe --org {found.org} --email ... and what of this is right")


@click.command()
@click.argument("subscription")
@_wishes
@click.pass_obj
def change(
    settings: Settings,
    /,
    subscription: str,
    **said: Any,  # noqa: ANN401  see _WISHES
) -> None:
    """Change what SUBSCRIPTION asks for; what is not said stays as it is."""
    from procmatch.store import open_store, subscriptions  # noqa: PLC0415
    from procmatch.workflows import subscribe as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    with store.read() as connection:
        before = subscriptions.find(connection, subscription)
    _tell(verb.change(store, _wanted(before, said), clock=now))


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

    store = open_store(settings.database_url)
    verb.leave(store, subscription, outbox_folder=Path(settings.mail.outbox))
    click.echo(f"deleted {subscription}")


@click.group()
def subscriber() -> None:
    """What is kept of subscribers: given out, deleted, and their judgements as labels."""


@subscriber.command("export")
@click.argument("email")
@click.pass_obj
def export_data(settings: Settings, email: str) -> None:
    """Print all that is kept of the address EMAIL as JSON."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.subscriber_data import export  # noqa: PLC0415

    found = export(open_store(settings.database_url), email)
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())


@subscriber.command()
@click.argument("email")
@click.pass_obj
def forget(settings: Settings, email: str) -> None:
    """Delete all that is kept of the address EMAIL; only an anonymous count stays."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import subscriber_data  # noqa: PLC0415

    store = open_store(settings.database_url)
    folder = Path(settings.mail.outbox)
    count = subscriber_data.forget(store, email, outbox_folder=folder)
    click.echo(f"{count} subscriptions deleted")


@subscriber.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write; standard output if not said.",
)
@click.pass_obj
def labels(settings: Settings, out: Path | None) -> None:
    """Give out what subscribers judged for their organisations, as CSV labels without persons."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.judge import labels_csv  # noqa: PLC0415

    text = labels_csv(open_store(settings.database_url))
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


@subscriber.command()
@click.argument("subscription")
@format_option
@click.pass_obj
def judgements(settings: Settings, subscription: str, format_: str) -> None:
    """Show what the subscriber of SUBSCRIPTION judged, oldest first."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.judge import judgements as verb  # noqa: PLC0415

    rows = [
        {
            "notice": one.notice,
            "title": one.title,
            "fits": one.fits,
            "why": one.why.value if one.why else "",
            "at": one.at,
        }
        for one in verb(open_store(settings.database_url), subscription)
    ]
    show_rows(rows, ("notice", "title", "fits", "why", "at"), format_)


@subscriber.command("clean-up")
@click.pass_obj
def clean_up(settings: Settings) -> None:
    """Delete what nobody confirmed within fourteen days, and what letters said over a year ago."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import subscribe as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    count = verb.drop_unconfirmed(store, clock=now)
    old = verb.drop_old_news(store, clock=now)
    click.echo(f"{count} subscriptions deleted that nobody confirmed, {old} tenders of old letters")
