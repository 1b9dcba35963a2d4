from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs

import pytest

from procmatch_spiders.doffin_windows import EARLIEST, TYPES, Window, spans, weeks

DOFFINS_NAMES = {
    "numHitsPerPage", "page", "sortBy", "type", "status", "issueDateFrom", "issueDateTo",
}  # fmt: skip
TODAY = date(2026, 10, 12)


def days(window: Window) -> set[date]:
    assert window.first is not None
    assert window.last is not None
    return {window.first + timedelta(n) for n in range((window.last - window.first).days + 1)}


@pytest.mark.parametrize("length", [1, 6, 7, 8, 60])
def test_weeks_cover_every_day_once(length: int) -> None:
    first = date(2026, 2, 20)
    found = list(weeks(first, first + timedelta(length - 1)))
    assert sum(len(days(week)) for week in found) == length
    assert set().union(*(days(week) for week in found)) == {
        first + timedelta(n) for n in range(length)
    }
    assert all(len(days(week)) <= 7 for week in found)


def test_no_days_give_no_weeks() -> None:
    assert list(weeks(date(2026, 1, 2), date(2026, 1, 1))) == []


def test_a_week_splits_into_days_and_a_day_into_types() -> None:
    week = Window(first=date(2026, 10, 5), last=date(2026, 10, 11))
    assert [part.first for part in week.split(TODAY)] == sorted(days(week))
    day = week.split(TODAY)[0]
    assert [part.type for part in day.split(TODAY)] == list(TYPES)
    assert day.split(TODAY)[0].split(TODAY) == ()
    assert Window().split(TODAY) == ()


def test_what_has_a_status_splits_into_types_and_then_into_halves_down_to_a_day() -> None:
    active = Window(status="ACTIVE")
    by_type = active.split(TODAY)
    assert [(part.status, part.type) for part in by_type] == [("ACTIVE", kind) for kind in TYPES]
    old, new = by_type[0].split(TODAY)
    assert (old.first, new.last) == (EARLIEST, TODAY + timedelta(days=1))
    assert old.last is not None
    assert new.first == old.last + timedelta(days=1)
    last = new
    while parts := last.split(TODAY):
        last = parts[1]
    assert last.first == last.last == TODAY + timedelta(days=1)


def test_a_window_can_be_read_from_the_other_end_once() -> None:
    day = Window(first=TODAY, last=TODAY, type=TYPES[0])
    (other,) = day.from_the_other_end()
    assert "PUBLICATION_DATE_ASC" in other.query(1)
    assert other.key == f"2026-10-12..2026-10-12 {TYPES[0]} oldest first"
    assert (other.split(TODAY), other.from_the_other_end()) == ((), ())
    assert Window().from_the_other_end() == ()


def test_spans_cover_the_days_asked_for_and_no_others() -> None:
    some = [date(2026, 10, day) for day in (1, 2, 3, 9, 9, 12)]
    long = [date(2026, 11, 1) + timedelta(days=n) for n in range(9)]
    found = list(spans([*long, *some]))
    assert sorted(day for span in found for day in days(span)) == sorted({*some, *long})
    assert max(len(days(span)) for span in found) == 7
    assert list(spans([])) == []


def test_a_query_holds_only_names_that_doffin_knows() -> None:
    window = Window(first=date(2026, 10, 5), last=date(2026, 10, 5), type=TYPES[0], status="ACTIVE")
    assert parse_qs(window.query(3)) == {
        "numHitsPerPage": ["100"],
        "page": ["3"],
        "sortBy": ["PUBLICATION_DATE_DESC"],
        "issueDateFrom": ["2026-10-05"],
        "issueDateTo": ["2026-10-05"],
        "type": [TYPES[0]],
        "status": ["ACTIVE"],
    }
    assert set(parse_qs(window.query(1))) <= DOFFINS_NAMES


def test_windows_have_names() -> None:
    assert Window().key == "newest"
    day = date(2026, 10, 5)
    assert Window(first=day, last=day).key == "2026-10-05..2026-10-05"
    assert Window(status="ACTIVE", type="X").key == "ACTIVE X"
    assert Window(first=day, last=day, type="X").key == "2026-10-05..2026-10-05 X"
