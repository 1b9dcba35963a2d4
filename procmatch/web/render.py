"""Pages: templates filled in one language, with headers that keep signed addresses private."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from procmatch.alerts import phrases
from procmatch.alerts.phrases import phrase
from procmatch.insight.equal import EQUAL_TREATMENT
from procmatch.insight.hurdles import UNREAD
from procmatch.model.match import Message
from procmatch.model.values import Money, Text
from procmatch.text.messages import LANGUAGES, say
from procmatch.web import wording

__all__ = ["HEADERS", "PUBLIC", "STYLE", "address", "language_of", "page"]

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
#: Sent instead with pages that say the same to everybody.
PUBLIC: Mapping[str, str] = {
    "Cache-Control": "max-age=60",
    "Vary": "Accept-Language",
    "X-Robots-Tag": "all",
}
_HERE = Path(__file__).parent
STYLE = (_HERE / "style.css").read_bytes()
_ACCEPTED = re.compile(r"([a-z]{2,3})(?:-[a-z0-9]+)*\s*(?:;\s*q=([0-9.]+))?", re.IGNORECASE)
_SAME = {"no": "nb"}
#: Control characters, and those that turn the direction of what follows: no page needs them, and in
#: a name from elsewhere they make a line read as something else.
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        auto_reload=False,
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


def address(root: str, path: str, /, **query: object) -> str:
    """Return the address of a page of ours.

    Args:
        root: the path under which the pages are served.
        path: below it, e.g. ``"/tender/2026-1"``; what is no letter or digit is quoted.
        query: what is empty or None is left out.
    """
    named = {name: value for name, value in query.items() if value not in {None, "", ()}}
    asked = urlencode(named, doseq=True)
    return f"{root}{quote(path)}{'?' if asked else ''}{asked}"


def _links(query: Mapping[str, object] | None) -> list[tuple[str, str]]:
    """Return (language, address) of the same page in each language."""
    if query is None:
        return []
    return [(code, f"?{urlencode({**query, 'lang': code}, doseq=True)}") for code in LANGUAGES]


def _filters(language: str) -> dict[str, Any]:
    """Return what templates write values with, in one language."""

    def text(value: Text | str) -> str:
        if isinstance(value, Text):
            return phrases.text_in(value, language)
        return phrases.one_line(value)

    def tell(message: Message) -> str:
        return say(message, language)

    def kroner(value: Money | Decimal | None) -> str:
        if value is None:
            return phrase("not told", language)
        sum_ = value if isinstance(value, Money) else Money(amount=value, currency="NOK")
        return phrases.money(sum_, language)

    def when(moment: datetime | date | None) -> str:
        if moment is None:
            return phrase("not known", language)
        if isinstance(moment, datetime):
            return phrases.deadline(moment, language)
        return phrases.day(moment, language)

    return {
        "text": text,
        "tell": tell,
        "kroner": kroner,
        "when": when,
        "short": phrases.shorten,
        "number": partial(wording.number, language=language),
        "percent": partial(wording.percent, language=language),
        "km": partial(wording.km, language=language),
        "day_of": wording.day_of,
    }


def page(
    template: str,
    language: str,
    *,
    status: int = 200,
    query: Mapping[str, object] | None = None,
    public: bool = False,
    root: str = "",
    **values: Any,  # noqa: ANN401  whatever the template names
) -> HTMLResponse:
    """Return a page in a language.

    Args:
        template: its name without ending.
        language: nb, nn or en.
        status: of the answer.
        query: what leads to the same page in another language, with ``lang`` added; None where
            the language is the subscription's.
        public: it says the same to everybody, and may be found and kept for a while.
        root: the path under which the pages are served.
        values: what the template needs.
    """

    def wrote(text: str, /, **named: str | int) -> str:
        return phrase(text, language, **named)

    def url(path: str, /, **asked: object) -> str:
        return address(root, path, **{**asked, "lang": language})

    html: str = (
        _templates()
        .get_template(f"{template}.html")
        .render(
            {
                "language": language,
                "languages": _links(query),
                "root": root,
                "_": wrote,
                "url": url,
                "f": _filters(language),
                "crumbs": (),
                "equal_treatment": EQUAL_TREATMENT,
                "unread": UNREAD,
                **values,
            }
        )
    )
    return HTMLResponse(
        _NO_TEXT.sub("", html), status_code=status, headers=dict(PUBLIC) if public else None
    )
