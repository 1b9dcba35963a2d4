"""Values of single elements: texts, codes, sums, numbers, days and instants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from lxml.etree import _Element

from procmatch.model.values import Money, Text
from procmatch.sources._eforms.shapes import bad
from procmatch.sources.building import builder

__all__ = [
    "NO_TEXT",
    "code",
    "codes",
    "day",
    "indicator",
    "instant",
    "money",
    "number",
    "plain",
    "text",
    "whole",
]

OSLO = ZoneInfo("Europe/Oslo")
NO_TEXT = Text()
_new_text = builder(Text)
_new_money = builder(Money)
#: What a published notice holds in place of a text, code or number that is still secret.
_SECRET = frozenset(("unpublished", "-1"))
#: Put in by the converter of old notices "to obtain valid XML"; no deadline was given.
_CONVERTERS_FAR_FUTURE = "2099-01-01"

#: No sum or count in a notice is as large.
_MOST = Decimal(10) ** 18
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_TIME = re.compile(r"(\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")

#: What Windows-1252 shows for each byte above ASCII: point -> byte.
_BYTES = {
    ord(bytes((byte,)).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(0x80, 0x100)
}
#: The first byte that begins a character in UTF-8; those below continue one.
_LEAD = 0xC0
_TWICE_ENCODED = re.compile(
    "[\u00c2-\u00f4][" + "".join(re.escape(chr(c)) for c in _BYTES if _BYTES[c] < _LEAD) + "]"
)


def _mended(content: str) -> str:
    """Undo one UTF-8 encoding too many, when the whole text allows it."""
    if not _TWICE_ENCODED.search(content):
        return content
    try:
        return b"".join(
            one.encode() if one.isascii() else bytes((_BYTES[ord(one)],)) for one in content
        ).decode()
    except (KeyError, UnicodeDecodeError):
        return content


def plain(nodes: Sequence[_Element]) -> str | None:
    """Return the first non-empty content, trimmed; None for none or a secret one."""
    for node in nodes:
        content = node.text
        if content and (content := content.strip()):
            if content in _SECRET:
                return None
            return content if content.isascii() else _mended(content)
    return None


def text(nodes: Iterable[_Element]) -> Text:
    """Return all languages of a text, trimmed, newlines kept.

    Several elements in one language are one text of several lines.
    """
    versions: dict[str, list[str]] = {}
    for node in nodes:
        content = node.text
        if not content or not (content := content.strip()) or content in _SECRET:
            continue
        if not content.isascii():
            content = _mended(content)
        language = node.get("languageID", "")
        if language in versions:
            versions[language].append(content)
        else:
            versions[language] = [content]
    if not versions:
        return NO_TEXT
    return _new_text(versions=tuple([(key, "\n".join(it)) for key, it in versions.items()]))


def code(field: str, nodes: Sequence[_Element], known: frozenset[str] | None = None) -> str | None:
    """Return the first code, or None.

    Args:
        field: its number.
        nodes: the elements.
        known: the closed list, if it is one.

    Raises:
        SourceChanged: a code outside its list.
    """
    if not nodes:
        return None
    found = plain(nodes)
    if found is not None and known is not None and found not in known:
        raise bad(field, nodes[0], f"{found[:40]!r} is not in its code list", changed=True)
    return found


def codes(
    field: str, nodes: Iterable[_Element], known: frozenset[str] | None = None
) -> tuple[str, ...]:
    """Return all codes but ``none``, each once, in order.

    Raises:
        SourceChanged: a code outside its list.
    """
    found: dict[str, None] = {}
    for node in nodes:
        one = code(field, (node,), known)
        if one and one != "none":
            found[one] = None
    return tuple(found) if found else ()


def _decimal(field: str, node: _Element, what: str) -> Decimal | None:
    content = plain((node,))
    if content is None:
        return None
    value = Decimal(content) if _DECIMAL.fullmatch(content) else None
    if value is None or abs(value) >= _MOST:
        raise bad(field, node, f"{content[:40]!r} is not {what}")
    return value


def money(field: str, nodes: Sequence[_Element]) -> Money | None:
    """Return a sum, or None when there is none or it is still secret.

    Raises:
        SourceError: not a decimal number, or no currency.
    """
    if not nodes or (amount := _decimal(field, nodes[0], "an amount")) is None:
        return None
    currency = nodes[0].get("currencyID", "")
    if not _CURRENCY.fullmatch(currency):
        raise bad(field, nodes[0], f"{currency!r} is not a currency")
    return _new_money(amount=amount, currency=currency)


def number(field: str, nodes: Sequence[_Element]) -> float | None:
    """Return a number, or None.

    Raises:
        SourceError: not a decimal number.
    """
    if not nodes or (value := _decimal(field, nodes[0], "a number")) is None:
        return None
    return float(value)


def whole(field: str, nodes: Sequence[_Element]) -> int | None:
    """Return a count, or None.

    Raises:
        SourceError: not a whole number, or negative.
    """
    if not nodes or (value := _decimal(field, nodes[0], "a number")) is None:
        return None
    if value < 0 or value != value.to_integral_value():
        raise bad(field, nodes[0], f"{str(value)[:40]!r} is not a count")
    return int(value)


def indicator(field: str, nodes: Sequence[_Element]) -> bool | None:
    """Return true or false, or None.

    Raises:
        SourceError: neither.
    """
    content = plain(nodes)
    if content is None:
        return None
    if content in {"true", "1"}:
        return True
    if content in {"false", "0"}:
        return False
    raise bad(field, nodes[0], f"{content[:40]!r} is neither true nor false")


def day(field: str, nodes: Sequence[_Element]) -> date | None:
    """Return a day as written; its offset says nothing about the day. None for 1970-01-01.

    Raises:
        SourceError: not a day.
    """
    content = plain(nodes)
    if content is None:
        return None
    match = _DAY.fullmatch(content)
    try:
        value = date.fromisoformat(match[1]) if match else None
    except ValueError:
        value = None
    if value is None:
        raise bad(field, nodes[0], f"{content[:40]!r} is not a day")
    return None if value == date(1970, 1, 1) else value


@lru_cache(maxsize=512)
def _combined(on: str, at: str, *, wall_clock: bool) -> datetime:
    """Combine before converting: ``2026-06-11Z`` at ``22:00:00Z`` is the 12th in Oslo."""
    date_part, time_part = _DAY.fullmatch(on), _TIME.fullmatch(at)
    if date_part is None or time_part is None:
        raise ValueError(at)
    extra = timedelta(days=1) if time_part[1] == "24:00:00" else timedelta()
    clock = time() if extra else time.fromisoformat(time_part[1])
    local = datetime.combine(date.fromisoformat(date_part[1]) + extra, clock)
    offset = time_part[2] or date_part[2]
    if wall_clock or offset is None:
        return local.replace(tzinfo=OSLO).astimezone(UTC)
    return datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(UTC)


def instant(
    field: str, on: Sequence[_Element], at: Sequence[_Element], *, wall_clock: bool
) -> datetime | None:
    """Return day and time of day as one moment, UTC; without a time the end of the day in Oslo.

    Args:
        field: its number.
        on: the day.
        at: the time of day.
        wall_clock: the offsets are not to be trusted: it is the time on the wall in Oslo.

    Raises:
        SourceError: not a moment.
    """
    date_text = plain(on)
    if date_text is None:
        return None
    if wall_clock and date_text == _CONVERTERS_FAR_FUTURE:
        return None
    time_text = plain(at)
    try:
        if time_text is None:
            return _combined(date_text, "23:59:00", wall_clock=True)
        return _combined(date_text, time_text, wall_clock=wall_clock)
    except (ValueError, OverflowError):
        reason = f"{date_text[:40]!r} {(time_text or '')[:40]!r} is not a moment"
        raise bad(field, on[0], reason) from None
