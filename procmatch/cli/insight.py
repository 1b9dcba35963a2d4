"""Before a purchase: ``split``, ``hurdles`` and ``draft``: who could bid, and what stops them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from procmatch.insight.hurdles import LotHurdles
    from procmatch.insight.what_if import Joining, WhatIf
    from procmatch.text.messages import Message

__all__ = ["draft", "hurdle_rows", "hurdles", "split"]

_JOINING = ("supplier", "number", "small", "km", "parts", "lacked")
_HURDLES = (
    "lot", "requirement", "stopped", "left_open", "to_show", "alone", "alone_small", "proportion",
)  # fmt: skip
_WAYS = ("product", "place", "unit", "value", "time", "reserved")


@click.command()
@click.argument("notice_id")
@click.option("--lot", help="Only this lot, e.g. LOT-0002. Default: each.")
@click.option(
    "--by",
    type=click.Choice(_WAYS),
    help="How each lot is divided. Default: all lots in one contract against the lots as they are.",
)
@click.option("--parts", default=2, show_default=True, help="Into how many, by value or time.")
@click.option(
    "--unit",
    "units",
    multiple=True,
    help='By unit: one of them, with its municipality after a comma: "the schools, 3203".',
)
@click.option("--share", default=0.2, show_default=True, help="Of the value that is reserved.")
@click.option("--one-step", is_flag=True, help="Also firms that lack one thing for some part.")
@format_option
@click.pass_obj
def split(
    settings: Settings,
    notice_id: str,
    *,
    lot: str | None,
    by: str | None,
    parts: int,
    units: tuple[str, ...],
    share: float,
    one_step: bool,
    format_: str,
) -> None:
    """Show how many small firms nearby could bid if NOTICE_ID were divided otherwise.

    Counted are firms whose trades answer all of a contract, that are near enough to all its places,
    and that nothing known stops. Which goods and places a contract holds decides the most.
    """
    from procmatch.insight.lots import Division, Way  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.text.messages import say  # noqa: PLC0415
    from procmatch.workflows.what_if import what_if  # noqa: PLC0415

    named = tuple(map(_unit, units))
    if (by == "unit") != (len(named) > 1):
        raise click.BadParameter("--by unit needs two or more --unit, and they need it")
    division = Division(way=Way(by), parts=parts, share=share, units=named) if by else None
    store = open_store(settings.database_url)
    try:
        answers = what_if(
            store, notice_id, lot=lot, division=division, settings=settings, clock=now
        )
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    finally:
        store.close()
    rows = []
    for found in answers:
        if format_ == "table":
            for message in _told(found):
                click.echo(say(message, settings.language), err=True)
        shown = (*found.joined, *(found.one_step if one_step else ()))
        rows += [_row(found, one, settings.language) for one in shown]
    show_rows(rows, _JOINING, format_)


def _unit(told: str) -> tuple[str, str | None]:
    name, _, place = (part.strip() for part in told.partition(","))
    if place and not re.fullmatch(r"\d{4}", place):
        raise click.BadParameter(f"--unit {told!r}: after the comma stands a municipality's number")
    return name, place or None


def _told(found: WhatIf) -> Iterator[Message]:
    from procmatch.insight.what_if import said  # noqa: PLC0415
    from procmatch.insight.work import ways_to_keep_work_low  # noqa: PLC0415

    yield from said(found)
    yield from ways_to_keep_work_low(found.parts)


def _row(found: WhatIf, one: Joining, language: str) -> dict[str, object]:
    from procmatch.text.messages import say  # noqa: PLC0415

    standing = one.standing
    return {
        "whole": found.whole.id,
        "supplier": standing.name,
        "number": str(standing.org),
        "small": standing.small,
        "km": None if standing.distance_km is None else round(standing.distance_km),
        "step": standing.step.value,
        "parts": list(one.parts),
        "lacked": [say(lack.said, language) for lack in standing.lacks],
    }


@click.command()
@click.argument("notice_id")
@format_option
@click.pass_obj
def hurdles(settings: Settings, notice_id: str, *, format_: str) -> None:
    """Show what each requirement of NOTICE_ID does to the firms nearby that otherwise fit.

    STOPPED: known not to meet it. LEFT_OPEN: may not. ALONE: nothing else stands in their way.
    """
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows.lot_hurdles import hurdles_on  # noqa: PLC0415

    store = open_store(settings.database_url)
    try:
        found = hurdles_on(store, notice_id, settings=settings, clock=now)
    finally:
        store.close()
    show_rows(hurdle_rows(found, settings.language), _HURDLES, format_)


def hurdle_rows(found: Sequence[LotHurdles], language: str) -> Iterator[dict[str, object]]:
    """Yield one row for each requirement of each lot, and say of each lot how many fit."""
    from procmatch.insight.hurdles import UNREAD  # noqa: PLC0415
    from procmatch.text.messages import say  # noqa: PLC0415

    for lot in found:
        click.echo(
            f"{lot.lot.id}: {lot.fitting} fit, {lot.fitting_small} small; free {lot.free}",
            err=True,
        )
        if lot.unread:
            click.echo(f"{lot.lot.id}: {say(UNREAD, language)}", err=True)
        for one in lot.effects:
            yield {
                "lot": lot.lot.id,
                "requirement": say(one.said, language),
                "kind": one.kind,
                "stopped": one.stopped,
                "left_open": one.left_open,
                "to_show": one.to_show,
                "alone": one.alone,
                "alone_small": one.alone_small,
                "out": bool(one.proportion and one.proportion.out),
                "proportion": say(one.proportion.said, language) if one.proportion else "",
                "citation": say(one.proportion.rule.cited, language)
                if one.proportion and one.proportion.rule
                else "",
            }


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--place", help="Municipality, four digits, where the draft itself names none.")
@format_option
@click.pass_obj
def draft(settings: Settings, file: Path, *, place: str | None, format_: str) -> None:
    """Look at a draft before it is published: hurdles, and what dividing it would do.

    FILE is plain text, a Word document (DOCX) or an eForms notice (XML). Nothing of it is stored.
    """
    from procmatch.sources.docx import MOST_BYTES  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.text.messages import say  # noqa: PLC0415
    from procmatch.workflows.drafts import look_at, read_draft  # noqa: PLC0415
    from procmatch.workflows.hidden import hidden_numbers  # noqa: PLC0415
    from procmatch.workflows.market import load_market  # noqa: PLC0415

    with file.open("rb") as opened:
        body = opened.read(MOST_BYTES + 1)
    store = open_store(settings.database_url)
    try:
        market = load_market(store, settings, now)
        read = read_draft(body, codes=market.codes, place=place)
        view = look_at(
            market,
            read,
            clock=now,
            buyer_municipality=place,
            hidden=hidden_numbers(store, settings),
        )
    finally:
        store.close()
    click.echo(f"{read.notice.title} ({read.kind}, lots: {len(read.notice.lots)})", err=True)
    for lot, some in read.suggested.items():
        for code, certainty in some:
            label = market.codes.cpv.label(code, settings.language)
            click.echo(f"{lot}: CPV {code} {label} ({certainty:.0%})", err=True)
    for lot, messages in read.lacking.items():
        for message in messages:
            click.echo(f"{lot}: {say(message, settings.language)}", err=True)
    for way, answer in (("in one", view.together), *((d.way.value, a) for d, a in view.divided)):
        if answer is not None:
            click.echo(
                f"{way}: {answer.before.firms} firms ({answer.before.small} small) -> "
                f"{answer.after.firms} ({answer.after.small} small)",
                err=True,
            )
    show_rows(hurdle_rows(view.hurdles, settings.language), _HURDLES, format_)
