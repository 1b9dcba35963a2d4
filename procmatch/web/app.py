"""The pages: those that are open to all, those that letters link to, the feeds and the API.

GET only shows and asks, for mail scanners follow every link; POST acts. No cookie, no script, no
session: a signed link is all the authority there is, for one purpose and for a time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from anyio import to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

from procmatch import codes
from procmatch.settings import Settings
from procmatch.store import Store, open_store, organisations
from procmatch.web import api, api_insight, links, municipal, subscribing
from procmatch.web.context import Context
from procmatch.web.forms import Filled, filled
from procmatch.web.guarding import guard
from procmatch.web.pages import (
    about,
    draft,
    food,
    guide,
    home,
    invitation,
    kept_draft,
    leader,
    leakage,
    levers,
    municipality,
    need,
    purchaser,
    review,
    supplier,
    tender,
    tenders,
    trends,
    unit,
    what_if,
    you,
)
from procmatch.web.render import STYLE
from procmatch.workflows.equal_treatment import ShownLog
from procmatch.workflows.feeds import feed
from procmatch.workflows.match import need_in
from procmatch.workflows.open_market import OpenMarket

__all__ = ["create_app", "warm"]

_ANYTHING = "mat"
#: Pages that a process makes at a time.
_AT_ONCE = 2
_MUNICIPALITY_DIGITS = 4
_ABOUT_API = (
    "Public tenders, and the firms that could deliver them, in the order of the pages. Sources and "
    "licences: /about. Where a firm lies may be neither a requirement nor an award criterion."
)
_PAGES = (
    home,
    tenders,
    what_if,
    tender,
    supplier,
    need,
    municipality,
    leader,
    purchaser,
    unit,
    trends,
    leakage,
    levers,
    invitation,
    food,
    draft,
    kept_draft,
    guide,
    about,
    review,
    you,
)


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def _few_threads(app: FastAPI) -> AsyncIterator[None]:
    """Let few pages be made at a time: more would only take turns at the processor.

    A process has one for itself; while one page waits for the database, it makes the other. At the
    end the lists that were shown last are noted.
    """
    to_thread.current_default_thread_limiter().total_tokens = _AT_ONCE
    yield
    context: Context = app.state.context
    await to_thread.run_sync(context.shown.flush)


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
    context = Context(
        store=opened,
        settings=settings,
        clock=clock,
        places=known.places,
        open_market=OpenMarket(opened, settings, clock),
        shown=ShownLog(opened, clock),
    )
    app = FastAPI(
        title="procmatch",
        lifespan=_few_threads,
        description=_ABOUT_API,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.context = context
    guard(app, context)
    api.add(app, context)
    api_insight.add(app, context)
    # What follows is for people: only the API is described for programs.
    app.router.include_in_schema = False
    for kind in _PAGES:
        kind.add(app, context)
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


def warm(app: FastAPI) -> None:
    """Read the market and ask it once, so that the first reader does not wait for it."""
    context: Context = app.state.context
    need_in(context.now.market, _ANYTHING, clock=context.clock, limit=1)
    municipal.comparable(context, _MUNICIPALITY_DIGITS)


def _subscribing(app: FastAPI, context: Context) -> None:
    @app.get("/subscribe")
    def show(request: Request, org: str = "", topic: str = "") -> Response:
        return subscribing.show(context, request, org, topic)

    @app.post("/subscribe")
    def ask(request: Request, form: Filled = Depends(filled)) -> Response:  # noqa: B008
        return subscribing.ask(context, request, form)

    @app.post("/links")
    def send_links(request: Request, form: Filled = Depends(filled)) -> Response:  # noqa: B008
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
    def changed(token: str, form: Filled = Depends(filled)) -> Response:  # noqa: B008
        return links.change(context, token, form)


def _judging(app: FastAPI, context: Context) -> None:
    @app.get("/data/{token}")
    def data(token: str) -> Response:
        return links.data(context, token)

    @app.get("/feedback/{token}")
    def feedback(token: str, fits: str = "", why: str = "") -> Response:
        return links.show_feedback(context, token, why if fits == "no" and why else fits)

    @app.post("/feedback/{token}")
    def judged(token: str, form: Filled = Depends(filled)) -> Response:  # noqa: B008
        return links.judge(context, token, form)

    @app.get("/more/{token}")
    def more(token: str) -> Response:
        return links.more(context, token)
