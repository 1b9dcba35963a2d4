"""``suppliers``, ``tenders`` and ``need``: who could bid on what, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from procmatch.cli.output import format_option, local, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.model.match import Match

__all__ = ["need", "suppliers", "tenders"]

_COLUMNS = ("supplier", "number", "score", "verdict", "km", "reason", "hurdle", "known")


def _row(match: Match, language: str) -> dict[str, object]:
    from procmatch.text.messages import say  # noqa: PLC0415

    return {
        "notice": match.notice,
        "lot": match.lot,
        "supplier": match.supplier_name,
        "number": str(match.supplier),
        "score": round(match.score, 4),
        "verdict": match.verdict.value,
        "km": None if match.distance_km is None else round(match.distance_km),
        "reason": say(match.reasons[0], language) if match.reasons else "",
        "hurdle": say(match.hurdles[0].reason, language) if match.hurdles else "",
        "known": say(match.evidence[0], language) if match.evidence else "",
        "size": say(match.size, language) if match.size else "",
        "evidence": [say(fact, language) for fact in match.evidence],
        "reasons": [say(reason, language) for reason in match.reasons],
        "hurdles": [
            {
                "kind": hurdle.kind,
                "blocking": hurdle.blocking,
                "reason": say(hurdle.reason, language),
                "way_out": say(hurdle.way_out, language) if hurdle.way_out else None,
                "note": say(hurdle.note, language) if hurdle.note else None,
                "decides": hurdle.decides,
                "source": hurdle.source,
            }
            for hurdle in match.hurdles
        ],
        "criteria": [
            {
                "name": criterion.name,
                "points": round(criterion.points, 4),
                "weight": criterion.weight,
                "lot_value": criterion.lot_value,
                "lot_source": criterion.lot_source,
                "supplier_value": criterion.supplier_value,
                "supplier_source": criterion.supplier_source,
                "reason": say(criterion.reason, language),
            }
            for criterion in match.criteria
        ],
    }


def _shown(found: Sequence[Match], limit: int, *, everybody: bool) -> list[Match]:
    kept = [match for match in found if everybody or match.verdict.value != "not"]
    return kept[:limit]


_limit = click.option("--limit", type=click.IntRange(1), help="How many. Default: the settings'.")
_all = click.option(
    "--all", "everybody", is_flag=True, help="Also those who cannot bid, with what stops them."
)


@click.command()
@click.argument("notice_id")
@click.option("--lot", help="Only this lot, e.g. LOT-0002.")
@_limit
@_all
@format_option
@click.pass_obj
def suppliers(
    settings: Settings,
    notice_id: str,
    *,
    lot: str | None,
    limit: int | None,
    everybody: bool,
    format_: str,
) -> None:
    """Rank the suppliers that could bid on each lot of NOTICE_ID, with reasons."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import match as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    notice, lots = verb.suppliers_of(store, notice_id, settings=settings, clock=now)
    if lot is not None and lot not in {one.id for one, _ in lots}:
        known = ", ".join(one.id for one, _ in lots) or "no lots"
        raise click.BadParameter(f"{lot} is not a lot of {notice_id}; it has {known}")
    rows: list[dict[str, object]] = []
    for one, found in lots:
        if lot not in {None, one.id}:
            continue
        part = _shown(found, limit or settings.shown_suppliers, everybody=everybody)
        lot_rows = [_row(match, settings.language) for match in part]
        rows += lot_rows
        if format_ == "table":
            click.echo(f"{one.id}  {one.title or notice.title}")
            show_rows(lot_rows, _COLUMNS, format_)
            click.echo()
    if format_ != "table":
        show_rows(rows, ("lot", *_COLUMNS), format_)


@click.command()
@click.argument("orgnr")
@_limit
@_all
@format_option
@click.pass_obj
def tenders(
    settings: Settings, orgnr: str, *, limit: int | None, everybody: bool, format_: str
) -> None:
    """Rank the open lots for the supplier with organisation number ORGNR, with reasons."""
    from procmatch.codes.orgnr import clean  # noqa: PLC0415
    from procmatch.model.organisation import NORWAY, OrgId  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import match as verb  # noqa: PLC0415

    org = OrgId(NORWAY, clean(orgnr))
    store = open_store(settings.database_url)
    found = verb.tenders_for(store, org, settings=settings, clock=now)
    kept = [hit for hit in found if everybody or hit[2].verdict.value != "not"]
    rows = [
        {
            **_row(match, settings.language),
            "title": str(lot.title or one.stored.notice.title),
            "buyer": ", ".join(buyer.name for buyer in one.stored.notice.buyers),
            "deadline": local(lot.deadline),
        }
        for one, lot, match in kept[: limit or settings.shown_suppliers]
    ]
    columns = ("notice", "lot", "score", "verdict", "deadline", "title", "buyer", "reason")
    show_rows(rows, columns, format_)


@click.command()
@click.argument("text")
@click.option("--cpv", multiple=True, help="CPV code of the need; may be given several times.")
@click.option("--place", help="Municipality number where it is needed, e.g. 3203.")
@_limit
@_all
@format_option
@click.pass_obj
def need(
    settings: Settings,
    text: str,
    *,
    cpv: tuple[str, ...],
    place: str | None,
    limit: int | None,
    everybody: bool,
    format_: str,
) -> None:
    """Rank the suppliers for a need told in words, before any tender exists."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import match as verb  # noqa: PLC0415

    store = open_store(settings.database_url)
    found = verb.need(store, text, settings=settings, clock=now, cpv=cpv, municipality=place)
    part = _shown(found.matches, limit or settings.shown_suppliers, everybody=everybody)
    show_rows([_row(match, settings.language) for match in part], _COLUMNS, format_)
