"""Which publications a Doffin search finds, in which order, and which of them a page shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from procmatch.demo.standins.exchange import Reply, Request, as_json
from procmatch.demo.standins.hits import ROLLUPS, Publication

__all__ = ["DEFAULT_SORT", "Refusal", "day", "find", "number", "order", "page_of", "sort_of"]

_CODE_DIGITS = 8
DEFAULT_SORT = "PUBLICATION_DATE_DESC"
_SORTS = (
    DEFAULT_SORT,
    "PUBLICATION_DATE_ASC",
    "DEADLINE",
    "RELEVANCE",
    "ESTIMATED_VALUE_DESC",
    "ESTIMATED_VALUE_ASC",
)
_STATUSES = ("ACTIVE", "EXPIRED", "AWARDED", "CANCELLED")
_TYPES = {*ROLLUPS, *(kind for below in ROLLUPS.values() for kind in below)}
_JAVA = "No enum constant no.dfo.dof.notices.domain.elements."


class Refusal(Exception):
    """Doffin's answer to a question that it does not take."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply

    @classmethod
    def because(cls, reason: str) -> Refusal:
        """Return the application's 400."""
        return cls(as_json({"reason": reason}, 400))


def number(request: Request, name: str, default: int) -> int:
    """Return a whole-number parameter.

    Raises:
        Refusal: it is none.
    """
    try:
        return int(request.one(name, str(default)))
    except ValueError:
        raise Refusal.because(f"Parameter {name} must be a number") from None


def _amount(request: Request, name: str) -> float | None:
    text = request.one(name)
    try:
        return float(text) if text else None
    except ValueError:
        raise Refusal.because(f"Parameter {name} must be a number") from None


def day(text: str) -> date | None:
    """Return a date parameter; None for an empty one.

    Raises:
        Refusal: it is not ``YYYY-MM-DD``.
    """
    try:
        # fromisoformat alone also takes 20260803 and 2026-W32-1.
        if text and len(text) != len("YYYY-MM-DD"):
            raise ValueError(text)  # noqa: TRY301 - the same refusal as below
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal.because("Wrong issue date format. Correct format: YYYY-MM-DD") from None


def _known(request: Request, name: str, java: str, values: Sequence[str] | set[str]) -> set[str]:
    asked = set(request.query.get(name, ()))
    for value in sorted(asked):
        # A comma list is one value that nothing has: no hits, no error.
        if value not in values and "," not in value:
            raise Refusal.because(f"{_JAVA}{java}.{value}")
    return asked


def sort_of(request: Request) -> str:
    """Return the sort order asked for.

    Raises:
        Refusal: there is no such order; the answer is an empty 404.
    """
    sort = request.one("sortBy", DEFAULT_SORT)
    if sort not in _SORTS:
        raise Refusal(Reply(status=404))
    return sort


def find(index: Mapping[str, Publication], request: Request) -> list[Publication]:
    """Return the publications that fit the parameters Doffin knows; others are ignored.

    Raises:
        Refusal: a date, number, type or status is none.
    """
    types = _known(request, "type", "NoticeType", _TYPES)
    statuses = _known(request, "status", "NoticeStatus", _STATUSES)
    first, last = day(request.one("issueDateFrom")), day(request.one("issueDateTo"))
    low = _amount(request, "estimatedValueFrom")
    high = _amount(request, "estimatedValueTo")
    codes = set(request.query.get("cpvCode", ()))
    places = tuple(request.query.get("location", ()))
    words = request.one("searchString").casefold()

    def fits(one: Publication) -> bool:
        return bool(
            one.searchable
            and (not types or one.types & types)
            and (not statuses or one.hit["status"] in statuses)
            # The hit's codes hold the codes above, so equality is the whole branch.
            and (not codes or any(len(c) == _CODE_DIGITS and c in one.cpv for c in codes))
            and (not places or any(at.startswith(places) for at in one.hit["locationId"]))
            and (first is None or one.issued_on >= first)
            and (last is None or one.issued_on <= last)
            and (low is None or (one.amount is not None and one.amount >= low))
            and (high is None or (one.amount is not None and one.amount <= high))
            and words in one.text
        )

    return [one for one in index.values() if fits(one)]


def order(found: list[Publication], sort: str, seed: str) -> list[Publication]:
    """Sort; ties come in an order that depends on ``seed``."""
    found = sorted(found, key=lambda one: hashlib.sha256(f"{seed}{one.id}".encode()).digest())
    if sort.startswith("ESTIMATED_VALUE"):
        down = sort.endswith("DESC")
        nothing = float("-inf") if down else float("inf")
        found.sort(
            key=lambda one: nothing if one.amount is None else one.amount,
            reverse=down,
        )
    elif sort == "DEADLINE":
        found.sort(key=lambda one: one.hit["deadline"] or "9999")
    else:
        found.sort(key=lambda one: one.published_on, reverse=not sort.endswith("ASC"))
    return found


def page_of(
    found: list[Publication], sort: str, page: int, size: int, *, shuffle: bool
) -> list[Publication]:
    """Return the hits of one page; the same call always gives the same hits.

    Args:
        found: what the search finds, in any order.
        sort: one of Doffin's orders.
        page: from 1.
        size: hits a page.
        shuffle: let ties behave as live, see ``Faults.shuffle_ties``.
    """
    start = (page - 1) * size
    if not shuffle:
        return order(found, sort, "")[start : start + size]
    if sort == "PUBLICATION_DATE_ASC":
        return order(found, sort, f"{size} {page}")[start : start + size]
    ordered = order(found, sort, str(size))
    # Only with room on the last page, so that nothing is pushed off it.
    tie = size < len(ordered) and ordered[size - 1].published_on == ordered[size].published_on
    if start and tie and len(ordered) % size and sort == DEFAULT_SORT:
        start -= 1
    return ordered[start : start + size]
