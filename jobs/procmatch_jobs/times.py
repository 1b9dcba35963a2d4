"""When a job is due: a crontab line on Oslo's wall clock, right in both nights of the clock change.

APScheduler reads the line; the days are counted on a clock that never changes, and each time is
then looked up on Oslo's. What is to begin at 02:30 so begins once every night: in March, when that
time is skipped, at 03:30, and in October, when it comes twice, the first time. What begins every
hour goes on every hour.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from procmatch.errors import SettingsError

__all__ = ["OSLO", "Times"]

OSLO = ZoneInfo("Europe/Oslo")
#: How far back :meth:`Times.last` looks, step by step.
_BACK = tuple(timedelta(days=days) for days in (0.1, 1.1, 8, 32, 367))
_FIELDS = 5
_INSTANT = timedelta(microseconds=1)


class Times(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """The times of a crontab line; APScheduler can use it as a trigger.

    Args:
        text: minute, hour, day of month, month, day of week by name.

    Raises:
        SettingsError: the line cannot be read.
    """

    def __init__(self, text: str) -> None:
        fields = text.split()
        if len(fields) != _FIELDS:
            raise SettingsError(
                f"not a time: {text!r} (minute, hour, day, month, weekday: '30 6 * * mon-fri')"
            )
        if any(letter.isdigit() for letter in fields[4].partition("/")[0]):
            # APScheduler counts from Monday, crontabs from Sunday.
            raise SettingsError(f"not a time: {text!r} (name weekdays: mon, tue, ... sun)")
        try:
            self._line = CronTrigger.from_crontab(text, timezone=UTC)
        except ValueError as error:
            raise SettingsError(f"not a time: {text!r} ({error})") from None
        self._hourly = fields[1:] == ["*"] * 4
        self.text = text

    def __repr__(self) -> str:
        return f"Times({self.text!r})"

    def next(self, after: datetime) -> datetime | None:
        """Return the first time later than ``after`` (aware), in UTC; None if there is none."""
        wall = self._wall(after) - timedelta(hours=0 if self._hourly else 2)
        while (wall := self._line.get_next_fire_time(None, wall + _INSTANT)) is not None:
            moment = self._moment(wall)
            if moment > after:
                return moment
        return None

    def last(self, until: datetime) -> datetime | None:
        """Return the last time not later than ``until``, in UTC, of the past year."""
        for back in _BACK:
            found = None
            moment = self.next(until - back)
            while moment is not None and moment <= until:
                found, moment = moment, self.next(moment)
            if found is not None:
                return found
        return None

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Answer APScheduler: the first time after ``previous``, else not before ``now``."""
        return self.next(previous if previous is not None else now - _INSTANT)

    def _wall(self, moment: datetime) -> datetime:
        """Return what the wall clock shows, as if it never changed."""
        zone = UTC if self._hourly else OSLO
        return moment.astimezone(zone).replace(tzinfo=UTC, fold=0)

    def _moment(self, wall: datetime) -> datetime:
        """Return when the wall clock shows that, the first time, or would have shown it."""
        if self._hourly:
            return wall
        # A time that is skipped is counted with the offset of before: an hour later on the clock.
        return wall.replace(tzinfo=OSLO, fold=0).astimezone(UTC)
