"""Deadlines as a calendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from procmatch.alerts.digest import procedure_of
from procmatch.alerts.phrases import one_line, phrase, text_in
from procmatch.model.notice import Lot
from procmatch.model.subscription import Digest, DigestItem

__all__ = ["Event", "calendar", "events_of", "render"]

_FOLD = 75
_LENGTH = timedelta(minutes=30)
#: News that sets or moves a deadline.
_DATED = {"new", "changed", "deadline", "few-local"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A deadline: lots of one tender that are due together are one event.

    Attributes:
        procedure: of the tender. lot: the first of the lots.
        moment: the deadline, UTC. title: of the tender. parts: the lots.
        link: the announcement, or ``""``.
        told_at: when it was written, UTC: later news of the same event takes its place.
    """

    procedure: str
    lot: str
    moment: datetime
    title: str
    parts: tuple[str, ...]
    link: str = ""
    told_at: datetime

    @property
    def uid(self) -> str:
        """Named after the procedure and not the publication: a moved deadline moves the event."""
        return one_line(f"{self.procedure}-{self.lot}").lower()


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


def events_of(item: DigestItem, language: str, now: datetime, link: str = "") -> tuple[Event, ...]:
    """Return the deadlines that an item tells of, first lot first."""
    if item.news not in _DATED:
        return ()
    dates: dict[datetime, list[Lot]] = {}
    for lot, _match in item.lots:
        if lot.deadline:
            dates.setdefault(lot.deadline, []).append(lot)
    return tuple(
        Event(
            procedure=procedure_of(item),
            lot=min(lot.id for lot in lots),
            moment=moment,
            title=text_in(item.notice.title, language),
            parts=tuple(
                dict.fromkeys(text_in(lot.title, language) or one_line(lot.id) for lot in lots)
            ),
            link=link,
            told_at=now,
        )
        for moment, lots in dates.items()
    )


def _lines(event: Event, language: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escape(event.uid)}@procmatch"
    yield f"SEQUENCE:{int(event.told_at.timestamp()) // 60}"
    yield f"DTSTAMP:{_utc(event.told_at)}"
    yield f"DTSTART:{_utc(event.moment - _LENGTH)}"
    yield f"DTEND:{_utc(event.moment)}"
    yield f"SUMMARY:{_escape(phrase('Deadline: {title}', language, title=event.title))}"
    yield "DESCRIPTION:" + "\\n".join(_escape(part) for part in event.parts)
    if event.link:
        yield f"URL:{event.link}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def render(events: Iterable[Event], language: str, *, name: str = "") -> bytes:
    """Return events as a calendar file in UTC; of events with one name the newest counts.

    Args:
        events: in any order.
        language: nb, nn or en.
        name: what a calendar program shows for the whole (RFC 7986); ``""`` for none.
    """
    newest: dict[str, Event] = {}
    for event in sorted(events, key=lambda one: one.told_at):
        newest[event.uid] = event
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//procmatch//deadlines//NO"]
    if name:
        lines += [f"NAME:{_escape(one_line(name))}", f"X-WR-CALNAME:{_escape(one_line(name))}"]
    for event in newest.values():
        lines += _lines(event, language)
    lines.append("END:VCALENDAR")
    return b"".join(b"\r\n".join(_fold(line)) + b"\r\n" for line in lines)


def calendar(digest: Digest) -> bytes | None:
    """Return the deadlines of a digest as a calendar file, or None when no lot has one."""
    language = digest.subscription.language
    found = [event for item in digest.items for event in events_of(item, language, digest.made_at)]
    return render(found, language) if found else None
