"""Municipalities: which one, and its three doors."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from procmatch.alerts.phrases import phrase
from procmatch.errors import CodeError
from procmatch.text.folding import fold
from procmatch.web import municipal
from procmatch.web.context import Context
from procmatch.web.forms import Filled, place_of
from procmatch.workflows.find import listed
from procmatch.workflows.municipality_view import open_here

__all__ = ["ABOUT", "DOORS", "add"]

_SHOWN = 5
ABOUT = {
    "leader": "One page: what goes to small firms and firms nearby, what is locked, what to do.",
    "purchaser": "What ends when, and who could bid on what is out and on what you plan.",
    "unit": "What may we buy here, from whom, and which agreements bind us?",
}
DOORS = municipal.DOORS


def add(app: FastAPI, context: Context) -> None:
    """Add the pages to the application."""

    @app.get("/municipality")
    def which(request: Request, q: str = "") -> Response:
        return _which(context, request, q)

    @app.get("/municipality/{number}")
    def doors(request: Request, number: str) -> Response:
        return _doors(context, request, number)


def _which(context: Context, request: Request, asked: str) -> Response:
    language = context.language(request)
    error = ""
    if asked.strip():
        try:
            number = place_of(asked.strip(), context.places)
            where = context.address(request, f"/municipality/{number}")
            return RedirectResponse(where, status_code=303)
        except CodeError:
            error = phrase("No municipality or county is called “{name}”.", language, name=asked)
    counties: dict[str, list[tuple[str, str]]] = {}
    for town in sorted(context.places.municipalities.values(), key=lambda one: fold(one.name)):
        counties.setdefault(town.county, []).append((town.number, town.name))
    return context.show(
        request,
        "municipalities",
        status=400 if error else 200,
        error=error,
        filled=Filled({"q": (asked,)}),
        counties=[
            (number, context.places.county(number) or number, towns)
            for number, towns in sorted(
                counties.items(), key=lambda pair: fold(context.places.county(pair[0]))
            )
        ],
    )


def _doors(context: Context, request: Request, number: str) -> Response:
    language = context.language(request)
    one = municipal.find(context, number)
    now = context.now
    lots = municipal.lots_of(context, one)
    here = open_here(now, one.signed.buyer, one.number, context.clock)
    own = list({lot.tender.stored.row: lot.tender for lot in lots}.values())
    return context.show(
        request,
        "municipality",
        one=one,
        doors=[
            (path, phrase(name, language), phrase(ABOUT[path], language))
            for path, name in DOORS.items()
        ],
        more=municipal.more(context, request, one),
        own=[listed(tender.stored.notice) for tender in own],
        few=sum(lot.is_few for lot in lots),
        lots=len(lots),
        here=[listed(tender.stored.notice) for tender in here[:_SHOWN]],
        here_count=len(here),
        running=len(municipal.running(one.signed.agreements, context.clock().date())),
        crumbs=municipal.crumbs(context, request, one)[:1],
    )
