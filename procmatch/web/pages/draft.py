"""A draft before it is announced: hurdles, division and firms. Stored only for who asks for it."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from procmatch.alerts.links import sign
from procmatch.alerts.phrases import phrase
from procmatch.errors import CodeError, SourceError
from procmatch.insight.lots import Way
from procmatch.sources.docx import MOST_BYTES
from procmatch.sources.draft import MOST_CHARACTERS
from procmatch.web.context import Context
from procmatch.web.divided import WAYS, Compared, shown
from procmatch.web.forms import Filled, place_of
from procmatch.workflows.drafts import DraftView, look_at, read_draft
from procmatch.workflows.kept_drafts import keep_draft

__all__ = [
    "KEPT",
    "PURPOSE",
    "add",
    "known_place",
    "looked_at",
    "sent",
    "show_draft",
    "text_of",
    "unread",
]

#: Where a kept draft lies, before its token; the purpose that the token is signed for.
KEPT, PURPOSE = "/draft/kept/", "draft"

_FIELDS = 10


async def sent(request: Request) -> tuple[Filled, bytes]:
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
    def empty(request: Request, place: str = "", gone: str = "") -> Response:
        return show_draft(context, request, Filled({"place": (place,)}), gone=bool(gone))

    @app.post("/draft")
    def looked(
        request: Request,
        posted: tuple[Filled, bytes] = Depends(sent),
    ) -> Response:
        return _look(context, request, *posted)


def _look(context: Context, request: Request, form: Filled, body: bytes) -> Response:
    language = context.language(request)
    text = text_of(form, body)
    try:
        view = looked_at(context, form.one("place"), text)
        if form.one("keep") and context.settings.secret_key:
            return _keep(context, request, form, text)
    except (CodeError, SourceError) as wrong:
        error = unread(wrong, text, language)
        return show_draft(context, request, form, error=error, status=400)
    return show_draft(context, request, form, view=view)


def _keep(context: Context, request: Request, form: Filled, text: bytes | str) -> Response:
    """Keep a draft, and lead to where it lies. Raises SourceError where there is no room."""
    key, kept = keep_draft(
        context.store,
        text,
        place=known_place(context, form),
        days=context.settings.jobs.keep_drafts_days,
        clock=context.clock,
    )
    secret = context.settings.secret_key
    token = sign(PURPOSE, key, secret=secret, expires_at=kept.expires_at)
    return RedirectResponse(context.address(request, f"{KEPT}{token}"), status_code=303)


def known_place(context: Context, form: Filled) -> str | None:
    """Return the municipality that a form names, if there is such a one."""
    where = form.one("place")
    town = context.places.municipality(place_of(where, context.places)) if where else None
    return town.number if town else None


def text_of(form: Filled, body: bytes) -> bytes | str:
    """Return what was sent: the file, else what was pasted."""
    return body or form.values.get("text", ("",))[0]


def unread(wrong: CodeError | SourceError, text: bytes | str, language: str) -> str:
    """Return why a draft was not read, in words."""
    if not text.strip():
        return phrase("Paste a text or choose a file.", language)
    if isinstance(wrong, CodeError):
        return str(wrong)
    return phrase(
        "This cannot be read. Paste the text, or save the file as DOCX of at most 10 MB. "
        "({reason})",
        language,
        reason=str(wrong),
    )


def looked_at(context: Context, where: str, body: bytes | str) -> DraftView:
    """Read a draft and look at it.

    Raises:
        CodeError: no such place. SourceError: there is nothing to read, or it cannot be read.
    """
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


def show_draft(
    context: Context,
    request: Request,
    form: Filled,
    *,
    view: DraftView | None = None,
    error: str = "",
    status: int = 200,
    kept: object = None,
    gone: bool = False,
) -> Response:
    """Return the page of a draft; ``kept`` tells of one that is kept, ``gone`` of one deleted."""
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
        can_keep=bool(context.settings.secret_key) and not kept,
        keep_days=context.settings.jobs.keep_drafts_days,
        crumbs=[(context.address(request, "/municipality"), phrase("Municipalities", language))],
        kept=kept,
        gone=gone,
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
