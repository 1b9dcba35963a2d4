"""What left the municipality by its own ledger, by trade, and who of the trade is there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from fastapi import FastAPI, Request
from fastapi.responses import Response
from markupsafe import Markup

from procmatch.alerts.phrases import phrase
from procmatch.errors import NotFound
from procmatch.insight.shares import Measure, Purchase, Question, share
from procmatch.insight.spend import Leak, leakage
from procmatch.web import municipal, trend_tables
from procmatch.web.charts import Bar, bars
from procmatch.web.context import Context
from procmatch.web.municipal import Municipal
from procmatch.web.tables import Column, Table, download
from procmatch.web.wording import number, percent
from procmatch.workflows.spend import trades_nearby

__all__ = ["add", "leaks"]

_CHARTED = 12
_PURCHASES, _LEAKAGE = "purchases", "leakage"


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/municipality/{number}/leakage")
    def show(request: Request, number: str, table: str = "leakage", format: str = "") -> Response:  # noqa: A002
        one = municipal.find(context, number)
        rows = municipal.spent(context, one)
        language = context.language(request)
        if format and table == _PURCHASES:
            every = trend_tables.purchases_table(rows, language)
            return download(every, format, f"purchases-{one.number}")
        found = leaks(context, one, rows)
        if format:
            if table != _LEAKAGE:
                raise NotFound(f"no table {table}")
            return download(_table(context, found, language), format, f"leakage-{one.number}")
        return _show(context, request, one, rows, found)


def leaks(context: Context, one: Municipal, rows: Sequence[Purchase]) -> list[Leak]:
    """Return what left by a ledger, by trade, with how many firms of the trade are there."""
    if not rows:
        return []
    nearby = context.trades.get(one.number, lambda: trades_nearby(context.store, one.number))
    return leakage(rows, lambda division: nearby[division])


def _trade(context: Context, division: str, language: str) -> str:
    if not division:
        return phrase("not known", language)
    return context.now.market.codes.industry.label("SN2025", division, language) or division


def _table(context: Context, leaks: Sequence[Leak], language: str) -> Table:
    return Table(
        title=phrase("What left, by the supplier's trade", language),
        columns=(
            Column(name="category", heading=phrase("Code", language)),
            Column(name="trade", heading=phrase("Trade of the supplier", language)),
            Column(name="whole", heading=phrase("Kroner in all", language), is_number=True),
            Column(name="local", heading=phrase("Stayed for sure", language), is_number=True),
            Column(name="away", heading=phrase("Left for sure", language), is_number=True),
            Column(name="unknown", heading=phrase("Unknown", language), is_number=True),
            Column(name="low", heading=phrase("At least, %", language), is_number=True, share=True),
            Column(name="high", heading=phrase("At most, %", language), is_number=True, share=True),
            Column(name="nearby", heading=phrase("Firms of the trade here", language),
                   is_number=True),
        ),
        rows=[
            (
                one.category,
                _trade(context, one.category, language),
                one.local.whole,
                one.local.yes,
                one.away,
                one.local.unknown,
                one.local.low,
                one.local.high,
                one.nearby,
            )
            for one in leaks
        ],
    )  # fmt: skip


def _chart(context: Context, leaks: Sequence[Leak], language: str) -> Markup:
    """Return kroner that left, and that may have, by trade; the longest bar is as wide as all."""
    drawn = [one for one in leaks if one.away + one.local.unknown > 0][:_CHARTED]
    most = max((one.away + one.local.unknown for one in drawn), default=Decimal(1))
    each = [
        Bar(
            label=_trade(context, one.category, language),
            low=float(max(one.away, Decimal(0)) / most),
            high=float((one.away + one.local.unknown) / most),
            note=phrase(
                "{amount}, {share} stayed",
                language,
                amount=number(one.away, language),
                share=_stayed(one, language),
            ),
        )
        for one in drawn
    ]
    label = phrase("Kroner that left, by the supplier's trade", language)
    return bars(each, label=label)


def _stayed(one: Leak, language: str) -> str:
    low, high = percent(one.local.low, language), percent(one.local.high, language)
    return low if low == high else f"{low}–{high}"


def _show(
    context: Context,
    request: Request,
    one: Municipal,
    rows: Sequence[Purchase],
    leaks: Sequence[Leak],
) -> Response:
    language = context.language(request)
    return context.show(
        request,
        "leakage",
        one=one,
        lines=len(rows),
        whole=share(rows, Question.LOCAL, Measure.VALUE),
        chart=_chart(context, leaks, language),
        table=_table(context, leaks, language),
        could=[
            (_trade(context, leak.category, language), number(leak.away, language), leak.nearby)
            for leak in leaks
            if leak.away > 0 and leak.nearby
        ][:_CHARTED],
        exports_of=lambda which: context.exports(request, table=which),
        crumbs=municipal.crumbs(context, request, one),
    )
