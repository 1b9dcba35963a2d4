"""``who``: who could deliver what a notice asks for, from two files and without a store."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from procmatch.cli.output import now
from procmatch.settings import Settings

__all__ = ["who"]


@click.command()
@click.argument("notice", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--register",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="Enhetsregisteret's file of all units as CSV, or some of its lines with the header.",
)
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As if it were this day, e.g. 2023-10-05; deadlines are held against it.",
)
@click.option("--limit", type=click.IntRange(1), default=6, show_default=True, help="Firms a lot.")
@click.option("--note", default="", help="A sentence on the register, put on the page.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the page there instead of printing it.",
)
@click.pass_obj
def who(
    settings: Settings,
    notice: Path,
    *,
    register: Path,
    day: datetime | None,
    limit: int,
    note: str,
    output: Path | None,
) -> None:
    """Write a page (Markdown) on who in a register could deliver each lot of NOTICE, and why.

    NOTICE is an eForms file. Needs no store; accounts, certificates and past awards are not known
    then, so that requirements about them stand as open.
    """
    from procmatch.insight.what_if import IN_ONE, said  # noqa: PLC0415
    from procmatch.matching.page import page  # noqa: PLC0415
    from procmatch.text.messages import say  # noqa: PLC0415
    from procmatch.workflows import who as verb  # noqa: PLC0415

    moment = datetime.combine(day, time(), ZoneInfo("Europe/Oslo")) if day else now()
    found = verb.who(notice, register, settings=settings, clock=lambda: moment)
    text = page(
        found.notice,
        found.parts,
        market=found.market,
        town=found.town,
        language=settings.language,
        radius_km=settings.radius_km,
        shown=limit,
        note=note,
    )
    if found.together:
        sentences = "\n".join(f"- {say(one, settings.language)}" for one in said(found.together))
        text += f"\n## {say(IN_ONE, settings.language)}\n\n{sentences}\n"
    if found.unread:
        click.echo(f"{found.unread} lines of the register could not be read", err=True)
    if output:
        output.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"wrote {output}", err=True)
    else:
        click.echo(text, nl=False)
