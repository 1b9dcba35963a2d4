"""The pages that letters link to: subscribe, confirm, change, leave, judge; and the feeds.

GET only shows and asks, for mail scanners follow every link; POST acts. No cookie, no script, no
session: a signed link is all the authority there is, for one purpose and for a time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from procmatch import codes
from procmatch.alerts.phrases import phrase
from procmatch.errors import LinkRefused, NotFound
from procmatch.settings import Settings
from procmatch.store import Store, open_store, organisations
from procmatch.web import links, subscribing
from procmatch.web.context import Context
from procmatch.web.forms import Filled
from procmatch.web.pages import HEADERS, STYLE, language_of, page
from procmatch.workflows.feeds import feed

__all__ = ["create_app"]

_LONGEST_BODY = 100_000


def _now() -> datetime:
    return datetime.now(UTC)


async def _filled(request: Request) -> Filled:
    """Read a form; a file or an unreadable body is no form."""
    form = await request.form(max_files=0, max_fields=200)
    values: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            values[name] = (*values.get(name, ()), value)
    return Filled(values)


def create_app(
    settings: Settings,
    *,
    store: Store | None = None,
    clock: Callable[[], datetime] = _now,
) -> FastAPI:
    """Return the web application.

    Args:
        settings: where the store is, the public address, the secret that signs links.
        store: opened already; else it is opened at the settings' address.
        clock: aware UTC now.
    """
    opened = store or open_store(settings.database_url)
    with opened.read() as connection:
        known = codes.from_entries(organisations.code_entries(connection))
    context = Context(store=opened, settings=settings, clock=clock, places=known.places)
    app = FastAPI(title="procmatch", openapi_url=None, docs_url=None, redoc_url=None)
    _guard(app, context)
    _subscribing(app, context)
    _links(app, context)
    _judging(app, context)

    @app.get("/style.css")
    def style() -> Response:
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    @app.get("/feeds/{key}/{name}")
    def feeds(key: str, name: str) -> Response:
        media_type, body = feed(opened, key, name, settings=settings)
        return Response(body, headers={"Content-Type": media_type})

    return app


def _guard(app: FastAPI, context: Context) -> None:
    """Set the headers of every answer, limit what comes in, and say errors in words."""

    @app.middleware("http")
    async def guard(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > _LONGEST_BODY:
            return Response("too long", status_code=413, media_type="text/plain")
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(LinkRefused)
    def refused(request: Request, _error: Exception) -> HTMLResponse:
        language = language_of(request, context.settings.language)
        return page(
            "refused",
            language,
            status=403,
            root=context.root,
            address=context.settings.mail.unsubscribe_mailto,
        )

    @app.exception_handler(NotFound)
    def missing(request: Request, _error: Exception) -> HTMLResponse:
        language = language_of(request, context.settings.language)
        return page(
            "message",
            language,
            status=404,
            root=context.root,
            title=phrase("There is nothing here", language),
            lines=[phrase("If there was a subscription, it has been deleted.", language)],
            links=[],
        )


def _subscribing(app: FastAPI, context: Context) -> None:
    @app.get("/")
    def root() -> Response:
        return RedirectResponse(f"{context.root}/subscribe")

    @app.get("/subscribe")
    def show(request: Request, org: str = "", topic: str = "") -> Response:
        return subscribing.show(context, request, org, topic)

    @app.post("/subscribe")
    def ask(request: Request, form: Filled = Depends(_filled)) -> Response:  # noqa: B008
        return subscribing.ask(context, request, form)

    @app.post("/links")
    def send_links(request: Request, form: Filled = Depends(_filled)) -> Response:  # noqa: B008
        return subscribing.send_links(context, request, form)


def _links(app: FastAPI, context: Context) -> None:
    @app.get("/confirm/{token}")
    def confirm(token: str) -> Response:
        return links.ask_to_confirm(context, token)

    @app.post("/confirm/{token}")
    def confirmed(token: str) -> Response:
        return links.confirm(context, token)

    @app.get("/leave/{token}")
    def leave(request: Request, token: str) -> Response:
        return links.ask_to_leave(context, request, token)

    @app.post("/leave/{token}")
    def left(request: Request, token: str) -> Response:
        return links.leave(context, request, token)

    @app.get("/change/{token}")
    def change(token: str) -> Response:
        return links.show_change(context, token)

    @app.post("/change/{token}")
    def changed(token: str, form: Filled = Depends(_filled)) -> Response:  # noqa: B008
        return links.change(context, token, form)


def _judging(app: FastAPI, context: Context) -> None:
    @app.get("/data/{token}")
    def data(token: str) -> Response:
        return links.data(context, token)

    @app.get("/feedback/{token}")
    def feedback(token: str, fits: str = "", why: str = "") -> Response:
        return links.show_feedback(context, token, why if fits == "no" and why else fits)

    @app.post("/feedback/{token}")
    def judged(token: str, form: Filled = Depends(_filled)) -> Response:  # noqa: B008
        return links.judge(context, token, form)

    @app.get("/more/{token}")
    def more(token: str) -> Response:
        return links.more(context, token)
