"""Read a page of Doffin's search: which notices there are, and what their listing says.

``GET /v2/search`` of the Doffin public API answers ``{"numHitsTotal": int, "numHitsAccessible":
int, "hits": [hit]}``; a hit has 18 keys. The listing finds notices; what they say is read from
their XML (:mod:`procmatch.sources.eforms`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from procmatch.errors import SourceChanged, SourceError

__all__ = ["Hit", "ListedBuyer", "SearchPage", "issue_days", "read_detail", "read_search"]

SOURCE = "doffin"
T = TypeVar("T")
_OSLO = ZoneInfo("Europe/Oslo")

#: Keys of a hit that are read.
_READ = frozenset(
    ("id", "type", "status", "issueDate", "publicationDate", "deadline", "heading", "buyer")
)
#: Keys of a hit that are known and not read: the notice's XML says the same and more, and
#: ``cpvCodes`` mixes in the parents of each code. They are in ``Hit.raw``.
_IGNORED = frozenset(
    (
        "allReceivedTenders",
        "allTypes",
        "cpvCodes",
        "description",
        "doffinClassicUrl",
        "estimatedValue",
        "limitedDataFlag",
        "locationId",
        "lots",
        "receivedTenders",
    )
)
#: The keys that only the search of Doffin's own pages has.
_OF_PAGES = frozenset(("sentToTed", "placeOfPerformance", "procurementStrategicLabels"))
_DOFFIN_ID = re.compile(r"\d{4}-\d{1,12}", re.ASCII)
_PAGE = frozenset(("numHitsTotal", "numHitsAccessible", "hits"))
_BUYER = frozenset(("id", "organizationId", "name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBuyer:
    """A buyer in the listing: name and number as printed, Doffin's own id."""

    id: str | None = None
    number: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One publication in the listing.

    Attributes:
        id: Doffin id, ``2026-112541``.
        type: Doffin's kind of notice, ``ANNOUNCEMENT_OF_COMPETITION``, ...; may be a new one.
        status: ACTIVE, EXPIRED, AWARDED, CANCELLED; None on all but competitions.
        publication_date: the day it was published.
        issue_date: when the buyer sent it, UTC. deadline: UTC.
        heading: title. buyers: as printed, in order.
        raw: the whole hit as canonical JSON. digest: sha256 of ``raw``, hexadecimal.
    """

    id: str
    type: str
    status: str | None = None
    publication_date: date
    issue_date: datetime | None = None
    deadline: datetime | None = None
    heading: str = ""
    buyers: tuple[ListedBuyer, ...] = ()
    raw: bytes
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of hits; ``total`` found, of which ``accessible`` can be paged to."""

    total: int
    accessible: int
    hits: tuple[Hit, ...]


def read_search(body: bytes, *, of_pages: bool = False) -> SearchPage:
    """Read a search page.

    Args:
        body: the answer.
        of_pages: it comes from the search behind Doffin's own pages, which has other keys besides.

    Unescaped control characters inside texts are accepted, and a lone hit where a list should be.

    Raises:
        SourceChanged: a key that we do not know, or a value of another type; names the path.
        SourceError: not JSON, or the source's own error message.
    """
    page = _decoded(body)
    if not isinstance(page, dict):
        _changed("", f"expected an object, got {_kind(page)}")
    for name in ("message", "reason"):
        if name in page and "hits" not in page:
            raise SourceError(f"the source says: {str(page[name])[:200]}", source=SOURCE)
    _known(page, _PAGE | {"facets"} if of_pages else _PAGE, "")
    keys = _READ | _IGNORED | (_OF_PAGES if of_pages else frozenset())
    hits = _value(page, "hits", "", (list, dict))
    hits = [hits] if isinstance(hits, dict) else hits
    return SearchPage(
        total=_value(page, "numHitsTotal", "", int),
        accessible=_value(page, "numHitsAccessible", "", int),
        hits=tuple(_hit(hit, f"hits[{place}]", keys) for place, hit in enumerate(hits)),
    )


