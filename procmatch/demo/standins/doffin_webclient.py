"""What stands behind Doffin's own pages: a search by POST, and all about one notice. No key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from procmatch.demo.standins.doffin_search import Refusal, day, page_of
from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.hits import Publication
from procmatch.demo.standins.notice_facts import Facts, read_facts

__all__ = ["Webclient"]

_CAP = 1000
_SEARCH = "/webclient/api/v2/search-api/search"
_NOTICE = "/webclient/api/v2/notices-api/notices/"
#: Keys that only the public API's hits have.
_PUBLIC = ("cpvCodes", "lots", "receivedTenders", "allReceivedTenders", "limitedDataFlag",
           "doffinClassicUrl")  # fmt: skip
_FACETS: Mapping[str, Callable[[Publication], set[str]]] = {
    "type": lambda one: set(one.types),
    "status": lambda one: {one.hit["status"] or ""},
    "location": lambda one: set(one.hit["locationId"]),
    "cpvCodesId": lambda one: set(one.cpv),
    "buyer": lambda one: {buyer["id"] for buyer in one.hit["buyer"]},
}


class Webclient:
    """Answers ``/webclient/api/...`` from Doffin's index of publications.

    Args:
        index: what Doffin's search knows. notices: Doffin id -> XML.
    """

    def __init__(self, index: Mapping[str, Publication], notices: Mapping[str, bytes]) -> None:
        self._index = index
        self._notices = notices

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        if request.path == _SEARCH and request.method == "POST":
            try:
                return self._search(request)
            except Refusal as refusal:
                return refusal.reply
        if request.path.startswith(_NOTICE) and request.method == "GET":
            return self._detail(request.path.removeprefix(_NOTICE))
        return Reply(status=404)

    def _search(self, request: Request) -> Reply:
        try:
            asked = json.loads(request.body)
            page, size = int(asked["page"]), int(asked["numHitsPerPage"])
            facets = asked["facets"]
        except (ValueError, KeyError, TypeError):
            raise Refusal.because("Bad request") from None
        if page * size > _CAP:
            raise Refusal.because(f"Unable to access more than the top {_CAP} hits")
        found = [one for one in self._index.values() if one.searchable and _fits(one, facets)]
        hits = page_of(found, asked.get("sortBy", ""), page, size, shuffle=False)
        return as_json(
            {
                "numHitsTotal": len(found),
                "numHitsAccessible": min(len(found), _CAP),
                "hits": [self._hit(one) for one in hits],
                "facets": {name: _counted(found, _FACETS[name]) for name in ("status", "type")},
            }
        )

    def _hit(self, one: Publication) -> dict[str, Any]:
        kept = {name: value for name, value in one.hit.items() if name not in _PUBLIC}
        sent = b":eforms:eu" in self._notices[one.id]
        return {
            **kept,
            "sentToTed": sent,
            "placeOfPerformance": [],
            "procurementStrategicLabels": [],
        }

    @cached_property
    def _facts(self) -> dict[str, Facts]:
        return {key: read_facts(key, xml) for key, xml in self._notices.items()}

    def _detail(self, key: str) -> Reply:
        if key not in self._facts:
            return Reply(status=404)
        facts, hit = self._facts[key], self._index[key].hit
        folder = facts.first("cbc:ContractFolderID")
        return as_json(
            {
                "id": key,
                "eFormId": facts.first("cbc:ID"),
                "procedureId": folder,
                "heading": hit["heading"],
                "noticeType": hit["type"],
                "noticeStatus": hit["status"],
                "publicationDate": hit["publicationDate"],
                "changeNotices": self._chain(key, facts),
                "procurementTimeline": [
                    {
                        "id": other,
                        "allType": self._index[other].hit["allTypes"],
                        "publicationDate": self._index[other].hit["publicationDate"],
                        "selectedNotice": other == key,
                    }
                    for other, one in self._facts.items()
                    if one.first("cbc:ContractFolderID") == folder
                ],
            }
        )

    def _chain(self, key: str, facts: Facts) -> list[dict[str, Any]]:
        """Return the notice and the one that it changes; an empty list when it changes none."""
        named = facts.first(".//efac:Changes/efbc:ChangedNoticeIdentifier")
        changed = {
            other: one
            for other, one in self._facts.items()
            if named and named.startswith(one.first("cbc:ID"))
        }
        return [
            {
                "id": other,
                "changedNoticeId": named if other == key else None,
                "issueDate": self._index[other].hit["issueDate"],
                "selectedNotice": other == key,
                "eformId": one.first("cbc:ID"),
            }
            for other, one in ({key: facts} | changed if changed else {}).items()
        ]


def _fits(one: Publication, facets: Mapping[str, Any]) -> bool:
    days = facets.get("publicationDate") or {}
    first, last = day(days.get("from") or ""), day(days.get("to") or "")
    if (first and one.published_on < first) or (last and one.published_on > last):
        return False
    for name, values in _FACETS.items():
        checked = set((facets.get(name) or {}).get("checkedItems", ()))
        if checked and not checked & values(one):
            return False
    return True


def _counted(
    found: list[Publication], values: Callable[[Publication], set[str]]
) -> dict[str, list[dict[str, Any]]]:
    counts = Counter(value for one in found for value in values(one) if value)
    return {"items": [{"id": value, "total": n} for value, n in counts.most_common()]}
