"""Enhetsregisteret and Regnskapsregisteret: look-ups, search, bulk files, accounts."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from procmatch.demo.standins.content import Content, Json
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.faults import Traps

__all__ = ["Enhetsregisteret"]

_API = "/enhetsregisteret/api"
_WINDOW = 10_000
_NUMBER = re.compile(r"\d{9}")
_BULK_TYPE = "application/vnd.brreg.enhetsregisteret.enhet.v2+gzip;charset=UTF-8"


def _bad_request(path: str, message: str, parameter: str) -> Reply:
    return as_json(
        {
            "tidsstempel": 1780000000000,
            "status": 400,
            "feilmelding": "Feilaktig forespørsel",
            "sti": path,
            "antallFeil": 1,
            "valideringsfeil": [
                {"feilmelding": message, "parametere": [parameter], "feilaktigVerdi": parameter}
            ],
        },
        400,
    )


class _Collection:
    """Units or establishments with their bulk file."""

    def __init__(self, name: str, items: Sequence[Json]) -> None:
        self.name = name
        self.by_number = {item["organisasjonsnummer"]: item for item in items}
        living = [
            item
            for item in items
            if "slettedato" not in item and item.get("respons_klasse") != "Fjernet"
        ]
        self.living = living
        text = (
            "["
            + ",".join(
                json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in living
            )
            + "]"
        )
        self.bulk = gzip.compress(text.encode(), 5, mtime=0)
        self.etag = f'"{hashlib.sha256(self.bulk).hexdigest()[:16]}"'


class Enhetsregisteret:
    """Answers ``/enhetsregisteret/api/...`` and ``/regnskapsregisteret/regnskap/{number}``."""

    def __init__(self, content: Content, traps: Traps) -> None:
        self.traps = traps
        self.accounts = content.accounts
        self.collections = {
            "enheter": _Collection("enheter", content.units),
            "underenheter": _Collection("underenheter", content.establishments),
        }

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if request.path.startswith("/regnskapsregisteret/regnskap/"):
            return self._accounts(request.path.rpartition("/")[2])
        name, _, rest = request.path.removeprefix(f"{_API}/").partition("/")
        collection = self.collections.get(name)
        if collection is None:
            return Reply(status=404)
        if rest == "lastned":
            return self._bulk(collection, request)
        if rest:
            return self._one(collection, rest, request.path)
        return self._search(collection, request)

    def _bulk(self, collection: _Collection, request: Request) -> Reply:
        headers = {"ETag": collection.etag, "Content-Disposition": "attachment"}
        if request.headers.get("if-none-match") == collection.etag:
            return Reply(status=304, headers=headers)
        cut = self.traps.faults.cut_bulk and self.traps.nth(f"bulk_{collection.name}") == 1
        return Reply(body=collection.bulk, media_type=_BULK_TYPE, headers=headers, cut=cut)

    @staticmethod
    def _one(collection: _Collection, number: str, path: str) -> Reply:
        if not _NUMBER.fullmatch(number):
            message = "Organisasjonsnummer må være et nummer med nøyaktig 9 siffer"
            return _bad_request(path, message, number)
        item = collection.by_number.get(number)
        if item is None:
            return Reply(status=404)
        if item.get("respons_klasse") == "Fjernet":
            body = {
                name: item[name]
                for name in ("organisasjonsnummer", "slettedato", "_links")
                if name in item
            }
            return as_json(body, 410)
        return as_json(item)

    def _search(self, collection: _Collection, request: Request) -> Reply:
        size, page = int(request.one("size", "20")), int(request.one("page", "0"))
        if (page + 1) * size > _WINDOW:
            return _bad_request(request.path, "Antall treff er begrenset til 10000", "size")
        for name in ("fraAntallAnsatte", "tilAntallAnsatte"):
            text = request.one(name)
            if text and int(text) in {2, 3}:
                return _bad_request(request.path, "Ugyldig antall ansatte", name)
        found = [item for item in collection.living if _fits(item, request)]
        part = found[page * size : (page + 1) * size]
        pages = -(-len(found) // size)
        link = f"http://localhost{request.path}?page={{}}&size={size}"
        links = {"self": {"href": link.format(page)}}
        if page + 1 < pages:
            links["next"] = {"href": link.format(page + 1)}
        answer: dict[str, Any] = {
            "_links": links,
            "page": {
                "size": size,
                "totalElements": len(found),
                "totalPages": pages,
                "number": page,
            },
        }
        if part:  # an empty answer has no _embedded at all
            answer["_embedded"] = {collection.name: part}
        return as_json(answer)

    def _accounts(self, number: str) -> Reply:
        if self.traps.faults.busy_accounts and self.traps.nth("accounts") <= 2:  # noqa: PLR2004
            return Reply(status=503, body=b"Too many requests", media_type="text/plain")
        years = self.accounts(number)
        return as_json(years) if years else Reply(status=404)


def _fits(item: Mapping[str, Any], request: Request) -> bool:
    place = item.get("forretningsadresse") or item.get("beliggenhetsadresse") or {}
    post = item.get("postadresse") or {}

    def listed(name: str) -> list[str]:
        return [part for part in request.one(name).split(",") if part]

    names, forms = request.one("navn").casefold(), listed("organisasjonsform")
    towns, codes = listed("kommunenummer"), listed("naeringskode")
    own = [item.get(f"naeringskode{i}", {}).get("kode", "") for i in (1, 2, 3)]
    wishes = (
        names in item.get("navn", "").casefold(),
        not forms or item.get("organisasjonsform", {}).get("kode") in forms,
        # Business or postal address: the trap of this parameter.
        not towns or {place.get("kommunenummer"), post.get("kommunenummer")} & set(towns),
        not codes or any(code.startswith(wish) for code in own for wish in codes),
        request.one("konkurs") in {"", str(item.get("konkurs", False)).lower()},
    )
    return all(bool(wish) for wish in wishes)
