"""The review list: who is meant by a printed name? For those whom the operator gave the link."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

from procmatch.alerts.phrases import phrase
from procmatch.web.context import Context
from procmatch.web.forms import Filled, filled
from procmatch.workflows.decide import NOBODY, decide
from procmatch.workflows.register_index import index_folder
from procmatch.workflows.review import open_questions
from procmatch.workflows.review_list import Question

__all__ = ["add"]

_PURPOSE = "review"
_SHOWN = 20


def add(app: FastAPI, context: Context) -> None:
    """Add the page to the application."""

    @app.get("/review/{token}")
    def asked(request: Request, token: str) -> Response:
        context.subject(token, _PURPOSE)
        return _show(context, request)

    @app.post("/review/{token}")
    def answered(
        request: Request,
        token: str,
        form: Filled = Depends(filled),  # noqa: B008
    ) -> Response:
        context.subject(token, _PURPOSE)
        answers = {name: form.one(name) for name in form.values}
        kept = decide(context.store, _questions(context), answers, context.clock())
        context.questions.forget()
        return _show(context, request, kept=kept)


def _questions(context: Context) -> Sequence[Question]:
    def ask() -> Sequence[Question]:
        folder = index_folder(context.settings)
        return open_questions(context.store, index=folder, limit=_SHOWN)

    return context.questions.get("all", ask)


def _show(context: Context, request: Request, *, kept: int = 0) -> Response:
    language = context.language(request)
    done = ""
    if request.method == "POST":
        done = phrase("{count} answers kept. The next linking uses them.", language, count=kept)
    return context.show(
        request,
        "review",
        public=False,
        questions=_questions(context),
        nobody=NOBODY,
        done=done,
    )
