"""Shares over the years: whole, by kind and by unit; targets; beside municipalities alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase
from procmatch.errors import CodeError, NotFound
from procmatch.insight.shares import Measure, Purchase
from procmatch.insight.trends import Cut, Tracked, TrendRow, trends
from procmatch.web import municipal, trend_tables
from procmatch.web.context import Context
from procmatch.web.municipal import OF, Municipal
from procmatch.web.tables import Table, download
from procmatch.workflows.trends import Compared, similar, tracked

__all__ = ["CUTS", "add", "alike", "cut_of"]

#: By what purchases are put together, as a reader would say it.
CUTS = {Cut.WHOLE: "All together", Cut.CATEGORY: "By kind of purchase", Cut.UNIT: "By unit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is to be shown: of the awards or the ledger, by what, in which language."""

    of: str
    cut: Cut
    language: str


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/municipality/{number}/trends")
    def show(
        request: Request,
        number: str,
        of: str = "awards",
        by: str = "whole",
        table: str = "shares",
        format: str = "",  # noqa: A002 - of the address
    ) -> Response:
        one = municipal.find(context, number)
        asked = _Asked(of=of, cut=cut_of(by), language=context.language(request))
        rows = municipal.bought(context, one, of)
        if form := format:
            found = _table(context, one, rows, asked, table)
            return download(found, form, f"{table}-{one.number}")
        return _show(context, request, one, rows, asked)


def cut_of(by: str) -> Cut:
    """Read by what purchases are put together. Raises CodeError."""
    try:
        return Cut(by)
    except ValueError:
        raise CodeError(f"by: none of {', '.join(Cut)}: {by[:40]!r}") from None


def _named(context: Context, asked: _Asked) -> Callable[[str], str]:
    """Return what names a group: a CPV division, an industry division, a unit."""
    codes, language = context.now.market.codes, asked.language

    def named(group: str) -> str:
        if not group:
            return phrase("not known", language)
        if asked.cut is not Cut.CATEGORY:
            return group
        if asked.of == "ledger":
            return codes.industry.label("SN2025", group, language) or group
        return codes.cpv.label(group.ljust(8, "0"), language) or group

    return named


def _town(context: Context) -> Callable[[str], str]:
    def named(number: str) -> str:
        town = context.places.municipality(number)
        return town.name if town else context.places.county(number) or number

    return named


def alike(context: Context, one: Municipal) -> Sequence[Compared]:
    """Return the municipality beside those most like it, as they were minutes ago at most."""
    return context.alike.get(
        one.number,
        lambda: similar(
            context.store,
            one.number,
            context.clock,
            signed=lambda number: municipal.signed(context, number),
            towns=municipal.comparable(context, len(one.number)),
        ),
    )


def _table(
    context: Context, one: Municipal, rows: Sequence[Purchase], asked: _Asked, which: str
) -> Table:
    """Return one of the page's tables as a whole. Raises NotFound."""
    language = asked.language
    if which == "purchases":
        return trend_tables.purchases_table(rows, language)
    if which == "shares":
        return _shares(context, one, rows, asked)
    if which == "targets":
        return trend_tables.targets_table(tracked(context.store, one.number, rows), language)
    if which == "similar":
        return trend_tables.compared_table(alike(context, one), _town(context), language)
    raise NotFound(f"no table {which}")


def _by_year(
    context: Context, one: Municipal, rows: Sequence[Purchase], asked: _Asked
) -> Sequence[TrendRow]:
    """Return the shares by year, as they were minutes ago at most."""
    return context.trended.get((one.number, asked.of, asked.cut), lambda: trends(rows, asked.cut))


def _shares(context: Context, one: Municipal, rows: Sequence[Purchase], asked: _Asked) -> Table:
    title = phrase("How much went to whom, by year", asked.language)
    found = _by_year(context, one, rows, asked)
    return trend_tables.trend_table(found, title, _named(context, asked), asked.language)


def _charts(
    context: Context, one: Municipal, rows: Sequence[Purchase], asked: _Asked
) -> tuple[dict[str, object], Table]:
    """Return the charts of shares and the table behind them: by year, or of the largest groups."""
    if asked.cut is Cut.WHOLE:
        found = _by_year(context, one, rows, asked)
        charts = {
            measure.value: trend_tables.year_charts(found, measure, asked.language)
            for measure in Measure
        }
        return {**charts}, _shares(context, one, rows, asked)
    named = _named(context, asked)
    title = phrase("How much went to whom, all years together", asked.language)
    each = trend_tables.by_group(rows, asked.cut)
    order = trend_tables.largest(rows, asked.cut)
    return (
        {"number": trend_tables.group_charts(each, order, named, asked.language), "value": ()},
        trend_tables.trend_table(each, title, named, asked.language, years=False),
    )


def _targets(found: Sequence[Tracked], language: str) -> list[object]:
    return [
        (
            trend_tables.target_said(one, language),
            one.standing.value,
            phrase(trend_tables.STANDINGS[one.standing], language),
            trend_tables.target_chart(one, language),
        )
        for one in found
    ]


def _show(
    context: Context,
    request: Request,
    one: Municipal,
    rows: Sequence[Purchase],
    asked: _Asked,
) -> Response:
    language = asked.language
    whole = asked.cut is Cut.WHOLE
    charts, table = _charts(context, one, rows, asked)
    targets = tracked(context.store, one.number, rows) if whole else []
    others = alike(context, one) if whole and asked.of == "awards" else ()
    has_ledger = bool(municipal.spent(context, one))
    return context.show(
        request,
        "trends",
        one=one,
        of=asked.of,
        whole=whole,
        purchases=len(rows),
        without_value=sum(row.value is None for row in rows),
        uncertain=sum(not row.supplier for row in rows),
        sources=[
            (key, phrase(said, language), _address(context, request, one, of=key, by=asked.cut))
            for key, said in OF.items()
        ]
        if has_ledger
        else [],
        cut=asked.cut,
        cuts=[
            (cut, phrase(said, language), _address(context, request, one, of=asked.of, by=cut))
            for cut, said in CUTS.items()
        ],
        charts=charts,
        table=table,
        groups=len(trend_tables.largest(rows, asked.cut)) if not whole else 0,
        targets=_targets(targets, language),
        targets_table=trend_tables.targets_table(targets, language),
        alike=trend_tables.compared_charts(others, _town(context), language) if others else [],
        alike_table=trend_tables.compared_table(others, _town(context), language),
        others=len(others) - 1 if others else 0,
        exports_of=lambda which: context.exports(request, table=which),
        crumbs=municipal.crumbs(context, request, one),
    )


def _address(context: Context, request: Request, one: Municipal, *, of: str, by: Cut) -> str:
    """Return the address of the page, without what goes without saying."""
    return context.address(
        request,
        f"/municipality/{one.number}/trends",
        of="" if of == "awards" else of,
        by="" if by is Cut.WHOLE else by.value,
    )
