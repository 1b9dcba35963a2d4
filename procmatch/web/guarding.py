"""What holds for every answer: headers, limits of what comes in, and errors said in words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from procmatch.alerts.phrases import phrase
from procmatch.errors import CodeError, LinkRefused, NotFound
from procmatch.sources.docx import MOST_BYTES
from procmatch.sources.draft import MOST_CHARACTERS
from procmatch.web.context import Context
from procmatch.web.render import HEADERS, language_of, page

__all__ = ["API", "guard"]

#: Addresses of the API begin so; errors there are JSON.
API = "/api/"
_LONGEST_BODY = 100_000
#: Where a file may be sent, with room for the form around it.
_FILES = re.compile(r"/draft(/kept/[^/]+)?$")
_LONGEST_FILE = MOST_BYTES + 4 * MOST_CHARACTERS


def guard(app: FastAPI, context: Context) -> None:
    """Set the headers of every answer, limit what comes in, and say errors in words."""

    @app.middleware("http")
    async def limits(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        if "transfer-encoding" in request.headers:
            return Response("length required", status_code=411, media_type="text/plain")
        length = request.headers.get("content-length", "0")
        most = _LONGEST_FILE if _FILES.search(request.url.path) else _LONGEST_BODY
        if not length.isdecimal() or int(length) > most:
            return Response("too long", status_code=413, media_type="text/plain")
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    _say_errors(app, context)


def _say_errors(app: FastAPI, context: Context) -> None:
    @app.exception_handler(LinkRefused)
    def refused(request: Request, _error: Exception) -> Response:
        language = language_of(request, context.settings.language)
        return page(
            "refused",
            language,
            status=403,
            root=context.root,
            address=context.settings.mail.unsubscribe_mailto,
        )

    @app.exception_handler(CodeError)
    def wrong(request: Request, error: Exception) -> Response:
        if _is_api(context, request):
            return JSONResponse({"detail": str(error)}, status_code=400)
        language = language_of(request, context.settings.language)
        return _message(context, request, 400, phrase("This cannot be meant", language), str(error))

    @app.exception_handler(NotFound)
    def missing(request: Request, _error: Exception) -> Response:
        if _is_api(context, request):
            return JSONResponse({"detail": "not found"}, status_code=404)
        language = language_of(request, context.settings.language)
        return _message(
            context,
            request,
            404,
            phrase("There is nothing here", language),
            phrase("The address may be wrong, or what stood here is not shown.", language),
            phrase("If there was a subscription, it has been deleted.", language),
        )

    @app.exception_handler(HTTPException)
    def other(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == HTTPException(404).status_code:
            return missing(request, error)
        return JSONResponse({"detail": str(error)}, status_code=status)


def _is_api(context: Context, request: Request) -> bool:
    return request.url.path.startswith(f"{context.root}{API}") or request.url.path.startswith(API)


def _message(
    context: Context, request: Request, status: int, title: str, *lines: str
) -> HTMLResponse:
    language = language_of(request, context.settings.language)
    return page(
        "message",
        language,
        status=status,
        query={name: value for name, value in request.query_params.items() if name != "lang"},
        root=context.root,
        title=title,
        lines=lines,
        links=[],
    )
