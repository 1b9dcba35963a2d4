"""One tender, and who could bid on a lot of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase, place_name, text_in
from procmatch.insight.hurdles import LotHurdles
from procmatch.model.match import Match
from procmatch.model.notice import Lot
from procmatch.model.shown import Shown
from procmatch.model.values import Place
from procmatch.web.context import Context
from procmatch.web.paging import part_of
from procmatch.web.supplier_table import suppliers_table
from procmatch.web.tables import download
from procmatch.web.versions import steps
from procmatch.workflows.kept_figures import kept_figures
from procmatch.workflows.lot_hurdles import hurdles_in
from procmatch.workflows.tender_view import TenderView, best_of, ranking, view_tender

__all__ = ["add", "lot_shown"]

_BEST, _LOTS = 5, 10


def add(app: FastAPI, context: Context) -> None:
    """Add the pages to the application."""

    @app.get("/tender/{key:path}/suppliers")
    def suppliers(request: Request, key: str, lot: str = "", format: str = "") -> Response:  # noqa: A002
        if format:
            return _suppliers(context, request, key, lot, format)
        return context.again(request, lambda: _suppliers(context, request, key, lot, ""))

    @app.get("/tender/{key:path}")
    def tender(request: Request, key: str) -> Response:
        return _tender(context, request, key)


def _suppliers(context: Context, request: Request, key: str, lot: str, form: str) -> Response:
    language = context.language(request)
    view = view_tender(context.store, key)
    lot = lot or (view.notice.lots[0].id if view.notice.lots else "")
    now = context.now
    found = now.shown(ranking(context.store, view, lot, now.market, context.clock()))
    if form:
        title = text_in(view.lot(lot).title or view.notice.title, language)
        whole = suppliers_table(found, title, language, now.town)
        return context.noted(
            download(whole, form, "suppliers"), lot_shown(context, key, lot, found, len(found))
        )
    pager = part_of(
        found,
        request.query_params.get("page", ""),
        lambda page: context.address(request, f"/tender/{key}/suppliers", lot=lot, page=page),
    )
    answer = context.show(
        request,
        "tender_suppliers",
        view=view,
        lot=view.lot(lot),
        town_of=now.town,
        radius=now.market.radius_km,
        pager=pager,
        exports=context.exports(request),
        crumbs=[
            (context.address(request, "/tenders"), phrase("Tenders", language)),
            (
                context.address(request, f"/tender/{key}"),
                text_in(view.notice.title, language) or key,
            ),
        ],
    )
    return context.noted(answer, lot_shown(context, key, lot, pager.rows, len(found)))


def lot_shown(context: Context, key: str, lot: str, shown: Sequence[Match], whole: int) -> Shown:
    """Return firms shown for a lot, to be noted."""
    return context.listed("tender", f"{key} {lot}", [one.supplier for one in shown], whole)


def _tender(context: Context, request: Request, key: str) -> Response:
    language = context.language(request)
    view = view_tender(context.store, key)
    now = context.now
    pager = part_of(
        view.notice.lots,
        request.query_params.get("page", ""),
        lambda page: context.address(request, f"/tender/{key}", page=page),
        rows=_LOTS,
    )
    best = {lot.id: now.shown(best_of(context.store, view, lot.id, _BEST)) for lot in pager.rows}
    answer = context.show(
        request,
        "tender",
        key=view.notice.source_id or view.notice.notice_id,
        view=view,
        notice=view.notice,
        is_open=view.is_open(context.clock()),
        steps=steps(view, language),
        hurdles=_hurdles(context, view, [lot.id for lot in pager.rows]),
        pager=pager,
        best=best,
        town_of=now.town,
        label=partial(_label, context, language),
        where=partial(_where, context, language),
        source=_source(context, view.notice.source, view.notice.source_id),
        crumbs=[(context.address(request, "/tenders"), phrase("Tenders", language))],
    )
    lists = [
        lot_shown(context, key, lot, rows, view.ranked.get(lot, 0)) for lot, rows in best.items()
    ]
    return context.noted(answer, *lists)


def _hurdles(context: Context, view: TenderView, lots: list[str]) -> dict[str, LotHurdles]:
    """Return what each requirement of some lots does to the firms nearby."""
    now = context.now
    kept = kept_figures(context.store, view.stored, now.market.codes, now.hidden)
    if kept is not None:
        return {one.lot.id: one for one in kept.hurdles if one.lot.id in lots}
    found = context.hurdles.get(
        (view.stored.row, " ".join(lots), now.hidden),
        lambda: hurdles_in(
            now.market,
            view.notice,
            clock=context.clock,
            buyer_municipality=view.buyer_municipality,
            hidden=now.hidden,
            only=lots,
        ),
    )
    return {one.lot.id: one for one in found}


def _label(context: Context, language: str, cpv: str) -> str:
    return context.now.market.codes.cpv.label(cpv, language)


def _where(context: Context, language: str, lot: Lot) -> str:
    """Name the places of performance of a lot, ``""`` where only a region of many is told."""
    return ", ".join(
        dict.fromkeys(name for one in lot.places if (name := _place(context, language, one)))
    )


def _place(context: Context, language: str, place: Place) -> str:
    town = context.places.municipality(place.municipality) if place.municipality else None
    printed = town.name if town else place_name(place, language)
    return printed or context.now.market.place_label(place, language)


def _source(context: Context, source: str, key: str | None) -> str:
    """Return where the notice stands at its source, ``""`` when it has no page there."""
    if source == "doffin" and key:
        return context.settings.sources.doffin_page_url.format(id=key)
    if source == "ted" and key:
        return f"{context.settings.sources.ted_page_url}/notice/-/detail/{key}"
    return ""
