"""Calendar files as another library reads them (RFC 5545)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from procmatch.alerts.calendar import Event, calendar, render
from procmatch.alerts.phrases import one_line
from tests.alerts.news import DEADLINE, NOW, digest, item, lot, notice, text

EVENT = Event(
    procedure="p", lot="LOT-1", moment=DEADLINE, title="Brød", parts=("Brød",), told_at=NOW
)


def test_another_library_reads_the_same_deadlines() -> None:
    tender = notice(lot("LOT-0001", "Brød; rundstykker, boller"), lot("LOT-0002", "Kaker"))
    late = notice(lot(deadline=DEADLINE + timedelta(days=1)), key="2026-2", title=text("Å\\ø"))
    data = calendar(digest(item(tender), item(late)))
    assert data is not None
    read = Calendar.from_ical(data)
    assert str(read["VERSION"]) == "2.0"
    first, second = read.walk("VEVENT")
    assert first.decoded("DTEND") == DEADLINE
    assert first.decoded("DTSTART") == DEADLINE - timedelta(minutes=30)
    assert str(first["DESCRIPTION"]) == "Brød; rundstykker, boller\nKaker"
    assert str(second["SUMMARY"]) == "Frist: Å\\ø"
    assert not read.errors
    assert not first.errors


@given(st.text(min_size=1), st.text(), st.integers(0, 3 * 10**9))
def test_whatever_is_printed_reads_back(title: str, part: str, seconds: int) -> None:
    event = replace(
        EVENT,
        title=one_line(title),
        parts=(one_line(part),),
        moment=datetime.fromtimestamp(seconds, UTC),
    )
    read = Calendar.from_ical(render([event], "en", name=title))
    (one,) = read.walk("VEVENT")
    assert str(one["SUMMARY"]) == f"Deadline: {one_line(title)}"
    assert str(one["DESCRIPTION"]) == one_line(part)
    assert one.decoded("DTEND") == event.moment


def test_of_events_with_one_name_the_newest_counts() -> None:
    moved = replace(EVENT, moment=DEADLINE + timedelta(days=7), told_at=NOW + timedelta(days=1))
    (one,) = Calendar.from_ical(render([moved, EVENT], "nb")).walk("VEVENT")
    assert one.decoded("DTEND") == moved.moment
