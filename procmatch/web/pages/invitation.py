"""An open invitation to all who could deliver: from a need, a tender or one of its lots."""

from __future__ import annotations

import re
from datetime import date, timedelta

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase, shorten, text_in
from procmatch.errors import CodeError
from procmatch.insight.equal import invitation
from procmatch.insight.rules import latest_known
from procmatch.web import municipal
from procmatch.web.context import Context
from procmatch.web.forms import Filled, filled
from procmatch.web.municipal import Municipal
from procmatch.workflows.tender_view import TenderView, view_tender

__all__ = ["add"]

#: Until when answers are asked for, where nothing else is said.
_DAYS = timedelta(days=21)
_LONGEST = 200
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_LAWS = ("market_dialogue", "equal_treatment")


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application.

    An address for answers is a person's at times, so it is sent in the body and stands in no
    address of a page.
    """

    @app.get("/municipality/{number}/invitation")
    def ask(
        request: Request, number: str, what: str = "", tender: str = "", lot: str = ""
    ) -> Response:
        one = municipal.find(context, number)
        form, is_open = _begun(context, request, one, what, tender, lot)
        return _show(context, request, one, form, is_open=is_open)

    @app.post("/municipality/{number}/invitation")
    def write(request: Request, number: str, form: Filled = Depends(filled)) -> Response:  # noqa: B008
        one = municipal.find(context, number)
        return _show(context, request, one, form)


def _begun(
    context: Context, request: Request, one: Municipal, what: str, tender: str, lot: str
) -> tuple[Filled, bool]:
    """Return the form as far as it can be filled in, and whether the tender is open. NotFound."""
    is_open = False
    if tender:
        view = view_tender(context.store, tender)
        what = what or _title(view, lot, context.language(request))
        is_open = view.is_open(context.clock())
    until = context.clock().date() + _DAYS
    return Filled(
        {
            "what": (shorten(what.strip(), _LONGEST),),
            "buyer": (_buyer(one),),
            "until": (until.isoformat(),),
        }
    ), is_open


def _buyer(one: Municipal) -> str:
    """Name the buyer as people write it; a county as the register does."""
    return f"{one.name} kommune" if len(one.number) == len("0301") else one.signed.buyer.unit.name


def _title(view: TenderView, lot: str, language: str) -> str:
    """Return what a tender, or a lot of it, is about. Raises NotFound."""
    if not lot:
        return text_in(view.notice.title, language)
    return text_in(view.lot(lot).title, language) or text_in(view.notice.title, language)


def _until(text: str) -> date:
    """Read the last day for answers. Raises CodeError."""
    if _ISO.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise CodeError(f"until: not a day as in 2027-01-15: {text[:_LONGEST]!r}")


def _text(form: Filled, language: str) -> str:
    """Return the text of the invitation; what is not filled in yet is left to be. CodeError."""
    until = _until(form.one("until"))
    return invitation(
        what=shorten(form.one("what"), _LONGEST),
        buyer=shorten(form.one("buyer"), _LONGEST),
        reply_to=shorten(form.one("reply_to"), _LONGEST)
        or phrase("[address for answers]", language),
        until=until,
        language=language,
    )


def _show(
    context: Context, request: Request, one: Municipal, form: Filled, *, is_open: bool = False
) -> Response:
    language = context.language(request)
    error, text = "", ""
    try:
        text = _text(form, language) if form.one("what") else ""
    except CodeError as wrong:
        error = str(wrong)
    if form.one("as") == "txt" and text:
        disposition = 'attachment; filename="invitation.txt"'
        headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": disposition}
        return Response(text.encode(), headers=headers)
    today = context.clock().date()
    return context.show(
        request,
        "invitation",
        status=400 if error else 200,
        public=False,
        one=one,
        filled=form,
        error=error,
        text=text,
        is_open=is_open,
        rules=[rule for name in _LAWS if (rule := latest_known(name, today))],
        crumbs=municipal.crumbs(context, request, one),
    )
