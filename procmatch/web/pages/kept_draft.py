"""A draft kept for who asked for it: looked at again, a newer text set against it, deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from procmatch.alerts.phrases import phrase, text_in
from procmatch.errors import CodeError, SourceError
from procmatch.model.kept_draft import KeptDraft
from procmatch.web.context import Context
from procmatch.web.forms import Filled
from procmatch.web.pages.draft import (
    KEPT,
    PURPOSE,
    known_place,
    looked_at,
    sent,
    show_draft,
    text_of,
    unread,
)
from procmatch.web.tables import Column, Table
from procmatch.workflows.drafts import DraftView
from procmatch.workflows.kept_drafts import changes, delete_draft, kept_draft, replace_draft

__all__ = ["add"]

_MARKUP = b"<"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Where a kept draft lies and until when; what the newer text changed, as a table."""

    path: str
    until: datetime
    changed: Table | None = None


def add(app: FastAPI, context: Context) -> None:
    """Add the pages to the application."""

    @app.get(f"{KEPT}{{token}}")
    def kept(request: Request, token: str) -> Response:
        key = context.subject(token, PURPOSE)
        draft = kept_draft(context.store, key, clock=context.clock)
        return _show(context, request, token, draft)

    @app.post(f"{KEPT}{{token}}")
    def newer(
        request: Request,
        token: str,
        posted: tuple[Filled, bytes] = Depends(sent),
    ) -> Response:
        key = context.subject(token, PURPOSE)
        draft = kept_draft(context.store, key, clock=context.clock)
        return _replace(context, request, token, key, draft, *posted)

    @app.post(f"{KEPT}{{token}}/delete")
    def gone(request: Request, token: str) -> Response:
        delete_draft(context.store, context.subject(token, PURPOSE))
        return RedirectResponse(context.address(request, "/draft", gone="1"), status_code=303)


def _form_of(draft: KeptDraft) -> Filled:
    words = "" if draft.body.lstrip().startswith(_MARKUP) else draft.body.decode("utf-8", "replace")
    return Filled({"text": (words,), "place": (draft.place or "",)})


def _show(context: Context, request: Request, token: str, draft: KeptDraft) -> Response:
    view = looked_at(context, draft.place or "", draft.body)
    kept = _Kept(path=f"{KEPT}{token}", until=draft.expires_at)
    return show_draft(context, request, _form_of(draft), view=view, kept=kept)


def _replace(
    context: Context,
    request: Request,
    token: str,
    key: str,
    draft: KeptDraft,
    form: Filled,
    body: bytes,
) -> Response:
    language = context.language(request)
    text = text_of(form, body)
    kept = _Kept(path=f"{KEPT}{token}", until=draft.expires_at)
    try:
        after = looked_at(context, form.one("place"), text)
        before = looked_at(context, draft.place or "", draft.body)
        replace_draft(context.store, key, text, place=known_place(context, form))
    except (CodeError, SourceError) as wrong:
        error = unread(wrong, text, language)
        return show_draft(context, request, form, error=error, status=400, kept=kept)
    kept = _Kept(path=kept.path, until=kept.until, changed=_changed(before, after, language))
    return show_draft(context, request, form, view=after, kept=kept)


def _changed(before: DraftView, after: DraftView, language: str) -> Table:
    """Return, lot by lot, how many firms nearby nothing known stops, before and now."""

    def counted(name: str, heading: str) -> Column:
        return Column(name=name, heading=heading, is_number=True)

    return Table(
        title=phrase(
            "What the newer text changes: firms nearby that nothing known stops", language
        ),
        columns=(
            Column(name="lot", heading=phrase("Part", language)),
            counted("before", phrase("Before", language)),
            counted("after", phrase("Now", language)),
            counted("small_before", phrase("Small firms before", language)),
            counted("small_after", phrase("Small firms now", language)),
        ),
        rows=[
            (
                text_in(one.lot.title, language) or one.lot.id,
                one.before.free if one.before else None,
                one.after.free if one.after else None,
                one.before.free_small if one.before else None,
                one.after.free_small if one.after else None,
            )
            for one in changes(before, after)
        ],
    )
