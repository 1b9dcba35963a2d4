"""What a municipality has signed and spent, and an open invitation before it buys again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procmatch.cli.evidence import import_
from procmatch.cli.output import format_option, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.insight.radar import Agreement
    from procmatch.insight.shares import Purchase

__all__ = ["import_", "invite", "leakage", "radar", "shares"]

_RADAR = ("end", "plan_from", "last_end", "title", "suppliers", "exclusive", "value", "notice")
_SHARES = (
    "year", "question", "measure", "yes", "no", "unknown", "low", "high", "without_value",
)  # fmt: skip
_SHOWN = 20


@click.command()
@click.argument("place")
@click.option("--months", default=0, help="Only what ends within so many months; 0 means all.")
@format_option
@click.pass_obj
def radar(settings: Settings, place: str, months: int, format_: str) -> None:
    """Show what the municipality PLACE (four digits) has signed, until when, and when to plan.

    What has no known end stands last: unknown is not "never".
    """
    from procmatch.insight.radar import ending_within  # noqa: PLC0415 - keeps --help fast
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.agreements import signed_by  # noqa: PLC0415

    store = open_store(settings.database_url)
    every = signed_by(store, place, now).agreements
    store.close()
    today = now().date()
    found = ending_within(every, today, months) if months else _by_end(every, today)
    show_rows(map(_agreement, found), _RADAR, format_)


def _by_end(every: Sequence[Agreement], today: date) -> list[Agreement]:
    running = [one for one in every if one.end is None or (one.span.last_end or one.end) >= today]
    return sorted(running, key=lambda one: (one.end is None, one.end or today, one.notice, one.lot))


def _agreement(one: Agreement) -> dict[str, object]:
    from procmatch.insight.radar import plan_from  # noqa: PLC0415

    return {
        "end": one.end,
        "plan_from": plan_from(one),
        "last_end": one.span.last_end,
        "title": one.title,
        "suppliers": [who.name for who in one.suppliers],
        "exclusive": one.exclusive,
        "value": f"{one.value.amount:.0f} {one.value.currency}" if one.value else None,
        "notice": one.notice,
        "lot": one.lot,
        "procedure": one.procedure,
        "cpv": list(one.cpv),
        "end_field": one.span.end_field,
        "renewals": one.span.renewals,
    }


@click.command()
@click.argument("place")
@click.option("--spend", is_flag=True, help="Of the ledgers taken in, instead of the awards.")
@format_option
@click.pass_obj
def shares(settings: Settings, place: str, *, spend: bool, format_: str) -> None:
    """Show how much of PLACE's purchases went to small, local and sustainable firms, by year.

    LOW and HIGH tell the share if every unknown supplier were a no, or a yes.
    """
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.agreements import signed_by  # noqa: PLC0415
    from procmatch.workflows.spend import spent_by  # noqa: PLC0415

    store = open_store(settings.database_url)
    rows = spent_by(store, place, now) if spend else signed_by(store, place, now).purchases
    store.close()
    show_rows(_by_year(rows), _SHARES, format_)


def _by_year(rows: Sequence[Purchase]) -> Iterator[dict[str, object]]:
    from procmatch.insight.shares import Measure, Question  # noqa: PLC0415
    from procmatch.insight.shares import shares as by_group  # noqa: PLC0415

    for question in Question:
        for measure in Measure:
            found = by_group(rows, question, measure, lambda row: row.year)
            for year, one in sorted(found.items(), key=lambda pair: (pair[0] is None, pair[0])):
                yield {
                    "year": year,
                    "question": question.value,
                    "measure": measure.value,
                    "yes": float(one.yes),
                    "no": float(one.no),
                    "unknown": float(one.unknown),
                    "low": one.low,
                    "high": one.high,
                    "without_value": one.without_value,
                }


@import_.command(name="spend")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--place", required=True, help="Municipality (four digits) or county (two).")
@click.option("--supplier", help="Column with the supplier's name.")
@click.option("--number", help="Column with its organisation number.")
@click.option("--amount", help="Column with the amount, NOK excl. VAT.")
@click.option("--unit", help="Column with the unit that bought.")
@click.option("--day", help="Column with the day.")
@click.pass_obj
def import_spend(settings: Settings, /, file: Path, place: str, **columns: str | None) -> None:
    """Take in a ledger (CSV or XLSX) and say who its suppliers are.

    A line that cannot be read is named and left out; the same file twice changes nothing.
    """
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.register_index import index_folder  # noqa: PLC0415
    from procmatch.workflows.spend import import_spend as verb  # noqa: PLC0415

    given: Mapping[str, str] = {name: value for name, value in columns.items() if value}
    store = open_store(settings.database_url)
    report = verb(store, file, place=place, clock=now, columns=given, index=index_folder(settings))
    store.close()
    for one in report.bad[:_SHOWN]:
        click.echo(f"{file.name}: row {one.row}: {one.column}: {one.reason}", err=True)
    if len(report.bad) > _SHOWN:
        click.echo(f"{file.name}: and {len(report.bad) - _SHOWN} more", err=True)
    click.echo(f"read {report.lines} lines, {report.amount} kroner; {len(report.bad)} not read")
    if report.already:
        click.echo("this file was taken in before; nothing was changed")
        return
    click.echo(
        f"suppliers: {report.certain} certain, {report.uncertain} uncertain, "
        f"{report.nobody} not found (lines)"
    )


@click.command()
@click.argument("place")
@format_option
@click.pass_obj
def leakage(settings: Settings, place: str, *, format_: str) -> None:
    """Show what left PLACE by its ledgers, by category, and how many firms of the trade are there.

    NEARBY is a hint of what could be bought there, not that any of them delivers it.
    """
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.spend import leaks_of  # noqa: PLC0415

    store = open_store(settings.database_url)
    try:
        found = leaks_of(store, place, now)
    finally:
        store.close()
    rows = (
        {
            "category": one.category,
            "away": float(one.away),
            "local": float(one.local.yes),
            "unknown": float(one.local.unknown),
            "low": one.local.low,
            "high": one.local.high,
            "nearby": one.nearby,
        }
        for one in found
    )
    columns = ("category", "away", "local", "unknown", "low", "high", "nearby")
    show_rows(rows, columns, format_)


@click.command()
@click.argument("what")
@click.option("--buyer", required=True, help="Who buys, e.g. “Asker kommune”.")
@click.option("--reply-to", required=True, help="Address for the answers.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day.")
@click.pass_obj
def invite(settings: Settings, what: str, *, buyer: str, reply_to: str, until: datetime) -> None:
    """Write an open invitation to all who could deliver WHAT: market dialogue before a purchase."""
    from procmatch.insight.equal import invitation  # noqa: PLC0415

    text = invitation(
        what=what,
        buyer=buyer,
        reply_to=reply_to,
        until=until.date(),
        language=settings.language,
    )
    click.echo(text, nl=False)
