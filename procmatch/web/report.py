"""A municipality's pages as files: they open offline and can be mailed to a council.

The pages themselves are asked, inside this process: no server, no network. Addresses become names
of files; what a file cannot do (forms, other languages, pages that are left out) is taken away, and
the words of such links stay.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import msgspec
from fastapi import FastAPI

from procmatch.alerts.phrases import day
from procmatch.errors import NotFound, ProcmatchError, SourceError
from procmatch.insight.food import FoodGroup, food_groups
from procmatch.model.match import Message
from procmatch.settings import Settings
from procmatch.store import Store
from procmatch.text.messages import say
from procmatch.web.app import create_app
from procmatch.web.context import Context
from procmatch.web.render import STYLE
from procmatch.workflows.ingest import Clock

__all__ = ["Written", "write_report"]

_MOST_PAGES = 400
_OK, _MISSING = 200, 404
_DOORS = ("leader", "purchaser", "unit", "trends", "leakage", "levers", "food")
_GUIDES = ("/guide/food", "/about")
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
#: The main menu and the languages: what they lead to is not in the report.
_MENUS = re.compile(r'<nav (?:class="tongues"|aria-label=).*?</nav>', re.DOTALL)
_HREF = re.compile(r'\shref="([^"]*)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_END = "</main>"
_TENDER = re.compile(r"/tender/[^/]+")
_NO_NAME = re.compile(r"[^a-z0-9]+")
_IN_IT = Message("In this report")
_MADE = Message(
    "Written on {day} from what the register and the announcements said then. Searching, and pages "
    "of single firms, need the service itself."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a report holds: its first page, the other pages, and the tables as files."""

    first: Path
    pages: int
    tables: int


@dataclass(slots=True)
class _Answer:
    status: int = 0
    media: str = ""
    body: bytearray = field(default_factory=bytearray)


def write_report(
    settings: Settings, place: str, folder: Path, *, clock: Clock, store: Store | None = None
) -> Written:
    """Write the pages of a municipality or county into a folder; what is there is replaced.

    Args:
        settings: where the store is, and the language.
        place: four digits; two for a county.
        folder: made where it is not there.
        clock: aware UTC now.
        store: opened already; else it is opened at the settings' address.

    Raises:
        NotFound: there is no such municipality, or the register in the store lacks it.
        SourceError: the folder cannot be written to.
    """
    mail = msgspec.structs.replace(settings.mail, public_url="")
    app = create_app(msgspec.structs.replace(settings, mail=mail), store=store, clock=clock)
    pages = asyncio.run(_collected(app, place, settings.language))
    context: Context = app.state.context
    context.shown.flush()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(error.strerror or str(error), source=str(folder)) from None
    names = {address: _name(address, place, one.media) for address, one in pages.items()}
    shown = [at for at, one in pages.items() if one.media.startswith("text/html")]
    texts = {at: _named(pages[at].body.decode(), at, settings.language) for at in shown}
    titles = {at: (names[at], _titled(texts[at])) for at in shown[1:]}
    groups = [title for at, title in titles.items() if _group(at)]
    lists = {
        shown[0]: _contents(list(titles.values()), settings.language),
        f"{shown[0]}/unit": _contents(groups, settings.language),
    }
    today = day(clock().date(), settings.language)
    made = html.escape(say(replace(_MADE, values=(("day", today),)), settings.language))
    for address, answer in pages.items():
        body = bytes(answer.body)
        if address in texts:
            text = _offline(texts[address], address, names)
            text = text.replace(
                _END, f'{lists.get(address, "")}<p class="hint">{made}</p>{_END}', 1
            )
            body = text.encode()
        _write(folder / names[address], body)
    _write(folder / "style.css", STYLE)
    return Written(first=folder / names[shown[0]], pages=len(shown), tables=len(pages) - len(shown))


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise SourceError(error.strerror or str(error), source=str(path)) from None


async def _ask(app: FastAPI, path: str, query: str) -> _Answer:
    """Ask the application for one address, as a server would."""
    answer = _Answer()
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode(), "headers": [(b"host", b"report.invalid")],
        "client": ("127.0.0.1", 0), "server": ("report.invalid", 80), "app": app,
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.media = dict(message["headers"]).get(b"content-type", b"").decode()
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


