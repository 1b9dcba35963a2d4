from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from procmatch.alerts.calendar import calendar
from procmatch.model.subscription import Digest
from tests.alerts.news import DEADLINE, called_off, digest, item, lot, notice, text

LONG = "Blåbær, røde epler; pærer \\ ærfugl på Ås – " * 6
BAKER = notice(lot("LOT-0001", "Brød"), lot("LOT-0002", "Kaker"), key="2026-1")


def events(made: Digest) -> list[dict[str, str]]:
    """Unfold and split the file into the properties of each event, checking its frame."""
    data = calendar(made)
    assert data is not None
    assert data.endswith(b"\r\n")
    lines = data.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert lines.count("VERSION:2.0") == 1
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            assert name not in found[-1] or name == "END"
            found[-1][name] = value
    return found


def test_an_event_ends_at_the_deadline_in_utc() -> None:
    (event,) = events(digest(item(BAKER)))
    assert event["DTSTART"] == "20260331T093000Z"
    assert event["DTEND"] == "20260331T100000Z"
    assert event["DTSTAMP"] == "20260327T063000Z"
    assert event["SUMMARY"] == "Frist: Matvarer til skoler og sykehjem på Øvre Å"
    assert event["DESCRIPTION"] == "Brød\\nKaker"


def test_no_line_is_longer_than_75_octets_and_all_end_in_crlf() -> None:
    tender = notice(lot(title=LONG), key="2026-1", title=text(LONG))
    data = calendar(digest(item(tender)))
    assert data is not None
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    for line in data.split(b"\r\n"):
        line.decode()  # no character is cut in two


def test_commas_semicolons_and_backslashes_are_escaped() -> None:
    (event,) = events(digest(item(notice(title=text("a, b; c\\d\r\nEND:VEVENT")))))
    assert event["SUMMARY"] == "Frist: a\\, b\\; c\\\\d END:VEVENT"


def test_every_event_has_its_own_uid() -> None:
    late = lot("LOT-0003", deadline=DEADLINE + timedelta(days=1))
    tender = replace(BAKER, lots=(*BAKER.lots, late))
    found = events(digest(item(tender), item(notice(key="2026-2"))))
    assert len(found) == 3
    assert len({event["UID"] for event in found}) == 3


def test_a_moved_deadline_keeps_its_uid_in_a_later_publication() -> None:
    later = DEADLINE + timedelta(days=7)
    moved = replace(
        BAKER,
        source_id="2026-99",
        notice_id="another",
        lots=tuple(replace(each, deadline=later) for each in BAKER.lots),
    )
    (before,) = events(digest(item(BAKER)))
    next_day = replace(digest(item(moved, "changed")), made_at=DEADLINE)
    (after,) = events(next_day)
    assert after["UID"] == before["UID"]
    assert after["DTEND"] != before["DTEND"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


@pytest.mark.parametrize(
    "made",
    [
        digest(item(notice(lot(deadline=None)))),
        digest(item(called_off(BAKER), "cancelled")),
    ],
)
def test_without_a_deadline_there_is_no_calendar(made: Digest) -> None:
    assert calendar(made) is None
