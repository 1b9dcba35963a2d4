"""``procmatch crawl``: fetch one source into the store."""

from __future__ import annotations

from datetime import datetime

import click
import msgspec

from procmatch.errors import ExtraMissing
from procmatch.settings import Settings, load

__all__ = ["crawl"]

_SOURCES = ["accounts", "codes", "doffin", "doffin-webclient", "enhetsregisteret", "ted"]
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("source", type=click.Choice(_SOURCES))
@click.option(
    "--from",
    "since",
    type=_DAY,
    metavar="DATE",
    help="doffin, ted: read back to this day. Default: a little behind the last whole run; at "
    "first 60 days.",
)
@click.option(
    "--to",
    "until",
    type=_DAY,
    metavar="DATE",
    help="doffin, ted: with --from, only notices issued (ted: published) from there to this day "
    "(backfill).",
)
@click.option(
    "--number",
    "numbers",
    multiple=True,
    metavar="NUMBER",
    help="enhetsregisteret: look up this unit only; may be repeated.",
)
@click.option(
    "--bulk",
    is_flag=True,
    help="enhetsregisteret: ask for the nightly files, however new ours are.",
)
@click.option(
    "--updates",
    is_flag=True,
    help="enhetsregisteret: only what changed, however old our files are.",
)
@click.option(
    "--accept-size",
    is_flag=True,
    help="Do not fail when the source has become smaller than its last good run allows.",
)
@click.option(
    "--active",
    is_flag=True,
    help="doffin: only look again at notices that can still be bid on: which have ended, been "
    "awarded or cancelled? A normal crawl does so once a week.",
)
@click.option("--database", metavar="URL", help="Store to write to.")
@click.option("--quiet", is_flag=True, help="Say nothing unless it fails.")
@click.pass_context
def crawl(
    context: click.Context,
    source: str,
    since: datetime | None,
    until: datetime | None,
    numbers: tuple[str, ...],
    database: str | None,
    *,
    bulk: bool,
    updates: bool,
    accept_size: bool,
    active: bool,
    quiet: bool,
) -> None:
    """Fetch SOURCE politely, keep what it says, and read it into the store.

    May be stopped at any time (Ctrl-C): what was fetched stays, the next run goes on.
    """
    arguments = _arguments(source, since, until, active=active)
    arguments |= _register_arguments(source, numbers, bulk=bulk, updates=updates)
    arguments["accept_size"] = accept_size
    settings = context.obj if isinstance(context.obj, Settings) else load()
    if database:
        settings = msgspec.structs.replace(settings, database_url=database)
    try:
        from procmatch_spiders import crawl as crawling  # noqa: PLC0415  Scrapy is an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"scrapy", "twisted"}:
            raise ExtraMissing("scrapy", "crawl") from None
        raise
    spider = crawling.run(source, settings, arguments=arguments, quiet=quiet)
    if spider.outcome != "finished":
        raise click.ClickException(crawling.summary(spider))
    if not quiet:
        click.echo(crawling.summary(spider))


def _register_arguments(
    source: str, numbers: tuple[str, ...], *, bulk: bool, updates: bool
) -> dict[str, object]:
    """Return the options of the register, none of which another source has."""
    given = {"--number": bool(numbers), "--bulk": bulk, "--updates": updates}
    named = [name for name, is_given in given.items() if is_given]
    if named and source != "enhetsregisteret":
        raise click.UsageError(f"{named[0]} means nothing to {source}")
    if len(named) > 1:
        raise click.UsageError(f"{' and '.join(named)} exclude each other")
    return {"numbers": numbers, "bulk": bulk, "updates": updates} if named else {}


def _arguments(
    source: str, since: datetime | None, until: datetime | None, *, active: bool
) -> dict[str, object]:
    """Return the spider's other arguments; refuse options of another source."""
    if source not in {"doffin", "doffin-webclient", "ted"} and (since or until):
        raise click.UsageError(f"--from and --to mean nothing to {source}")
    if active and (source != "doffin" or since or until):
        raise click.UsageError("--active is for doffin, without --from and --to")
    if source in {"accounts", "codes", "enhetsregisteret"}:
        return {}
    if until and not since:
        raise click.UsageError("--to needs --from")
    if since and until and until < since:
        raise click.UsageError("--to is before --from")
    days: dict[str, object] = {"since": since and since.date(), "until": until and until.date()}
    return days | {"active": active} if source == "doffin" else days
