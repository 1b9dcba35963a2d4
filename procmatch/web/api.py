"""The JSON API beside the pages: the same workflows, the same order, documented as OpenAPI."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import BackgroundTasks, FastAPI, Query

from procmatch.insight.shares import Measure, Question, shares
from procmatch.text.messages import LANGUAGES
from procmatch.web import municipal
from procmatch.web.api_shapes import (
    AgreementOut,
    DepthOut,
    FirmOut,
    OwnLotOut,
    RankedOut,
    TenderOut,
    agreement_out,
    depth_out,
    firm_out,
    own_lot_out,
    ranked_out,
    tender_out,
)
from procmatch.web.context import Context
from procmatch.web.forms import Filled
from procmatch.web.pages.need import filtered, need_shown
from procmatch.web.pages.supplier import org_of
from procmatch.web.pages.tender import lot_shown
from procmatch.web.pages.tenders import asked_of
from procmatch.workflows.find import find_tenders
from procmatch.workflows.supplier_view import view_supplier
from procmatch.workflows.supply import supply_of
from procmatch.workflows.tender_view import ranking, view_tender

__all__ = ["add"]

_LONGEST = 200
Words = Annotated[str, Query(max_length=_LONGEST)]
Lang = Annotated[str, Query(pattern="^(nb|nn|en)$", description="of sentences and titles")]


def add(app: FastAPI, context: Context) -> None:
    """Add the API to the application."""
    assert LANGUAGES == ("nb", "nn", "en")
    _tenders(app, context)
    _firms(app, context)
    _municipality(app, context)


def _tenders(app: FastAPI, context: Context) -> None:
    @app.get("/api/tenders", tags=["tenders"])
    def tenders(
        q: Words = "",
        cpv: Words = "",
        place: Words = "",
        reserved: bool = False,  # noqa: FBT001, FBT002 - of the address
        small: bool = False,  # noqa: FBT001, FBT002
        lang: Lang = "nb",
    ) -> list[TenderOut]:
        """Open tenders by deadline: words, CPV prefix, municipality or county, kind."""
        form = Filled(
            {
                "q": (q,),
                "cpv": (cpv,),
                "place": (place,),
                "reserved": ("1" if reserved else "",),
                "small": ("1" if small else "",),
            }
        )
        still = context.now.still_open(context.clock())
        found = find_tenders(still, asked_of(context, form), context.places, context.now.words)
        return [tender_out(one.stored.notice, lang) for one in found]

    @app.get("/api/tenders/{notice}", tags=["tenders"])
    def tender(notice: str, lang: Lang = "nb") -> TenderOut:
        """One tender, by Doffin id, TED number, notice UUID or procedure id."""
        return tender_out(view_tender(context.store, notice).notice, lang)

    @app.get("/api/tenders/{notice}/lots/{lot}/suppliers", tags=["tenders"])
    def suppliers(
        after: BackgroundTasks, notice: str, lot: str, lang: Lang = "nb"
    ) -> list[RankedOut]:
        """Firms that could deliver a lot, the whole list in its order."""
        now = context.now
        view = view_tender(context.store, notice)
        found = now.shown(ranking(context.store, view, lot, now.market, context.clock()))
        after.add_task(context.note, lot_shown(context, notice, lot, found, len(found)))
        return [
            ranked_out(rank, one, now.town(one.supplier), lang)
            for rank, one in enumerate(found, start=1)
        ]


def _firms(app: FastAPI, context: Context) -> None:
    @app.get("/api/suppliers/{number}", tags=["suppliers"])
    def supplier(number: str) -> FirmOut:
        """One firm."""
        return firm_out(view_supplier(context.store, org_of(context, number), context.clock))

    @app.get("/api/need", tags=["suppliers"])
    def need(
        after: BackgroundTasks,
        q: Words = "",
        place: Words = "",
        cpv: Words = "",
        radius: Words = "",
        evidence: Words = "",
        small: bool = False,  # noqa: FBT001, FBT002 - of the address
        lang: Lang = "nb",
    ) -> list[RankedOut]:
        """Firms that could meet a need told in words, before any tender."""
        form = _need_form(q, place, cpv, radius, evidence, small=small)
        now = context.now
        asked = filtered(context, form)
        view = supply_of(now.market, asked, clock=context.clock, hidden=now.hidden)
        after.add_task(context.note, need_shown(context, "need", asked, view))
        return [
            ranked_out(rank, one, now.town(one.supplier), lang)
            for rank, one in enumerate(view.found, start=1)
        ]

    @app.get("/api/need/depth", tags=["suppliers"])
    def depth(
        q: Words = "",
        place: Words = "",
        cpv: Words = "",
        radius: Words = "",
        evidence: Words = "",
        small: bool = False,  # noqa: FBT001, FBT002 - of the address
    ) -> DepthOut:
        """How many firms there are to choose between for a need, and how near they are."""
        form = _need_form(q, place, cpv, radius, evidence, small=small)
        now = context.now
        asked = filtered(context, form)
        view = supply_of(now.market, asked, clock=context.clock, hidden=now.hidden)
        return depth_out(view.depth)


def _need_form(q: str, place: str, cpv: str, radius: str, evidence: str, *, small: bool) -> Filled:
    """Return what is needed as the form of the page says it."""
    return Filled(
        {
            "q": (q,),
            "place": (place,),
            "cpv": (cpv,),
            "radius": (radius,),
            "evidence": (evidence,),
            "small": ("1" if small else "",),
        }
    )


def _municipality(app: FastAPI, context: Context) -> None:
    @app.get("/api/municipalities/{number}/agreements", tags=["municipalities"])
    def agreements(number: str) -> list[AgreementOut]:
        """What is locked until when."""
        one = municipal.find(context, number)
        running = municipal.running(one.signed.agreements, context.clock().date())
        return [agreement_out(agreement) for agreement in running]

    @app.get("/api/municipalities/{number}/lots", tags=["municipalities"])
    def lots(number: str, lang: Lang = "nb") -> list[OwnLotOut]:
        """Lots that are out, and how many small firms nearby could bid."""
        one = municipal.find(context, number)
        found = municipal.lots_of(context, one)
        return [own_lot_out(lot, lang) for lot in found]

    @app.get("/api/municipalities/{number}/shares", tags=["municipalities"])
    def of_awards(number: str) -> list[dict[str, Any]]:
        """Shares of awards by year, with denominators, unknowns and bounds."""
        rows = municipal.find(context, number).signed.purchases
        return [
            {
                "question": question.value,
                "measure": measure.value,
                "year": year,
                **{name: float(value) for name, value in asdict(one).items()},
                "low": one.low,
                "high": one.high,
            }
            for question in Question
            for measure in Measure
            for year, one in shares(rows, question, measure, lambda row: row.year).items()
        ]
