"""The deadlines of a letter as a calendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from procmatch.model.subscription import Digest

__all__ = ["calendar"]

_FOLD = 75
_LENGTH = timedelta(minutes=30)


def _escape(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"), ("\r", "")):
        text = text.replace(plain, escaped)
    return text


def _fold(line: str) -> Iterator[bytes]:
    """Yield the line in pieces of at most 75 octets, never inside a character."""
    piece = b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > _FOLD:
            yield piece
            piece = b" "
        piece += encoded
    yield piece


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _lines(digest: Digest) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//procmatch//deadlines//NO"
    yield "METHOD:PUBLISH"
    seen: set[str] = set()
    for item in digest.items:
        if item.news == "cancelled":
            continue
        key = item.notice.source_id or item.notice.notice_id
        for lot, _match in item.lots:
            uid = f"{key}-{lot.id}@procmatch".lower()
            if lot.deadline is None or uid in seen:
                continue
            seen.add(uid)
            yield "BEGIN:VEVENT"
            yield f"UID:{uid}"
            yield f"DTSTAMP:{_utc(digest.made_at)}"
            yield f"DTSTART:{_utc(lot.deadline - _LENGTH)}"
            yield f"DTEND:{_utc(lot.deadline)}"
            yield f"SUMMARY:{_escape(str(lot.title or item.notice.title))}"
            yield f"DESCRIPTION:{_escape(f'{item.notice.title} ({key}, {lot.id})')}"
            yield "END:VEVENT"
    yield "END:VCALENDAR"


def calendar(digest: Digest) -> bytes | None:
    """Return the deadlines as a calendar file, or None when no lot has one."""
    lines = list(_lines(digest))
    if "BEGIN:VEVENT" not in lines:
        return None
    return b"".join(b"\r\n".join(_fold(line)) + b"\r\n" for line in lines)
