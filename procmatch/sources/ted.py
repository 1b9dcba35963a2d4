"""Read what TED's search answers: which notices there are, or why it refused to look.

``POST /v3/notices/search`` answers ``{"notices": [row], "totalNoticeCount": int | null,
"iterationNextToken": str | null, "timedOut": bool}``. A row holds the fields that were asked for,
and ``links``. A field without a value is an absent key; the same field is a scalar in one row and a
list in the next; texts are maps by language. The listing finds notices; what they say is read from
their XML (:mod:`procmatch.sources.eforms`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

import msgspec

from procmatch.errors import SourceChanged, SourceError

__all__ = ["FIELDS", "Refusal", "Row", "SearchPage", "read_refusal", "read_search"]

SOURCE = "ted"

#: What a search must ask for: what is read here, and nothing more. One name that TED does not
#: know makes it refuse the whole search.
FIELDS = (
    "publication-number",
    "publication-date",
    "notice-identifier",
    "notice-version",
    "procedure-identifier",
    "notice-type",
    "form-type",
    "notice-subtype",
    "buyer-country",
    "buyer-name",
    "title-proc",
    "official-language",
)
_LINKS = "links"
_PAGE = frozenset(("notices", "totalNoticeCount", "iterationNextToken", "timedOut"))
_NUMBER = re.compile(r"\d{1,8}-\d{4}", re.ASCII)
#: A date with an offset, ``2026-08-31+02:00``. The day is the one that is printed.
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_SUPPORTED = re.compile(r"supported values are: ?([^)]*)")
_LONGEST = 200
_ROW = frozenset((*FIELDS, _LINKS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One publication in the listing.

    Attributes:
        publication_number: ``596416-2026``. published_on: the day as printed.
        notice_id, version: notice UUID and its version; None in notices from before eForms.
        procedure_id: None on most planning notices.
        notice_type, form_type, subtype: BT-02, BT-03, OPP-070; None when not said.
        countries: of the buyers, alpha-3, each once. languages: official ones, alpha-3.
        titles: language -> title. buyers: language -> names; languages are lower-case alpha-3.
        links: form (``xml``, ``pdf``, ``html``, ...) -> language (upper-case) -> address.
        raw: the row as canonical JSON, without ``links``: nine tenths of it, in 24 languages, all
            made of the publication number. digest: sha256 of ``raw``, hexadecimal.
    """

    publication_number: str
    published_on: date
    notice_id: str | None = None
    version: str | None = None
    procedure_id: str | None = None
    notice_type: str | None = None
    form_type: str | None = None
    subtype: str | None = None
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    buyers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    raw: bytes
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of rows.

    Attributes:
        rows: in the order of the search; only a part of them when ``timed_out``.
        total: how many the search finds; None when TED does not say.
        token: asks for the next page. The last page, even an empty one, may carry one too.
        timed_out: TED gave up in the middle; ask again.
    """

    rows: tuple[Row, ...]
    total: int | None
    token: str | None
    timed_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why TED refused a search.

    Attributes:
        kind: TED's name for it, e.g. ``QUERY_UNKNOWN_FIELD``, or empty.
        field: the field or key it is about, or empty.
        reason: one line.
    """

    kind: str = ""
    field: str = ""
    reason: str


def read_search(body: bytes) -> SearchPage:
    """Read a search page.

    Raises:
        SourceChanged: a key that was not asked for, or a value of another shape; names the path.
        SourceError: not JSON, or the source's own error message.
    """
    page = _decoded(body)
    if not isinstance(page, dict):
        _changed("", f"expected an object, got {_kind(page)}")
    if "message" in page and "notices" not in page:
        raise SourceError(f"the source says: {_line(page['message'])}", source=SOURCE)
    _known(page, _PAGE, "")
    notices = page.get("notices")
    if not isinstance(notices, list):
        _changed("notices", f"unexpected {_kind(notices)}")
    return SearchPage(
        rows=tuple(_row(row, f"notices[{place}]") for place, row in enumerate(notices)),
        total=_of(page, "totalNoticeCount", int),
        token=_of(page, "iterationNextToken", str) or None,
        timed_out=bool(_of(page, "timedOut", bool)),
    )


def read_refusal(body: bytes) -> Refusal:
    """Read the body of a 400; whatever it holds, something can be said."""
    try:
        said = _decoded(body)
    except SourceError:
        return Refusal(reason=_line(body[:_LONGEST].decode("utf-8", "replace")))
    if not isinstance(said, dict):
        return Refusal(reason=_line(said))
    message = said.get("message")
    if isinstance(message, str) and (listed := _SUPPORTED.search(message)):
        # TED lists all the names it knows, some 1,830, and does not say which of ours is wrong.
        lost = sorted(set(FIELDS) - {name.strip() for name in listed[1].split(",")})
        return Refusal(field="fields", reason=f"TED no longer knows {', '.join(lost) or message}")
    error = said.get("error")
    if isinstance(error, list) and error and isinstance(error[0], dict):
        where = _line(error[0].get("field", ""))
        return Refusal(field=where, reason=_line(f"{message}: {error[0].get('message')}"))
    if not isinstance(error, dict):
        return Refusal(reason=_line(message))
    place = error.get("location")
    at = f" (column {place.get('column')})" if isinstance(place, dict) else ""
    return Refusal(
        kind=_line(error.get("type", "")),
        field=_line(error.get("fieldName", "")),
        reason=f"{_line(message)}{at}",
    )


