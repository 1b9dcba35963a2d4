"""``suppliers``, ``tenders`` and ``need``: who could bid on what, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
import msgspec

from procmatch.cli.output import format_option, local, now, show_rows
from procmatch.settings import Settings

if TYPE_CHECKING:
    from procmatch.matching.choosing import Choice
    from procmatch.model.match import Match
    from procmatch.model.organisation import OrgId

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
        "against": [say(reason, language) for reason in match.against],
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


def _shown(found: Sequence[Match], limit: int, choice: Choice, *, everybody: bool) -> list[Match]:
    from procmatch.matching.choosing import chosen  # noqa: PLC0415

    kept = [match for match in chosen(found, choice) if everybody or match.verdict.value != "not"]
    return kept[:limit]


_limit = click.option("--limit", type=click.IntRange(1), help="How many. Default: the settings'.")
_all = click.option(
    "--all", "everybody", is_flag=True, help="Also those who cannot bid, with what stops them."
)
_past = click.option(
    "--past-awards", is_flag=True, help="Let past awards count too; they favour who won before."
)


def _choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Hang the options that choose from a ranking on a command, as one ``choice``."""

    @click.option("--small", is_flag=True, help="Only firms that are, or may be, micro or small.")
    @click.option(
        "--evidence",
        multiple=True,
        help="Only firms with this kind or dimension of evidence, e.g. green; may be repeated.",
    )
    @click.option(
        "--order",
        type=click.Choice(["score", "evidence"]),
        default="score",
        show_default=True,
        help="What comes first: the score, or more evidence.",
    )
    @wraps(command)
    def chosen(
        *arguments: object, small: bool, evidence: tuple[str, ...], order: str, **options: object
    ) -> None:
        from procmatch.matching.choosing import Choice  # noqa: PLC0415

        choice = Choice(small=small, evidence=evidence, by_evidence=order == "evidence")
        command(*arguments, choice=choice, **options)

    return chosen


def _with(settings: Settings, *, past_awards: bool) -> Settings:
    return msgspec.structs.replace(settings, past_awards=True) if past_awards else settings


@click.command()
@click.argument("notice_id")
@click.option("--lot", help="Only this lot, e.g. LOT-0002.")
@click.option("--why", metavar="ORGNR", help="Only this supplier: why it stands where it does.")
@_choosing
@_past
@_limit
@_all
@format_option
@click.pass_obj
def suppliers(
    settings: Settings,
    notice_id: str,
    *,
    lot: str | None,
    why: str | None,
    choice: Choice,
    past_awards: bool,
    limit: int | None,
    everybody: bool,
    format_: str,
) -> None:
    """Rank the suppliers that could bid on each lot of NOTICE_ID, with reasons."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import match as verb  # noqa: PLC0415

    settings = _with(settings, past_awards=past_awards)
    store = open_store(settings.database_url)
    if why is not None:
        notice, lots = verb.why(store, notice_id, org_of(why), settings=settings, clock=now)
        everybody = True
    else:
        notice, lots = verb.suppliers_of(store, notice_id, settings=settings, clock=now)
    if lot is not None and lot not in {one.id for one, _ in lots}:
        known = ", ".join(one.id for one, _ in lots) or "no lots"
        raise click.BadParameter(f"{lot} is not a lot of {notice_id}; it has {known}")
    rows: list[dict[str, object]] = []
    for one, found in lots:
        if lot not in {None, one.id}:
            continue
        part = _shown(found, limit or settings.shown_suppliers, choice, everybody=everybody)
        lot_rows = [_row(match, settings.language) for match in part]
        rows += lot_rows
        if format_ == "table":
            click.echo(f"{one.id}  {one.title or notice.title}")
            if why is None:
                show_rows(lot_rows, _COLUMNS, format_)
            else:
                _tell(lot_rows)
            click.echo()
    if format_ != "table":
        show_rows(rows, ("lot", *_COLUMNS), format_)


def org_of(orgnr: str) -> OrgId:
    """Return the Norwegian organisation of a number as typed. Raises CodeError."""
    from procmatch.codes.orgnr import clean  # noqa: PLC0415
    from procmatch.model.organisation import NORWAY, OrgId  # noqa: PLC0415

    return OrgId(NORWAY, clean(orgnr))


def _tell(rows: Sequence[Mapping[str, Any]]) -> None:
    """Say all there is to say of each row: for, against, and what stands in the way."""
    for row in rows:
        click.echo(f"{row['supplier']} ({row['number']}): {row['verdict']}, {row['score']:.2f}")
        for sign, name in (("+", "reasons"), ("-", "against"), ("*", "evidence")):
            for sentence in row[name]:
                click.echo(f"  {sign} {sentence}")
        for hurdle in row["hurdles"]:
            click.echo(f"  ! {hurdle['reason']}")
            if hurdle["way_out"]:
                click.echo(f"    -> {hurdle['way_out']}")


@click.command()
@click.argument("orgnr")
@_limit
@click.option(
    "--all",
    "everybody",
    is_flag=True,
    help="Also lots that do not fit or that it cannot bid on, with what speaks against them.",
)
@format_option
@click.pass_obj
def tenders(
    settings: Settings, orgnr: str, *, limit: int | None, everybody: bool, format_: str
) -> None:
    """Rank the open lots for the supplier with organisation number ORGNR, with reasons."""
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.workflows import match as verb  # noqa: PLC0415

    org = org_of(orgnr)
    store = open_store(settings.database_url)
    found = verb.tenders_for(store, org, settings=settings, clock=now, every=everybody)
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
    if everybody and format_ == "table":
        for row in rows:
            click.echo(f"{row['notice']} {row['lot']}  {row['title']}")
            _tell([row])
        return
    columns = ("notice", "lot", "score", "verdict", "deadline", "title", "buyer", "reason")
    show_rows(rows, columns, format_)


@click.command()
@click.argument("text")
@click.option("--cpv", multiple=True, help="CPV code of the need; may be given several times.")
@click.option("--place", help="Municipality number where it is needed, e.g. 3203.")
@click.option("--value", type=click.IntRange(1), help="Value a year, NOK excl. VAT.")
@_choosing
@_past
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
    value: int | None,
    choice: Choice,
    past_awards: bool,
    limit: int | None,
    everybody: bool,
    format_: str,
) -> None:
    """Rank the suppliers for a need told in words, before any tender exists.

    Without --cpv, codes are proposed from the words and shown with their certainty.
    """
    from procmatch.codes import builtin  # noqa: PLC0415
    from procmatch.store import open_store  # noqa: PLC0415
    from procmatch.text.messages import say  # noqa: PLC0415
    from procmatch.workflows import match as verb  # noqa: PLC0415

    settings = _with(settings, past_awards=past_awards)
    store = open_store(settings.database_url)
    found = verb.need(
        store,
        text,
        settings=settings,
        clock=now,
        cpv=cpv,
        place=place,
        value=None if value is None else Decimal(value),
    )
    part = _shown(found.matches, limit or settings.shown_suppliers, choice, everybody=everybody)
    for code, certainty in found.cpv:
        label = builtin().cpv.label(code, settings.language)
        sure = "" if certainty is None else f" ({certainty:.0%})"
        click.echo(f"CPV {code} {label}{sure}", err=True)
    for message in found.lacking:
        click.echo(say(message, settings.language), err=True)
    show_rows([_row(match, settings.language) for match in part], _COLUMNS, format_)
