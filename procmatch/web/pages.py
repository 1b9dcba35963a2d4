"""Pages: templates filled in one language, with headers that keep signed addresses private."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from procmatch.alerts.phrases import phrase
from procmatch.text.messages import LANGUAGES

__all__ = ["HEADERS", "STYLE", "language_of", "page"]

#: Sent with every answer. Addresses hold signed links: they must not leak as a referrer or stay in
#: a shared cache or a search engine.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}
_HERE = Path(__file__).parent
STYLE = (_HERE / "style.css").read_bytes()
_ACCEPTED = re.compile(r"([a-z]{2,3})(?:-[a-z0-9]+)*\s*(?:;\s*q=([0-9.]+))?", re.IGNORECASE)
_SAME = {"no": "nb"}


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(request: Request, default: str) -> str:
    """Return the language to answer in: ``?lang=``, else what the browser asks for first."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    wanted = [
        (-float(quality) if re.fullmatch(r"[01](\.[0-9]+)?", quality or "") else -1.0, at, code)
        for at, (code, quality) in enumerate(
            _ACCEPTED.findall(request.headers.get("accept-language", ""))
        )
    ]
    for _, _, code in sorted(wanted):
        known = _SAME.get(str(code).lower(), str(code).lower())
        if known in LANGUAGES:
            return known
    return default


def _links(query: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """Return (language, address) of the same page in each language."""
    if query is None:
        return []
    return [(code, f"?{urlencode({**query, 'lang': code})}") for code in LANGUAGES]


def page(
    template: str,
    language: str,
    *,
    status: int = 200,
    query: Mapping[str, str] | None = None,
    **values: Any,  # noqa: ANN401  whatever the template names
) -> HTMLResponse:
    """Return a page in a language.

    Args:
        template: its name without ending.
        language: nb, nn or en.
        status: of the answer.
        query: what leads to the same page in another language, with ``lang`` added; None where
            the language is the subscription's.
        values: what the template needs.
    """

    def say(text: str, /, **named: str | int) -> str:
        return phrase(text, language, **named)

    html: str = (
        _templates()
        .get_template(f"{template}.html")
        .render(language=language, languages=_links(query), _=say, **values)
    )
    return HTMLResponse(html, status_code=status)
