from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs

import pytest

from procmatch_spiders.doffin_windows import TYPES, Window, weeks

DOFFINS_NAMES = {"numHitsPerPage", "page", "sortBy", "type", "issueDateFrom", "issueDateTo"}


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
    assert [part.first for part in week.split()] == sorted(days(week))
    day = week.split()[0]
    assert [part.type for part in day.split()] == list(TYPES)
    assert day.split()[0].split() == ()
    assert Window().split() == ()


def test_a_query_holds_only_names_that_doffin_knows() -> None:
    window = Window(first=date(2026, 10, 5), last=date(2026, 10, 5), type=TYPES[0])
    assert parse_qs(window.query(3)) == {
        "numHitsPerPage": ["100"],
        "page": ["3"],
        "sortBy": ["PUBLICATION_DATE_DESC"],
        "issueDateFrom": ["2026-10-05"],
        "issueDateTo": ["2026-10-05"],
        "type": [TYPES[0]],
    }
    assert set(parse_qs(window.query(1))) <= DOFFINS_NAMES


def test_windows_have_names() -> None:
    assert Window().key == "newest"
    day = date(2026, 10, 5)
    assert Window(first=day, last=day).key == "2026-10-05..2026-10-05"
    assert Window(first=day, last=day, type="X").key == "2026-10-05..2026-10-05 X"