def read_detail(body: bytes, key: str) -> frozenset[str]:
    """Read which other publications a notice's page names.

    These are the notices it changes or that change it (``changeNotices``; a search shows only the
    newest of them) and those of the same procurement (``procurementTimeline``).

    Args:
        body: the answer of the address behind the page, JSON.
        key: the Doffin id that was asked for.

    Returns:
        Doffin ids, without ``key``.

    Raises:
        SourceChanged: another notice than asked for, or a list or id is not as agreed.
        SourceError: not JSON.
    """
    page = _decoded(body)
    if not isinstance(page, dict):
        _changed("", f"expected an object, got {_kind(page)}")
    if page.get("id") != key:
        _changed("id", f"{str(page.get('id'))[:40]!r} instead of {key}")
    found = set()
    for name in ("changeNotices", "procurementTimeline"):
        for place, other in enumerate(_value(page, name, "", (list, type(None))) or []):
            where = f"{name}[{place}]"
            if not isinstance(other, dict):
                _changed(where, f"expected an object, got {_kind(other)}")
            found.add(_parsed(other, "id", where, _doffin_id))
    return frozenset(found - {key})


def issue_days(raw: str) -> tuple[date, ...]:
    """Return the day a hit was issued on, by which a search can find it again.

    Args:
        raw: a hit as in ``Hit.raw``.

    Returns:
        One day; two where Oslo's is not that of UTC (which of them the search goes by is not
        documented); none where the hit has no time of issue.
    """
    hit = msgspec.json.decode(raw)
    moment = _moment(hit, "issueDate", "") if isinstance(hit, dict) else None
    return tuple(sorted({moment.date(), moment.astimezone(_OSLO).date()})) if moment else ()


def _decoded(body: bytes) -> Any:  # noqa: ANN401 - JSON may be anything
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return json.loads(body.decode("utf-8-sig"), strict=False, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise SourceError(f"not JSON: {reason}", source=SOURCE) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _hit(hit: object, where: str, keys: frozenset[str]) -> Hit:
    if not isinstance(hit, dict):
        _changed(where, f"expected an object, got {_kind(hit)}")
    _known(hit, keys, where)
    try:
        raw = msgspec.json.encode(hit, order="sorted")
    except (UnicodeEncodeError, OverflowError, RecursionError) as error:
        raise SourceError(str(error)[:200], source=SOURCE, where=where) from None
    buyers = _value(hit, "buyer", where, (list, type(None))) or []
    return Hit(
        id=_parsed(hit, "id", where, _doffin_id),
        type=_value(hit, "type", where, str),
        status=_optional(hit, "status", where),
        publication_date=_parsed(hit, "publicationDate", where, date.fromisoformat),
        issue_date=_moment(hit, "issueDate", where),
        deadline=_moment(hit, "deadline", where),
        heading=_optional(hit, "heading", where) or "",
        buyers=tuple(
            _buyer(buyer, f"{where}.buyer[{place}]") for place, buyer in enumerate(buyers)
        ),
        raw=raw,
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _buyer(buyer: object, where: str) -> ListedBuyer:
    if not isinstance(buyer, dict):
        _changed(where, f"expected an object, got {_kind(buyer)}")
    _known(buyer, _BUYER, where)
    return ListedBuyer(
        id=_optional(buyer, "id", where),
        number=_optional(buyer, "organizationId", where),
        name=_optional(buyer, "name", where),
    )


def _known(found: Mapping[str, object], names: frozenset[str], where: str) -> None:
    unknown = sorted(found.keys() - names)
    if unknown:
        _changed(_join(where, unknown[0]), "a key that no rule knows")


def _value(
    found: Mapping[str, Any],
    name: str,
    where: str,
    kinds: type | tuple[type, ...],
) -> Any:  # noqa: ANN401 - of one of the kinds
    value = found.get(name)
    if not isinstance(value, kinds) or isinstance(value, bool):
        _changed(_join(where, name), f"unexpected {_kind(value)}" if name in found else "missing")
    return value


def _optional(found: Mapping[str, Any], name: str, where: str) -> str | None:
    value: str | None = _value({name: found.get(name)}, name, where, (str, type(None)))
    return value or None


def _parsed(found: Mapping[str, Any], name: str, where: str, parse: Callable[[str], T]) -> T:
    value: str = _value(found, name, where, str)
    try:
        return parse(value)
    except (ValueError, OverflowError):
        _changed(_join(where, name), f"{value[:40]!r} is not as agreed")


def _moment(found: Mapping[str, Any], name: str, where: str) -> datetime | None:
    return None if found.get(name) is None else _parsed(found, name, where, _utc)


def _doffin_id(value: str) -> str:
    if not _DOFFIN_ID.fullmatch(value):
        raise ValueError(value)
    return value


def _utc(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(UTC)


def _join(where: str, name: str) -> str:
    return f"{where}.{name[:60]}" if where else name[:60]


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__


def _changed(where: str, reason: str) -> NoReturn:
    raise SourceChanged(reason, source=SOURCE, where=where)
