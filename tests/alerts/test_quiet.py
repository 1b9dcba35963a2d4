"""Days without letters."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from procmatch.alerts.quiet import holidays, is_quiet, quiet_days_until
from procmatch.model.subscription import QuietDay
from tests.alerts.news import subscription

BOTH = subscription(quiet=(QuietDay.WEEKENDS, QuietDay.HOLIDAYS))


def test_the_public_holidays_of_a_year() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1), date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6),
        date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 17), date(2026, 5, 24),
        date(2026, 5, 25), date(2026, 12, 25), date(2026, 12, 26),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "easter"),
    [(1998, (4, 12)), (2008, (3, 23)), (2025, (4, 20)), (2027, (3, 28)), (2038, (4, 25))],
)
def test_easter_is_where_the_almanac_has_it(year: int, easter: tuple[int, int]) -> None:
    assert date(year, *easter) in holidays(year)


def test_only_what_was_chosen_is_quiet() -> None:
    saturday, ascension = date(2026, 5, 16), date(2026, 5, 14)
    weekends = subscription(quiet=(QuietDay.WEEKENDS,))
    assert is_quiet(weekends, saturday)
    assert not is_quiet(weekends, ascension)
    assert not is_quiet(subscription(), saturday)
    assert is_quiet(BOTH, ascension)


def test_quiet_days_before_a_deadline_are_counted_in_oslo() -> None:
    # Wednesday before Easter, late in the evening in Oslo: Thursday to Monday are quiet.
    now = datetime(2026, 4, 1, 21, 59, tzinfo=UTC)
    assert quiet_days_until(BOTH, now, datetime(2026, 4, 7, 10, tzinfo=UTC)) == 5
    assert quiet_days_until(BOTH, now, datetime(2026, 4, 1, 21, 59, 30, tzinfo=UTC)) == 0
