"""``procmatch crawl``: fetch one source into the store."""

from __future__ import annotations

from datetime import datetime

import click
import msgspec

from procmatch.errors import ExtraMissing
from procmatch.settings import Settings, load

__all__ = ["crawl"]

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("source", type=click.Choice(["accounts", "codes", "doffin", "enhetsregisteret"]))
@click.option(
    "--from",
    "since",
    type=_DAY,
    metavar="DATE",
    help="doffin: read back to this day. Default: a little behind the last whole run; at first 60 "
    "days.",
)
@click.option(
    "--to",
    "until",
    type=_DAY,
    metavar="DATE",
    help="doffin: with --from, only notices issued from there to this day (backfill).",
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
    quiet: bool,
) -> None:
    """Fetch SOURCE politely, keep what it says, and read it into the store.

    May be stopped at any time (Ctrl-C): what was fetched stays, the next run goes on.
    """
    arguments = _arguments(source, since, until) | _register_arguments(
        source, numbers, bulk=bulk, updates=updates
    )
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


def _arguments(source: str, since: datetime | None, until: datetime | None) -> dict[str, object]:
    """Return the spider's other arguments; refuse options of another source."""
    if source != "doffin" and (since or until):
        raise click.UsageError(f"--from and --to mean nothing to {source}")
    if source != "doffin":
        return {}
    if until and not since:
        raise click.UsageError("--to needs --from")
    if since and until and until < since:
        raise click.UsageError("--to is before --from")
    return {"since": since and since.date(), "until": until and until.date()}
