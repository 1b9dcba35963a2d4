"""Days without letters: weekends and Norwegian public holidays, as days in Oslo."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from dateutil.easter import easter

from procmatch.alerts.phrases import OSLO
from procmatch.model.subscription import QuietDay, Subscription

__all__ = ["holidays", "is_quiet", "quiet_days_until"]

_SATURDAY = 5
#: Month and day (helligdagsfredloven section 2, and the laws on 1 and 17 May).
_FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
#: Days after Easter Sunday: Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day,
#: Whit Sunday and Monday.
_AROUND_EASTER = (-3, -2, 0, 1, 39, 49, 50)


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year; Sundays only where they are one by name."""
    sunday = easter(year)
    return frozenset(
        {
            *(date(year, month, day) for month, day in _FIXED),
            *(sunday + timedelta(days=days) for days in _AROUND_EASTER),
        }
    )


def is_quiet(subscription: Subscription, day: date) -> bool:
    """Return whether a subscriber wants no letter on that day."""
    kinds = subscription.quiet
    return (QuietDay.WEEKENDS in kinds and day.weekday() >= _SATURDAY) or (
        QuietDay.HOLIDAYS in kinds and day in holidays(day.year)
    )


def quiet_days_until(subscription: Subscription, now: datetime, until: datetime) -> int:
    """Return how many days without letters lie after today, up to the day of ``until``."""
    today, last = now.astimezone(OSLO).date(), until.astimezone(OSLO).date()
    days = (today + timedelta(days=n) for n in range(1, (last - today).days + 1))
    return sum(is_quiet(subscription, day) for day in days)
