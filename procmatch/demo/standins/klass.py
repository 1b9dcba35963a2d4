"""KLASS, the code lists of Statistics Norway: XML unless JSON or CSV is asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from procmatch.codes import builtin
from procmatch.demo.standins.content import Content
from procmatch.demo.standins.exchange import Reply, Request, as_json

__all__ = ["Klass"]

_ROOT = "/api/klass/v1/"
_MUNICIPALITIES, _COUNTIES, _INDUSTRIES = "131", "104", "6"
_NAMES = {
    _MUNICIPALITIES: "Standard for kommuneinndeling",
    _COUNTIES: "Standard for fylkesinndeling",
    _INDUSTRIES: "Standard for næringsgruppering (SN)",
}
_SN2025_FROM = "2025-01-01"
#: Version number -> (list, revision, first day).
_VERSIONS = {
    "30": (_INDUSTRIES, "sn2007", "2009-01-01"),
    "3218": (_INDUSTRIES, "sn2025", _SN2025_FROM),
}
#: The table from SN2007 to SN2025.
_TABLE = "2919"
_LEVELS = {1: "1", 2: "2", 4: "3", 5: "4", 6: "5"}


@dataclass(frozen=True, slots=True)
class _Code:
    code: str
    parent: str
    name: str
    level: str
    valid_from: str
    valid_to: str | None = None

    def item(self, *, span: bool) -> dict[str, str | None]:
        """Return the JSON object; an answer about a span of time adds the days within it."""
        item: dict[str, str | None] = {
            "code": self.code,
            "parentCode": self.parent or None,
            "level": self.level,
            "name": self.name,
            "shortName": "",
            "presentationName": "",
            "validFrom": self.valid_from,
            "validTo": self.valid_to,
            "notes": "",
        }
        if span:
            item["validFromInRequestedRange"] = self.valid_from
            item["validToInRequestedRange"] = self.valid_to
        return item


def _refused(message: str, status: int = 400) -> Reply:
    return as_json({"error": message}, status)


class Klass:
    """Answers ``classifications/{id}``, its ``codes`` and ``codesAt``, ``versions/{id}``.

    Of the correspondence tables it has the one from SN2007 to SN2025.
    """

    def __init__(self, content: Content) -> None:
        counties = dict(sorted({town.county: town.county_name for town in content.towns}.items()))
        self.lists: dict[tuple[str, str], list[_Code]] = {
            (_MUNICIPALITIES, ""): [
                _Code(town.number, "", town.name, "1", "2024-01-01") for town in content.towns
            ],
            (_COUNTIES, ""): [
                _Code(number, "", name, "1", "2024-01-01") for number, name in counties.items()
            ],
        }
        for number, revision, first in _VERSIONS.values():
            last = _SN2025_FROM if revision == "sn2007" else None
            self.lists[number, revision] = [
                _Code(code, parent, name, _LEVELS.get(len(code), "5"), first, last)
                for kind, code, parent, name in content.industries
                if kind == revision
            ]

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        kind, _, rest = request.path.removeprefix(_ROOT).partition("/")
        number, _, what = rest.partition("/")
        if kind == "versions" and number in _VERSIONS and not what:
            return self._version(number)
        if kind == "correspondencetables" and number == _TABLE and not what:
            return self._correspondence()
        if kind != "classifications" or number not in _NAMES:
            return _refused(f"{kind} {number} was not found", 404)
        if not what:
            return self._classification(number)
        if what not in {"codes", "codesAt"}:
            return Reply(status=404)
        span = what == "codes"
        days = [request.one("from" if span else "date"), request.one("to")]
        try:
            first, last = (date.fromisoformat(day).isoformat() if day else "" for day in days)
        except ValueError:
            return _refused("Dates must be on the form yyyy-MM-dd")
        if not first:
            return _refused(f"Required parameter '{'from' if span else 'date'}' is not present")
        codes = self._codes(number, first, last if span else first)
        level = request.one("selectLevel")
        chosen = [code for code in codes if level in {"", code.level}]
        return _told(chosen, request, span=span)

    def _codes(self, number: str, first: str, last: str) -> list[_Code]:
        """Return what was valid on some day from ``first`` to ``last``; the end is exclusive."""
        return [
            code
            for (one, _), codes in self.lists.items()
            for code in codes
            if one == number
            and (not code.valid_to or code.valid_to > first)
            # Municipalities and counties are served as they are now, whatever the day.
            and (number != _INDUSTRIES or not last or code.valid_from <= last)
        ]

    def _classification(self, number: str) -> Reply:
        versions = [
            {"id": int(version), "name": revision.upper(), "validFrom": first}
            for version, (one, revision, first) in _VERSIONS.items()
            if one == number
        ]
        return as_json({"name": _NAMES[number], "versions": versions})

    def _version(self, version: str) -> Reply:
        number, revision, first = _VERSIONS[version]
        items = [code.item(span=False) for code in self.lists[number, revision]]
        return as_json({"name": revision.upper(), "validFrom": first, "classificationItems": items})

    def _correspondence(self) -> Reply:
        names = [
            {code.code: code.name for code in self.lists[_INDUSTRIES, revision]}
            for revision in ("sn2007", "sn2025")
        ]
        maps = [
            {
                "sourceCode": old,
                "sourceName": names[0].get(old, ""),
                "targetCode": new,
                "targetName": names[1].get(new, ""),
            }
            for old, news in builtin().industry.to_new.items()
            for new in news
        ]
        return as_json({"name": "SN2007 - SN2025", "correspondenceMaps": maps})


def _told(codes: Sequence[_Code], request: Request, *, span: bool) -> Reply:
    accept = request.headers.get("accept", "")
    items = [code.item(span=span) for code in codes]
    if "json" in accept:
        return as_json({"codes": items})
    if "text/csv" in accept:
        return _csv(items, request.one("csvSeparator", ","))
    rows = "".join(
        "<codeItem>"
        + "".join(f"<{name}>{escape(text or '')}</{name}>" for name, text in item.items())
        + "</codeItem>"
        for item in items
    )
    body = f'<?xml version="1.0" encoding="UTF-8"?><codeList>{rows}</codeList>'
    return Reply(body=body.encode(), media_type="application/xml;charset=UTF-8")


def _csv(items: Sequence[dict[str, str | None]], separator: str) -> Reply:
    """Return CSV in ISO-8859-1, which is what comes without asking for another."""
    text = io.StringIO()
    names = list(items[0]) if items else ["code"]
    writer = csv.DictWriter(
        text, names, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(items)
    body = text.getvalue().encode("iso-8859-1", errors="replace")
    return Reply(body=body, media_type="text/csv;charset=ISO-8859-1")
