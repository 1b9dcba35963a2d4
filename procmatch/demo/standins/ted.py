"""TED's search API v3 and its notice pages."""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree

from procmatch.demo.standins.content import Content
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.faults import Traps

__all__ = ["Ted"]

_KEYS = {
    "query",
    "fields",
    "limit",
    "page",
    "scope",
    "paginationMode",
    "iterationNextToken",
    "onlyLatestVersions",
    "checkQuerySyntax",
}
_FIELDS = {
    "publication-number",
    "publication-date",
    "notice-identifier",
    "notice-version",
    "procedure-identifier",
    "notice-type",
    "notice-subtype",
    "buyer-country",
    "title-proc",
    "buyer-name",
    "dispatch-date",
    "form-type",
    "customization-id",
    "links",
}
_LARGEST, _PRODUCT, _WINDOW = 250, 10_000, 15_000
_PAGE = re.compile(r"/en/notice/(\d+-\d{4})/xml")
_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_HTML_429 = b"<html><body><h1>429 Too Many Requests</h1></body></html>"


def _error(kind: str, message: str) -> Reply:
    return as_json({"message": message, "error": {"type": kind}}, 400)


class Ted:
    """Answers ``/v3/notices/search`` and ``/en/notice/{number}/xml``."""

    def __init__(self, content: Content, traps: Traps) -> None:
        self.traps = traps
        self.notices = dict(content.ted)
        self.rows = {key: self._row(key, xml) for key, xml in sorted(self.notices.items())}

    @staticmethod
    def _row(key: str, xml: bytes) -> dict[str, Any]:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))

        def text(name: str) -> str | None:
            return root.findtext(f"{_CBC}{name}")

        country = "NOR" if b"anskaffelser.no" in xml else None
        issue = (text("IssueDate") or "")[:10]
        row = {
            "publication-number": key,
            "publication-date": f"{issue}+02:00" if issue else None,
            "notice-identifier": text("ID"),
            "notice-version": text("VersionID"),
            "procedure-identifier": text("ContractFolderID"),
            "notice-type": text("NoticeTypeCode"),
            "buyer-country": [country] if country else None,
            "customization-id": text("CustomizationID"),
            "links": {"xml": {"MUL": f"https://ted.europa.eu/en/notice/{key}/xml"}},
        }
        return {name: value for name, value in row.items() if value is not None}

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if found := _PAGE.fullmatch(request.path):
            xml = self.notices.get(found[1])
            if xml is None:
                return Reply(status=404, body=b"<html>Not found</html>", media_type="text/html")
            return Reply(body=xml, media_type="application/xml")
        if request.path != "/v3/notices/search" or request.method != "POST":
            return as_json({"message": "Unauthorized"}, 401)
        if self.traps.faults.html_429 and self.traps.nth("ted_search") == 2:  # noqa: PLR2004
            return Reply(status=429, body=_HTML_429, media_type="text/html")
        try:
            body = json.loads(request.body)
        except ValueError:
            return _error("INVALID_BODY", "Malformed JSON")
        return self._refused(body) or self._page(body)

    @staticmethod
    def _refused(body: dict[str, Any]) -> Reply | None:
        if unknown := set(body) - _KEYS:
            return _error("UNKNOWN_PROPERTY", f"Unrecognized field {min(unknown)!r}")
        if not body.get("query"):
            return _error("QUERY_EMPTY", "Parameter 'query' must not be empty")
        fields = body.get("fields") or []
        if not fields:
            return _error("FIELDS_EMPTY", "Parameter 'fields' must not be empty")
        if bad := [name for name in fields if name not in _FIELDS]:
            supported = ", ".join(sorted(_FIELDS))
            return _error(
                "FIELD_UNSUPPORTED",
                f"Parameter 'fields' contains unsupported value ({bad[0]}). Supported: {supported}",
            )
        limit, page = body.get("limit", 10), body.get("page", 1)
        if limit > _LARGEST or limit * len(fields) > _PRODUCT:
            return _error("LIMIT_TOO_LARGE", f"Parameter 'limit' must not exceed {_LARGEST}")
        if body.get("paginationMode", "PAGE_NUMBER") == "PAGE_NUMBER" and page * limit > _WINDOW:
            return _error("PAGE_WINDOW", f"Cannot read past {_WINDOW} notices")
        return None

    def _page(self, body: dict[str, Any]) -> Reply:
        if body.get("checkQuerySyntax"):
            return as_json({"notices": [], "totalNoticeCount": None, "timedOut": False})
        rows = [
            row
            for row in self.rows.values()
            if "buyer-country=NOR" not in body["query"] or row.get("buyer-country") == ["NOR"]
        ]
        limit = body.get("limit", 10)
        token = body.get("iterationNextToken")
        if body.get("paginationMode") == "ITERATION":
            start = int(token.removeprefix("t")) if token else 0
        else:
            start = (body.get("page", 1) - 1) * limit
        wanted = {*body["fields"], "links"}
        part = [
            {name: value for name, value in row.items() if name in wanted}
            for row in rows[start : start + limit]
        ]
        if self.traps.faults.timed_out_page and self.traps.nth("ted_page") == 1:
            return as_json(
                {
                    "notices": part[: len(part) // 2],
                    "totalNoticeCount": len(rows),
                    "iterationNextToken": None,
                    "timedOut": True,
                }
            )
        # The last page is empty and still carries a token.
        following = f"t{start + limit}" if body.get("paginationMode") == "ITERATION" else None
        return as_json(
            {
                "notices": part,
                "totalNoticeCount": len(rows),
                "iterationNextToken": following,
                "timedOut": False,
            }
        )
