"""What if a lot were divided, or all lots were one contract? Who could bid, and why."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase, text_in
from procmatch.errors import CodeError
from procmatch.insight.lots import Division, Way, ways_for
from procmatch.insight.what_if import WhatIf
from procmatch.model.notice import Lot
from procmatch.web.context import Context
from procmatch.web.divided import WAYS, division_of, joined_table, named, shown
from procmatch.web.forms import Filled
from procmatch.web.tables import download
from procmatch.workflows.kept_figures import kept_figures
from procmatch.workflows.tender_figures import Figures
from procmatch.workflows.tender_view import TenderView, view_tender
from procmatch.workflows.what_if import MOST_TOGETHER, in_one_or_parts, split

__all__ = ["add"]


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/tender/{key:path}/what-if")
    def what_if(request: Request, key: str, format: str = "") -> Response:  # noqa: A002
        return _show(context, request, key, format)


def _show(context: Context, request: Request, key: str, form: str) -> Response:
    language = context.language(request)
    view = view_tender(context.store, key)
    filled = Filled({name: (value,) for name, value in request.query_params.items()})
    error, found, title = "", None, ""
    try:
        lot = view.lot(filled.one("lot")) if filled.one("lot") else None
        found, title = _found(context, view, lot, filled, language)
    except CodeError as wrong:
        error = str(wrong)
    one = shown(found, title, language) if found else None
    line = " ".join((key, *(filled.one(part) for part in ("lot", "way", "parts"))))
    if form and found and one:
        answer = download(joined_table(found, language), form, "what-if")
        return context.noted(answer, *named(context, "split", line, one, every=True))
    name = text_in(view.notice.title, language) or key
    answer = context.show(
        request,
        "what_if",
        status=400 if error else 200,
        error=error,
        key=key,
        filled=filled,
        lots=view.notice.lots,
        ways=_ways(context, view, language),
        one=one,
        exports=context.exports(request),
        crumbs=[
            (context.address(request, "/tenders"), phrase("Tenders", language)),
            (context.address(request, f"/tender/{key}"), name),
        ],
    )
    return context.noted(answer, *named(context, "split", line, one)) if one else answer


def _ways(context: Context, view: TenderView, language: str) -> list[tuple[str, str]]:
    """Return the ways in which some lot can be divided; units are named by the reader."""
    codes = context.now.market.codes
    can = {Way.UNIT} | {
        way for lot in view.notice.lots[:MOST_TOGETHER] for way in ways_for(lot, codes)
    }
    return [(way.value, phrase(said, language)) for way, said in WAYS.items() if way in can]


def _kept(context: Context, view: TenderView) -> Figures | None:
    now = context.now
    return kept_figures(context.store, view.stored, now.market.codes, now.hidden)


def _together(context: Context, view: TenderView) -> WhatIf:
    """Return all lots in one contract against the lots: as worked out beforehand, else now."""
    now = context.now
    kept = _kept(context, view)
    if kept is not None and kept.together is not None:
        return kept.together
    return in_one_or_parts(
        now.market,
        view.notice,
        clock=context.clock,
        buyer_municipality=view.buyer_municipality,
        hidden=now.hidden,
    )


def _divided(context: Context, view: TenderView, lot: Lot, division: Division) -> WhatIf:
    """Return a lot against its parts: as worked out beforehand, else now."""
    now = context.now
    kept = _kept(context, view) if len(view.notice.lots) == 1 else None
    found = kept and kept.of(division)
    return found or split(
        now.market,
        view.notice,
        lot,
        division,
        clock=context.clock,
        buyer_municipality=view.buyer_municipality,
        hidden=now.hidden,
    )


def _found(
    context: Context, view: TenderView, lot: Lot | None, filled: Filled, language: str
) -> tuple[WhatIf | None, str]:
    """Return the comparison asked for and what it is of; None where there is nothing to compare.

    Raises:
        CodeError: the way of dividing cannot be meant.
    """
    now = context.now
    lots = view.notice.lots
    if lot is None and len(lots) == 1:
        lot = lots[0]
    if lot is None:
        if not 1 < len(lots) <= MOST_TOGETHER:
            return None, ""
        found = context.compared.get(
            (view.stored.row, "", None, now.hidden),
            lambda: _together(context, view),
        )
        return found, phrase("All lots in one contract, against the lots as they are", language)
    division = division_of(filled, context.places)
    chosen = lot
    found = context.compared.get(
        (view.stored.row, lot.id, division, now.hidden),
        lambda: _divided(context, view, chosen, division),
    )
    name = text_in(lot.title, language) or lot.id
    way = phrase(WAYS[Way(division.way)], language)
    return found, phrase("{lot}, divided {way}", language, lot=name, way=way)
