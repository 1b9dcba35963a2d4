"""A municipality over the years: ``trends``, its ``targets``, and the log of what was ``shown``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.insight.shares import Purchase, Share, Target
    from procmatch.insight.trends import Tracked, TrendRow
    from procmatch.store import Store

__all__ = ["shown", "targets", "trends"]

_TRENDS = (
    "group", "year", "question", "measure", "purchases", "yes", "no", "unknown", "low", "high",
    "without_value",
)  # fmt: skip
_COMPARED = (
    "number", "name", "employees", "firms", "other_trades", "awards", "question", "yes",
    "no", "unknown", "low", "high", "from", "to",
)  # fmt: skip
_TARGETS = (
    "year", "question", "measure", "percent", "standing", "yes", "no", "unknown", "low", "high",
)  # fmt: skip
_QUESTIONS = ("small", "local", "regional", "evidence")


def _purchases(store: Store, place: str, *, spend: bool) -> Sequence[Purchase]:
    from procmatch.workflows.agreements import signed_by  # noqa: PLC0415
    from procmatch.workflows.spend import spent_by  # noqa: PLC0415

    return spent_by(store, place, now) if spend else signed_by(store, place, now).purchases


@click.command()
@click.argument("place")
@click.option(
    "--by",
    type=click.Choice(["whole", "category", "unit"]),
    default="whole",
    show_default=True,
    help="Also apart for each CPV division (of a ledger: industry) or each unit.",
)
@click.option("--spend", is_flag=True, help="Of the ledgers taken in, instead of the awards.")
@click.option("--rows", is_flag=True, help="The purchases themselves, to count again.")
@click.option("--compare", is_flag=True, help="Beside the five municipalities most like it.")
@format_option
@click.pass_obj
def trends(
    settings: Settings,
    place: str,
    *,
    by: str,
    spend: bool,
    rows: bool,
    compare: bool,
    format_: str,
) -> None:
    """Show PLACE's shares by year, with what they are of and what is not known.

    LOW and HIGH tell the share if every unknown one were a no, or a yes. FROM and TO of a
    comparison are these, widened for chance (95 percent).
    """
    from procmatch.insight import trends as library  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415

    store = open_store(settings.database_url)
    try:
        if compare:
            show_rows(_compared(store, place), _COMPARED, format_)
            return
        bought = _purchases(store, place, spend=spend)
    finally:
        store.close()
    if rows:
        show_rows(library.exported(bought), library.COLUMNS, format_)
        return
    found = library.trends(bought, library.Cut(by))
    show_rows((_trend(one) for one in found), _TRENDS, format_)


def _share(share: Share) -> dict[str, object]:
    return {
        "yes": float(share.yes),
        "no": float(share.no),
        "unknown": float(share.unknown),
        "low": share.low,
        "high": share.high,
        "without_value": share.without_value,
    }


def _trend(one: TrendRow) -> dict[str, object]:
    return {
        "group": one.group,
        "year": one.year,
        "question": one.question.value,
        "measure": one.measure.value,
        "purchases": one.purchases,
        **_share(one.share),
        "from": one.interval[0] if one.interval else None,
        "to": one.interval[1] if one.interval else None,
    }


def _compared(store: Store, place: str) -> Iterator[dict[str, object]]:
    from procmatch.workflows.settle import settle  # noqa: PLC0415
    from procmatch.workflows.trends import similar  # noqa: PLC0415

    settle(store)
    for one in similar(store, place, now):
        for question, share in one.shares.items():
            interval = one.intervals[question]
            yield {
                "number": one.number,
                "name": one.name,
                "employees": one.employees,
                "firms": one.firms,
                "other_trades": one.likeness.trades if one.likeness else None,
                "awards": one.awards,
                "question": question.value,
                **_share(share),
                "from": interval[0] if interval else None,
                "to": interval[1] if interval else None,
            }


@click.command()
@click.argument("place")
@click.option("--question", type=click.Choice(_QUESTIONS), help="Of what: to set a target.")
@click.option("--measure", type=click.Choice(["number", "value"]), default="value")
@click.option("--year", type=int, help="By which year.")
@click.option("--percent", type=float, help="How much of it, at least.")
@click.option("--remove", is_flag=True, help="Take the target back.")
@click.option("--spend", is_flag=True, help="Held against the ledgers, instead of the awards.")
@format_option
@click.pass_obj
def targets(
    settings: Settings,
    place: str,
    *,
    question: str | None,
    measure: str,
    year: int | None,
    percent: float | None,
    remove: bool,
    spend: bool,
    format_: str,
) -> None:
    """Show how the targets of PLACE stand; with --question and --year set one or take it back."""
    from procmatch.insight.shares import Measure, Question, Target  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.trends import tracked  # noqa: PLC0415

    store = open_store(settings.database_url)
    try:
        if question:
            if year is None or (percent is None and not remove):
                raise click.UsageError("a target needs --question, --year and --percent")
            target = Target(
                question=Question(question),
                measure=Measure(measure),
                year=year,
                percent=percent or 0.0,
            )
            _change(store, place, target, remove=remove)
        rows = _purchases(store, place, spend=spend)
        found = tracked(store, place, rows)
    finally:
        store.close()
    show_rows(map(_target, found), _TARGETS, format_)


def _change(store: Store, place: str, target: Target, *, remove: bool) -> None:
    from procmatch.workflows.trends import drop_target, set_target  # noqa: PLC0415

    if remove:
        drop_target(store, place, target)
        return
    try:
        set_target(store, place, target)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _target(one: Tracked) -> dict[str, object]:
    return {
        "year": one.target.year,
        "question": one.target.question.value,
        "measure": one.target.measure.value,
        "percent": one.target.percent,
        "standing": one.standing.value,
        **_share(one.share),
        "years": [{"year": year, **_share(share)} for year, share in one.years],
    }


@click.command()
@click.option("--org", metavar="ORGNR", help="Only lists that this firm stood on.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@format_option
@click.pass_obj
def shown(settings: Settings, *, org: str | None, limit: int, format_: str) -> None:
    """Show which lists of firms pages have shown, when, and what made their order.

    Who looked at them is not kept.
    """
    from procmatch.cli.answers import org_of  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.equal_treatment import was_shown  # noqa: PLC0415

    store = open_store(settings.database_url)
    try:
        found = was_shown(store, org=org_of(org) if org else None, limit=limit)
    finally:
        store.close()
    rows = (
        {
            "last": one.last_at,
            "first": one.first_at,
            "times": one.times,
            "kind": one.list.kind,
            "asked": one.list.asked,
            "order": one.list.ordered_by,
            "whole": one.list.whole,
            "firms": [str(firm) for firm in one.list.firms],
        }
        for one in found
    )
    show_rows(rows, ("last", "times", "kind", "asked", "order", "whole", "firms"), format_)
