"""Values of the model as JSON of OCDS: texts by language, sums, moments, addresses, links."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from procmatch.codes.countries import TWO_LETTERS
from procmatch.errors import NotExportable
from procmatch.model.notice import Notice
from procmatch.model.values import Money, Place, Text
from procmatch.ocds.tables import CURRENCIES, LANGUAGES

__all__ = [
    "Json",
    "address",
    "end_of",
    "instant",
    "kept",
    "language",
    "link",
    "money",
    "name_of",
    "number",
    "plain",
    "start_of",
    "texts",
]

#: A JSON object.
Json = dict[str, Any]

#: Countries that are no more, and one that ISO has no code for: not in the list of OCDS.
_NOT_LISTED = frozenset(("AN", "CS", "SU", "XK", "YU", "ZR"))
_REGIONS = {
    "anyw": "Anywhere",
    "anyw-cou": "Anywhere in the given country",
    "anyw-eea": "Anywhere in the European Economic Area",
}
#: What may stand in an address on the web without being written in another way.
_SAFE = ":/?#[]@!$&'()*+,;=%-._~"
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9\-._~%!$&'()*+,;=:@\[\]]+")


def kept(**fields: Any) -> Json:  # noqa: ANN401 - any JSON value
    """Return the fields that say something: no None, no empty text, list or object."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def name_of(notice: Notice) -> str:
    """Return source and id of a notice, as errors name it."""
    return f"{notice.source} {notice.source_id or notice.notice_id}"


def language(code: str | None) -> str | None:
    """Return the ISO 639-1 code of an EU authority language code; other codes in small letters."""
    return LANGUAGES.get(code, code.lower()) if code else None


def plain(text: Text, main: str | None) -> str | None:
    """Return the text in the language ``main``, else as a Norwegian reader wants it, or None."""
    return text.best(*((main,) if main else ())) or None


def texts(field: str, text: Text, main: str | None) -> Json:
    """Return ``field`` in the main language and ``field_xx`` in the others.

    Without a version in the main language the best one stands in for it, and also under its own.
    """
    chosen = plain(text, main)
    if chosen is None:
        return {}
    found: Json = {field: chosen}
    for code, version in text.versions:
        suffix = language(code)
        if suffix and code != main and version:
            found[f"{field}_{suffix}"] = version
    return found


def number(value: float) -> int | float:
    """Return a whole number as such."""
    return int(value) if float(value).is_integer() else float(value)


def money(value: Money | None, notice: Notice, where: str) -> Json | None:
    """Return a sum.

    Raises:
        NotExportable: its currency is none of ISO 4217.
    """
    if value is None:
        return None
    if value.currency not in CURRENCIES:
        raise NotExportable(
            f"{value.currency!r} is no currency of ISO 4217", notice=name_of(notice), where=where
        )
    amount = value.amount
    whole = amount == amount.to_integral_value()
    return {"amount": int(amount) if whole else float(amount), "currency": value.currency}


def instant(moment: datetime | None) -> str | None:
    """Return an aware moment in UTC, e.g. ``2026-06-11T22:00:00Z``."""
    if moment is None:
        return None
    utc = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"{utc.isoformat()}Z"


def start_of(day: date | None) -> str | None:
    """Return the first second of a day; the day is what counts, its zone is not known."""
    return f"{day.isoformat()}T00:00:00Z" if day else None


def end_of(day: date | None) -> str | None:
    """Return the last second of a day."""
    return f"{day.isoformat()}T23:59:59Z" if day else None


def link(text: str | None) -> str | None:
    """Return an absolute web address, what is not allowed in one percent-encoded; else None."""
    if not text:
        return None
    address_ = _LOOSE_PERCENT.sub("%25", quote(text.strip(), safe=_SAFE))
    before, hash_, after = address_.partition("#")
    address_ = before + hash_ + after.replace("#", "%23")
    try:
        parts = urlsplit(address_)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https", "ftp"} or port == 0:
        return None
    if not parts.hostname or not _HOST.fullmatch(parts.netloc) or parts.netloc.count("@") > 1:
        return None
    rest = address_.partition("://")[2][len(parts.netloc) :]
    rest = rest.replace("[", "%5B").replace("]", "%5D")
    return f"{parts.scheme}://{parts.netloc}{rest}"


def address(place: Place | None) -> Json:
    """Return a place as an address; ``{}`` when nothing of it is known."""
    if place is None:
        return {}
    country = TWO_LETTERS.get(place.country or "")
    return kept(
        locality=place.city,
        postalCode=place.postcode,
        region=place.nuts,
        country=None if country in _NOT_LISTED else country,
        description=_REGIONS.get(place.region or ""),
    )
