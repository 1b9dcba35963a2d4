"""The purchaser's workbench: what ends when, what is out and who could bid, drafts."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.web import municipal
from procmatch.web.context import Context
from procmatch.web.forms import Filled
from procmatch.web.tables import download

__all__ = ["add"]


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/municipality/{number}/purchaser")
    def purchaser(request: Request, number: str, format: str = "") -> Response:  # noqa: A002
        return _show(context, request, number, format)


def _show(context: Context, request: Request, number: str, form: str) -> Response:
    language = context.language(request)
    one = municipal.find(context, number)
    today = context.clock().date()
    running = municipal.running(one.signed.agreements, today)
    table = municipal.agreements_table(running, language)
    if form:
        return download(table, form, f"agreements-{one.number}")
    return context.show(
        request,
        "purchaser",
        one=one,
        filled=Filled({"place": (one.name,)}),
        lots=municipal.lots_of(context, one),
        radius=round(context.now.market.radius_km),
        chart=municipal.radar_chart(running, today, language),
        table=table,
        exports=context.exports(request),
        crumbs=municipal.crumbs(context, request, one),
    )
