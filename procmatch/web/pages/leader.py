"""The leader's one page: how it stands, what is locked, what to do."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.insight.radar import ending_within
from procmatch.insight.shares import Measure, Question, share
from procmatch.web import municipal
from procmatch.web.context import Context
from procmatch.web.tables import download
from procmatch.workflows.municipality_view import FEW

__all__ = ["add"]

_MONTHS = 18


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/municipality/{number}/leader")
    def leader(request: Request, number: str, format: str = "") -> Response:  # noqa: A002
        return _show(context, request, number, format)


def _show(context: Context, request: Request, number: str, form: str) -> Response:
    language = context.language(request)
    one = municipal.find(context, number)
    rows = one.signed.purchases
    table = municipal.shares_table(rows, language)
    if form:
        return download(table, form, f"shares-{one.number}")
    today = context.clock().date()
    lots = municipal.lots_of(context, one)
    return context.show(
        request,
        "leader",
        one=one,
        awards=len(rows),
        small=share(rows, Question.SMALL, Measure.NUMBER),
        local=share(rows, Question.LOCAL, Measure.NUMBER),
        chart=municipal.shares_chart(rows, language),
        table=table,
        ending=ending_within(one.signed.agreements, today, _MONTHS),
        months=_MONTHS,
        few=[lot for lot in lots if lot.is_few],
        lots=len(lots),
        few_is=FEW,
        radius=round(context.now.market.radius_km),
        without_winner=one.signed.without_winner,
        exports=context.exports(request),
        crumbs=municipal.crumbs(context, request, one),
    )