def _row(row: object, where: str) -> Row:
    if not isinstance(row, dict):
        _changed(where, f"expected an object, got {_kind(row)}")
    _known(row, _ROW, where)
    try:
        own = {name: value for name, value in row.items() if name != _LINKS}
        raw = msgspec.json.encode(own, order="sorted")
    except (UnicodeEncodeError, OverflowError, RecursionError) as error:
        raise SourceError(str(error)[:_LONGEST], source=SOURCE, where=where) from None
    return Row(
        publication_number=_number(row, where),
        published_on=_day(row, where),
        notice_id=_one(row, "notice-identifier", where),
        version=_version(row, where),
        procedure_id=_one(row, "procedure-identifier", where),
        notice_type=_one(row, "notice-type", where),
        form_type=_one(row, "form-type", where),
        subtype=_one(row, "notice-subtype", where),
        countries=_many(row, "buyer-country", where),
        languages=_many(row, "official-language", where),
        titles={
            language: texts[0]
            for language, texts in _by_language(row, "title-proc", where).items()
            if texts
        },
        buyers=_by_language(row, "buyer-name", where),
        links=_links(row, where),
        raw=raw,
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _number(row: Mapping[str, Any], where: str) -> str:
    number = _one(row, "publication-number", where) or ""
    if not _NUMBER.fullmatch(number):
        _changed(f"{where}.publication-number", f"{number[:40]!r} is not as agreed")
    return number


def _day(row: Mapping[str, Any], where: str) -> date:
    text = _one(row, "publication-date", where) or ""
    try:
        found = _DAY.fullmatch(text)
        return date.fromisoformat(found[1] if found else "")
    except ValueError:
        _changed(f"{where}.publication-date", f"{text[:40]!r} is not as agreed")


def _version(row: Mapping[str, Any], where: str) -> str | None:
    """Return two digits, as the XML writes it, also where a number has lost its zero."""
    version = _one(row, "notice-version", where)
    return version and version.zfill(2)


def _many(row: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    """Return the different values of a field, in order: of a scalar one, of an absent key none."""
    value = row.get(name)
    values = value if isinstance(value, list) else [value]
    for one in values:
        if isinstance(one, bool) or not isinstance(one, str | int | None):
            _changed(f"{where}.{name}", f"unexpected {_kind(one)}")
    return tuple(dict.fromkeys(str(one) for one in values if one is not None and one != ""))


def _one(row: Mapping[str, Any], name: str, where: str) -> str | None:
    values = _many(row, name, where)
    if len(values) > 1:
        _changed(f"{where}.{name}", f"{len(values)} values where one is agreed")
    return values[0] if values else None


def _by_language(row: Mapping[str, Any], name: str, where: str) -> dict[str, tuple[str, ...]]:
    found = row.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        _changed(f"{where}.{name}", f"unexpected {_kind(found)}")
    return {language: _many(found, language, f"{where}.{name}") for language in found}


def _links(row: Mapping[str, Any], where: str) -> dict[str, dict[str, str]]:
    forms = row.get(_LINKS) or {}
    if not isinstance(forms, dict):
        _changed(f"{where}.{_LINKS}", f"unexpected {_kind(forms)}")
    for form, addresses in forms.items():
        if not isinstance(addresses, dict) or not all(
            isinstance(address, str) for address in addresses.values()
        ):
            _changed(f"{where}.{_LINKS}.{form[:60]}", "unexpected shape")
    return forms


def _decoded(body: bytes) -> Any:  # noqa: ANN401 - JSON may be anything
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceError(f"not JSON: {_line(error)}", source=SOURCE) from None


def _known(found: Mapping[str, object], names: frozenset[str], where: str) -> None:
    unknown = sorted(found.keys() - names)
    if unknown:
        place = f"{where}.{unknown[0][:60]}" if where else unknown[0][:60]
        _changed(place, "a key that no rule knows")


def _of(page: Mapping[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401 - of that kind
    value = page.get(name)
    if value is not None and (not isinstance(value, kind) or (kind is int and value is True)):
        _changed(name, f"unexpected {_kind(value)}")
    return value


def _line(text: object) -> str:
    return " ".join(str(text).split())[:_LONGEST]


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__


def _changed(where: str, reason: str) -> NoReturn:
    raise SourceChanged(reason, source=SOURCE, where=where)