def _seeds(place: str) -> Iterator[str]:
    own = f"/municipality/{place}"
    yield own
    yield from (f"{own}/{door}" for door in _DOORS)
    if len(place) > len("32"):
        yield from (f"{own}/unit?group={group.key}" for group in food_groups())
    yield from _GUIDES


def _wanted(address: str, place: str) -> bool:
    """Tell whether a page that another links to belongs into the report."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    own = f"/municipality/{place}"
    if parts.path in _GUIDES:
        return not asked
    if parts.path == own or parts.path.removeprefix(f"{own}/") in _DOORS:
        return asked.keys() <= {"format", "group", "of", "by", "table"}
    return bool(_TENDER.fullmatch(parts.path)) and not asked


async def _collected(app: FastAPI, place: str, language: str) -> dict[str, _Answer]:
    """Return the pages by address (without language), the first one first."""
    waiting, found = list(_seeds(place)), dict[str, _Answer]()
    known = set(waiting)
    while waiting and len(found) < _MOST_PAGES:
        address = waiting.pop(0)
        parts = urlsplit(address)
        query = urlencode([*parse_qsl(parts.query), ("lang", language)])
        answer = await _ask(app, unquote(parts.path), query)
        if answer.status == _MISSING and not found:
            raise NotFound(f"no municipality or county {place}, or none in the register")
        if answer.status != _OK:
            if not found:
                raise ProcmatchError(f"{address}: the page answers {answer.status}")
            continue
        found[address] = answer
        if answer.media.startswith("text/html"):
            for link in _links(answer.body.decode(), parts.path):
                if link not in known and _wanted(link, place):
                    known.add(link)
                    waiting.append(link)
    return found


def _links(text: str, path: str) -> Iterator[str]:
    for at in _HREF.finditer(text):
        target = _target(html.unescape(at[1]), path)
        if target:
            yield target


def _target(link: str, path: str) -> str:
    """Return the address that a link of ours leads to, without language and fragment, else ""."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    asked = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    return f"{parts.path or path}{'?' if asked else ''}{urlencode(asked)}"


def _name(address: str, place: str, media: str) -> str:
    """Return the name of a page's file: ``index.html``, ``unit-bread.html``, ``leader.csv``."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    ending = asked.pop("format", "") if not media.startswith("text/html") else "html"
    path = parts.path.removeprefix(f"/municipality/{place}").lower()
    words = [_NO_NAME.sub("-", one).strip("-") for one in (path, *asked.values())]
    return f"{'-'.join(filter(None, words)) or 'index'}.{ending}"


def _group(address: str) -> FoodGroup | None:
    asked = dict(parse_qsl(urlsplit(address).query))
    return next((one for one in food_groups() if one.key == asked.get("group")), None)


def _named(text: str, address: str, language: str) -> str:
    """Return a page; that of a food group, which a form chose, says so in title and heading."""
    group = _group(address)
    if group is None:
        return text
    name = html.escape(group.names[language])
    text = text.replace(" – procmatch</title>", f" {name} – procmatch</title>", 1)
    return text.replace("</h1>", f" {name}</h1>", 1)


def _titled(text: str) -> str:
    found = _TITLE.search(text)
    return found[1].removesuffix(" – procmatch").strip() if found else ""


def _contents(pages: list[tuple[str, str]], language: str) -> str:
    rows = "".join(f'<li><a href="{name}">{title}</a></li>' for name, title in pages)
    return f"<h2>{html.escape(say(_IN_IT, language))}</h2><ul>{rows}</ul>"


def _offline(text: str, address: str, names: Mapping[str, str]) -> str:
    """Return a page whose links lead to the files beside it, or nowhere."""
    path = urlsplit(address).path

    def moved(at: re.Match[str]) -> str:
        link = html.unescape(at[1])
        if link == "/style.css":
            return ' href="style.css"'
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or link.startswith("#"):
            return at[0]
        name = names.get(_target(link, path))
        if name is None:
            return ""
        return f' href="{name}{"#" if parts.fragment else ""}{html.escape(parts.fragment)}"'

    return _HREF.sub(moved, _MENUS.sub("", _FORM.sub("", text)))
