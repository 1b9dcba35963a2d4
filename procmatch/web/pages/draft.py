"""A draft before it is announced: hurdles, division and firms. Nothing of it is stored."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from procmatch.alerts.phrases import phrase
from procmatch.errors import CodeError, SourceError
from procmatch.insight.lots import Way
from procmatch.sources.docx import MOST_BYTES
from procmatch.sources.draft import MOST_CHARACTERS
from procmatch.web.context import Context
from procmatch.web.divided import WAYS, Compared, shown
from procmatch.web.forms import Filled, place_of
from procmatch.workflows.drafts import DraftView, look_at, read_draft

__all__ = ["add"]

_FIELDS = 10


async def _sent(request: Request) -> tuple[Filled, bytes]:
    """Read the form: its fields, and the file if there is one."""
    values: dict[str, tuple[str, ...]] = {}
    body = b""
    async with request.form(
        max_files=1, max_fields=_FIELDS, max_part_size=4 * MOST_CHARACTERS
    ) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                body = await value.read(MOST_BYTES + 1)
            else:
                values[name] = (value,)
    return Filled(values), body


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/draft")
    def empty(request: Request, place: str = "") -> Response:
        return _show(context, request, Filled({"place": (place,)}))

    @app.post("/draft")
    def looked_at(
        request: Request,
        sent: tuple[Filled, bytes] = Depends(_sent),
    ) -> Response:
        return _look(context, request, *sent)


def _look(context: Context, request: Request, form: Filled, body: bytes) -> Response:
    language = context.language(request)
    text = form.values.get("text", ("",))[0]
    if not body and not text.strip():
        error = phrase("Paste a text or choose a file.", language)
        return _show(context, request, form, error=error, status=400)
    try:
        view = _looked_at(context, form.one("place"), body or text)
    except CodeError as wrong:
        return _show(context, request, form, error=str(wrong), status=400)
    except SourceError as wrong:
        error = phrase(
            "This cannot be read. Paste the text, or save the file as DOCX of at most 10 MB. "
            "({reason})",
            language,
            reason=str(wrong),
        )
        return _show(context, request, form, error=error, status=400)
    return _show(context, request, form, view=view)


def _looked_at(context: Context, where: str, body: bytes | str) -> DraftView:
    """Read a draft and look at it. Raises CodeError and SourceError."""
    now = context.now
    place = place_of(where, context.places) if where else None
    draft = read_draft(body, codes=now.market.codes, place=place)
    return look_at(
        now.market,
        draft,
        clock=context.clock,
        buyer_municipality=place,
        hidden=now.hidden,
    )


def _show(
    context: Context,
    request: Request,
    form: Filled,
    *,
    view: DraftView | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    language = context.language(request)
    place = form.one("place")
    return context.show(
        request,
        "draft",
        public=False,
        status=status,
        filled=form,
        text=form.values.get("text", ("",))[0][:MOST_CHARACTERS],
        error=error,
        view=view,
        compared=_compared(view, language) if view else [],
        label=lambda code: context.now.market.codes.cpv.label(code, language),
        place=place,
        crumbs=[(context.address(request, "/municipality"), phrase("Municipalities", language))],
    )


def _compared(view: DraftView, language: str) -> list[Compared]:
    """Return the lots against one contract, or each way of dividing the only lot."""
    if view.together:
        title = phrase("All lots in one contract, against the lots as they are", language)
        return [shown(view.together, title, language)]
    return [
        shown(
            found,
            phrase("Divided {way}", language, way=phrase(WAYS[Way(division.way)], language)),
            language,
        )
        for division, found in view.divided
    ]
