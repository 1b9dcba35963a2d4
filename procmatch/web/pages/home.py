"""The front page, and what its search box finds."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from procmatch.web.context import Context
from procmatch.workflows.find import Asked, direct, find_tenders, listed
from procmatch.workflows.match import need_in

__all__ = ["add"]

_SOON, _FOUND = 5, 5
_LONGEST = 200


def add(app: FastAPI, context: Context) -> None:
    """Add the pages to the application."""

    @app.get("/")
    def home(request: Request) -> Response:
        now = context.now
        tenders = now.still_open(context.clock())
        return context.show(
            request,
            "home",
            soon=[listed(one.stored.notice) for one in tenders[:_SOON]],
            tenders=len(tenders),
            lots=sum(len(one.stored.notice.lots) for one in tenders),
            firms=len(now.market.index),
        )

    @app.get("/search")
    def search(request: Request, q: str = "") -> Response:
        return context.again(request, lambda: _search(context, request, q))


def _search(context: Context, request: Request, q: str) -> Response:
    """Return what the box finds, or lead to what the words name outright."""
    words = q[:_LONGEST].strip()
    if not words:
        return RedirectResponse(context.address(request, "/"), status_code=303)
    now = context.now
    named = direct(context.store, words, context.places)
    if named.tender:
        return RedirectResponse(
            context.address(request, f"/tender/{named.tender}"), status_code=303
        )
    if named.supplier:
        return RedirectResponse(
            context.address(request, f"/supplier/{named.supplier}"), status_code=303
        )
    town = context.places.municipality(named.municipality) if named.municipality else None
    tenders = now.still_open(context.clock())
    where = (town.number,) if town else ()
    asked = Asked(places=where) if town else Asked(words=words)
    found = find_tenders(tenders, asked, context.places, now.words)
    firms = None if town else need_in(now.market, words, clock=context.clock, limit=_FOUND)
    shown = now.shown(firms.matches) if firms else []
    answer = context.show(
        request,
        "search",
        q=words,
        town=town,
        tenders=[listed(one.stored.notice) for one in found[:_FOUND]],
        count=len(found),
        firms=shown,
        town_of=now.town,
    )
    codes = " ".join(code for code, _certainty in firms.cpv) if firms else ""
    of_firms = [one.supplier for one in shown]
    return context.noted(answer, context.listed("search", codes, of_firms, len(shown)))
