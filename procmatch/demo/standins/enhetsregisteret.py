"""Enhetsregisteret: look-ups, search, feed of changes and bulk files."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import cached_property

from procmatch.demo.standins.accounts import Accounts
from procmatch.demo.standins.content import Content, Json
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.faults import Traps
from procmatch.demo.standins.register_csv import as_csv
from procmatch.demo.standins.register_feed import feed, feed_page
from procmatch.demo.standins.register_index import index
from procmatch.demo.standins.register_search import (
    WINDOW,
    BadRequest,
    bad_request,
    found,
    page,
)

__all__ = ["Enhetsregisteret"]

_API = "/enhetsregisteret/api/"
_NUMBER = re.compile(r"\d{9}")
_BULK_TYPE = "application/vnd.brreg.enhetsregisteret.{}.v2+gzip;charset=UTF-8"
_HTML = b"<html><body>Service unavailable</body></html>"
_DELETED = (
    "organisasjonsnummer",
    "navn",
    "organisasjonsform",
    "slettedato",
    "nedleggelsesdato",
    "_links",
    "respons_klasse",
)
_REMOVED = ("organisasjonsnummer", "slettedato", "_links")
_TYPES = ("*/*", "application/*", "application/json", "application/hal+json")
_BUSY_TIMES = 2


def _is_gone(item: Json) -> bool:
    return "slettedato" in item or item.get("respons_klasse") == "Fjernet"


def _zipped(text: bytes) -> bytes:
    return gzip.compress(text, 5, mtime=0)


def _array(items: Sequence[Json]) -> bytes:
    each = (json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items)
    return f"[{','.join(each)}]".encode()


class _Collection:
    """Units or establishments, with their bulk files made once."""

    def __init__(self, name: str, items: Sequence[Json], today: date) -> None:
        self.name = name
        self.by_number = {item["organisasjonsnummer"]: self._told(item) for item in items}
        self.living = [item for item in items if not _is_gone(item)]
        self.index = index(self.living)
        self.feed = feed(items, name, today)
        self.bulk = _zipped(_array(self.living))
        self.etag = f'"{hashlib.sha256(self.bulk).hexdigest()[:16]}"'
        made = datetime.combine(today, time(5), UTC)
        self.modified = format_datetime(made, usegmt=True)
        self.media_type = _BULK_TYPE.format(name.removesuffix("er"))

    @staticmethod
    def _told(item: Json) -> Reply:
        """Return the answer to a look-up."""
        if item.get("respons_klasse") == "Fjernet":
            return as_json({name: item[name] for name in _REMOVED if name in item}, 410)
        if "slettedato" in item:
            return as_json({name: item[name] for name in _DELETED if name in item})
        return as_json(item)

    @cached_property
    def csv(self) -> bytes:
        """The CSV bulk file."""
        return _zipped(as_csv(self.living))


class Enhetsregisteret:
    """Answers ``/enhetsregisteret/api/...`` and ``/regnskapsregisteret/regnskap/{number}``."""

    def __init__(self, content: Content, traps: Traps) -> None:
        self.traps = traps
        self.accounts = Accounts(content, traps)
        self.collections = {
            "enheter": _Collection("enheter", content.units, content.today),
            "underenheter": _Collection("underenheter", content.establishments, content.today),
        }

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if request.method not in {"GET", "HEAD"}:
            return Reply(status=405)
        if request.path.startswith("/regnskapsregisteret/"):
            return self.accounts.answer(request)
        try:
            return self._answer(request)
        except BadRequest as error:
            return bad_request(request.path, error)

    def _answer(self, request: Request) -> Reply:
        name, _, rest = request.path.removeprefix(_API).partition("/")
        if name == "oppdateringer" and rest in self.collections:
            return feed_page(self.collections[rest].feed, rest, request)
        collection = self.collections.get(name)
        if collection is None:
            return Reply(status=404)
        if rest == "lastned":
            return self._bulk(collection, request)
        if rest == "lastned/csv":
            return Reply(body=collection.csv, media_type="application/gzip")
        if not _accepts_json(request.headers.get("accept", "")):
            return Reply(status=415)
        if rest:
            return self._one(collection, rest)
        return page(collection.name, found(collection.index, request), request)

    def _bulk(self, collection: _Collection, request: Request) -> Reply:
        if request.query:
            some = found(collection.index, request)[:WINDOW]
            return Reply(body=_zipped(_array(some)), media_type=collection.media_type)
        headers = {
            "ETag": collection.etag,
            "Last-Modified": collection.modified,
            "Content-Disposition": "attachment",
        }
        known = request.headers.get("if-none-match")
        since = request.headers.get("if-modified-since")
        if known == collection.etag or (known is None and since == collection.modified):
            return Reply(status=304, headers=headers)
        reply = Reply(body=collection.bulk, media_type=collection.media_type, headers=headers)
        if request.method == "HEAD":
            return reply
        faults, nth = self.traps.faults, self.traps.nth(f"bulk_{collection.name}")
        if faults.html_bulk and nth == 2:  # noqa: PLR2004
            return Reply(body=_HTML, media_type="text/html")
        if faults.cut_bulk and nth == 1:
            return Reply(
                body=collection.bulk, media_type=collection.media_type, headers=headers, cut=True
            )
        return reply

    def _one(self, collection: _Collection, number: str) -> Reply:
        if not _NUMBER.fullmatch(number):
            message = "Organisasjonsnummer må være et nummer med nøyaktig 9 siffer"
            raise BadRequest(message, number, number)
        if self.traps.faults.busy_register and self.traps.nth("register") <= _BUSY_TIMES:
            return Reply(status=503)
        return collection.by_number.get(number, Reply(status=404))


def _accepts_json(accept: str) -> bool:
    """Return whether one of the types asked for is served; version 1 has ended."""
    kinds = [part.partition(";")[0].strip() for part in accept.split(",")]
    return not accept or any(
        kind in _TYPES or (kind.startswith("application/vnd.brreg.") and ".v2+json" in kind)
        for kind in kinds
    )
