"""``supply``: who near a place could deliver, before any tender."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.insight.supply import SupplyFirm

__all__ = ["supply"]

_COLUMNS = ("supplier", "number", "small", "km", "verdict", "does", "where", "known")


@click.command()
@click.argument("words", default="")
@click.option("--place", required=True, help="Municipality where it is needed, four digits.")
@click.option("--radius", default=50.0, show_default=True, help="How far away counts, km.")
@click.option("--cpv", multiple=True, help="CPV code; may be given several times.")
@click.option("--food", default="", help="A food group instead of words, e.g. bread, fish.")
@click.option("--limit", type=click.IntRange(1), help="How many firms. Default: all of them.")
@format_option
@click.pass_obj
def supply(
    settings: Settings,
    words: str,
    *,
    place: str,
    radius: float,
    cpv: tuple[str, ...],
    food: str,
    limit: int | None,
    format_: str,
) -> None:
    """Show who near --place could deliver what WORDS ask for, and how deep the market is.

    Needs no tender: also for purchases below every limit of announcement.
    """
    from procmatch.insight.equal import EQUAL_TREATMENT  # noqa: PLC0415
    from procmatch.insight.supply import Within  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.text.messages import say  # noqa: PLC0415
    from procmatch.workflows.hidden import hidden_numbers  # noqa: PLC0415
    from procmatch.workflows.market import load_market  # noqa: PLC0415
    from procmatch.workflows.supply import NeedAsked, firms_of, supply_of  # noqa: PLC0415

    if not (words.strip() or cpv or food):
        raise click.UsageError("say what is needed: WORDS, --cpv or --food")
    store = open_store(settings.database_url)
    try:
        market = load_market(store, settings, now)
        asked = NeedAsked(
            words=words, cpv=cpv, food=food, within=Within(place=place, radius_km=radius)
        )
        found = supply_of(market, asked, clock=now, hidden=hidden_numbers(store, settings))
        firms = firms_of(market, place, found.found[:limit])
    finally:
        store.close()
    depth = found.depth
    within = ", ".join(f"{firms} within {km:g} km" for km, firms in depth.within)
    click.echo(
        f"{within}; {depth.small} small, {depth.unknown_size} of unknown size; "
        f"nothing known stops {depth.free}; {depth.unknown_place} more whose place is not known",
        err=True,
    )
    click.echo(say(EQUAL_TREATMENT, settings.language), err=True)
    show_rows((_row(one, settings.language) for one in firms), _COLUMNS, format_)


def _row(one: SupplyFirm, language: str) -> dict[str, object]:
    from procmatch.text.messages import say  # noqa: PLC0415

    match = one.match
    return {
        "supplier": match.supplier_name,
        "number": str(match.supplier),
        "small": one.small,
        "km": None if match.distance_km is None else round(match.distance_km),
        "verdict": match.verdict.value,
        "score": round(match.score, 4),
        "does": one.does,
        "where": [f"{place.name} ({place.municipality})" for place in one.workplaces],
        "employees": [place.employees for place in one.workplaces],
        "known": [say(fact, language) for fact in match.evidence],
        "hurdles": [say(hurdle.reason, language) for hurdle in match.hurdles],
    }
