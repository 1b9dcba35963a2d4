"""Open tenders as a list."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase, text_in
from procmatch.errors import CodeError
from procmatch.web.context import Context
from procmatch.web.forms import Filled, place_of
from procmatch.web.paging import part_of
from procmatch.web.tables import Column, Table, download
from procmatch.workflows.find import Asked, find_tenders, listed
from procmatch.workflows.market import OpenTender

__all__ = ["add", "asked_of"]

_CPV_DIGITS = 8
_FIELDS = ("q", "cpv", "place", "reserved", "small")


def asked_of(context: Context, form: Filled) -> Asked:
    """Read what is asked for. Raises CodeError."""
    cpv = "".join(form.one("cpv").split("-")[0].split())
    if cpv and not (cpv.isdecimal() and len(cpv) <= _CPV_DIGITS):
        raise CodeError(f"cpv: not a CPV code: {form.one('cpv')!r}")
    place = form.one("place")
    return Asked(
        words=form.one("q"),
        cpv=cpv,
        places=(place_of(place, context.places),) if place else (),
        reserved=bool(form.one("reserved")),
        small=bool(form.one("small")),
    )


def _tenders_table(tenders: Sequence[OpenTender], language: str) -> Table:
    rows = [
        (
            one.stored.notice.source_id,
            text_in(one.stored.notice.title, language),
            "; ".join(buyer.name for buyer in one.stored.notice.buyers),
            len(one.stored.notice.lots),
            one.stored.notice.cpv_main,
            one.stored.notice.deadline,
        )
        for one in tenders
    ]
    return Table(
        title=phrase("Open tenders", language),
        columns=(
            Column(name="notice", heading=phrase("Notice", language)),
            Column(name="title", heading=phrase("Title", language)),
            Column(name="buyers", heading=phrase("Buyer", language)),
            Column(name="lots", heading=phrase("Lots", language), is_number=True),
            Column(name="cpv", heading="CPV"),
            Column(name="deadline", heading=phrase("Deadline", language)),
        ),
        rows=rows,
    )


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/tenders")
    def tenders(request: Request, format: str = "") -> Response:  # noqa: A002 - of the address
        if format:
            return _show(context, request, format)
        return context.again(request, lambda: _show(context, request, ""))


def _show(context: Context, request: Request, form: str) -> Response:
    language = context.language(request)
    filled = Filled({name: (value,) for name, value in request.query_params.items()})
    error = ""
    found: list[OpenTender] = []
    try:
        asked = asked_of(context, filled)
        now = context.now
        found = find_tenders(now.still_open(context.clock()), asked, context.places, now.words)
    except CodeError as wrong:
        error = str(wrong)
    if form and not error:
        return download(_tenders_table(found, language), form, "tenders")
    query = {name: filled.one(name) for name in _FIELDS}
    return context.show(
        request,
        "tenders",
        status=400 if error else 200,
        filled=filled,
        error=error,
        pager=part_of(
            found,
            filled.one("page"),
            lambda page: context.address(request, "/tenders", **query, page=page),
        ),
        listed=lambda one: listed(one.stored.notice),
        exports=context.exports(request),
    )
