"""The deadlines of a letter as a calendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from procmatch.alerts.phrases import one_line, phrase, text_in
from procmatch.model.notice import Lot, Notice
from procmatch.model.subscription import Digest

__all__ = ["calendar"]

_FOLD = 75
_LENGTH = timedelta(minutes=30)


def _escape(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text


def _fold(line: str) -> Iterator[bytes]:
    """Yield the line in pieces of at most 75 octets, never cut inside a character."""
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


def _dates(digest: Digest) -> dict[tuple[str, datetime], tuple[Notice, list[Lot]]]:
    """Return (procedure, deadline) -> its lots: lots that are due together are one event."""
    dates: dict[tuple[str, datetime], tuple[Notice, list[Lot]]] = {}
    for item in digest.items:
        notice = item.notice
        key = notice.procedure_id or notice.source_id or notice.notice_id
        for lot, _match in item.lots:
            if lot.deadline and item.news != "cancelled":
                dates.setdefault((key, lot.deadline), (notice, []))[1].append(lot)
    return dates


def _event(
    digest: Digest, procedure: str, moment: datetime, notice: Notice, lots: list[Lot]
) -> Iterator[str]:
    language = digest.subscription.language
    title = text_in(notice.title, language)
    # Named after the procedure and not the publication, so that a moved deadline moves the event.
    name = one_line(f"{procedure}-{min(lot.id for lot in lots)}").lower()
    parts = [text_in(lot.title, language) or one_line(lot.id) for lot in lots]
    yield "BEGIN:VEVENT"
    yield f"UID:{_escape(name)}@procmatch"
    yield f"SEQUENCE:{int(digest.made_at.timestamp()) // 60}"
    yield f"DTSTAMP:{_utc(digest.made_at)}"
    yield f"DTSTART:{_utc(moment - _LENGTH)}"
    yield f"DTEND:{_utc(moment)}"
    yield f"SUMMARY:{_escape(phrase('Deadline: {title}', language, title=title))}"
    yield "DESCRIPTION:" + "\\n".join(_escape(part) for part in dict.fromkeys(parts))
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def calendar(digest: Digest) -> bytes | None:
    """Return the deadlines as a calendar file in UTC, or None when no lot has one."""
    dates = _dates(digest)
    if not dates:
        return None
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//procmatch//deadlines//NO"]
    lines.append("METHOD:PUBLISH")
    for (procedure, moment), (notice, lots) in dates.items():
        lines += _event(digest, procedure, moment, notice, lots)
    lines.append("END:VCALENDAR")
    return b"".join(b"\r\n".join(_fold(line)) + b"\r\n" for line in lines)
