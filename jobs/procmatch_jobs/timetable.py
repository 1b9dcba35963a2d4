"""The timetable: which jobs there are, when they run, how long and how large they may become.

It is one table in code; the settings change rows of it. Times are Oslo's. Nothing begins between
02:00 and 03:00, which one night a year does not have and another has twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from procmatch.errors import SettingsError
from procmatch.settings import Settings, TimetableRow
from procmatch_jobs.times import Times

__all__ = ["BUILT_IN", "Row", "timetable"]

_OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One job.

    Attributes:
        job: its name, also the name of its lease. when: None when it is off.
        limit: how long a run may take. memory_mb: memory of its own, in MiB.
        after: jobs that this one waits for when they are due or running.
        off: why it is off, or empty.
    """

    job: str
    when: Times | None
    limit: timedelta
    memory_mb: int
    after: tuple[str, ...] = ()
    off: str = ""

    def last_due(self, now: datetime) -> datetime | None:
        """Return when it was last due, or None."""
        return self.when.last(now) if self.when else None

    def next_due(self, now: datetime) -> datetime | None:
        """Return when it will be due next, or None."""
        return self.when.next(now) if self.when else None


_COLLECT = (
    "crawl doffin",
    "crawl doffin-webclient",
    "crawl ted",
    "crawl codes",
    "refresh registry",
)

#: Job, when, minutes, MiB, after. In the order of a day, and of what is caught up.
BUILT_IN: tuple[tuple[str, str, float, int, tuple[str, ...]], ...] = (
    ("crawl codes", "10 4 * * mon", 60, 2048, ()),
    ("refresh registry", "30 4 * * *", 180, 4096, ()),
    ("crawl renhold", "5 5 * * *", 60, 2048, ()),
    ("crawl sentral-godkjenning", "10 5 * * tue", 180, 2048, ()),
    ("crawl larebedrift", "10 5 * * wed", 180, 2048, ()),
    ("crawl smilefjes", "10 5 * * thu", 60, 2048, ()),
    ("crawl debio", "10 5 * * fri", 60, 2048, ()),
    ("crawl innovasjon-norge", "10 5 * * sat", 60, 2048, ()),
    ("crawl frivillighet", "10 5 * * sun", 180, 2048, ()),
    ("crawl doffin", "5 6-20/2 * * *", 110, 2048, ()),
    ("crawl doffin-webclient", _OFF, 110, 2048, ()),
    ("crawl ted", "10 6,10,14 * * *", 110, 2048, ()),
    ("link", "20 6-20/2 * * *", 60, 6144, _COLLECT),
    ("match", "25 6-20/2 * * *", 60, 6144, ("link",)),
    ("crawl accounts", "30 6-20/2 * * *", 60, 2048, ("match",)),
    ("alert", "40 6-20/2 * * *", 60, 6144, ("match",)),
    # What waits for another try, and the letters that pages ask to be sent.
    ("send", "*/5 * * * *", 15, 1024, ()),
    ("expire", "30 0 * * *", 30, 2048, ()),
    ("clean-up", "30 3 * * *", 60, 2048, ()),
    ("weekly report", "0 7 * * mon", 10, 1024, ()),
)


def timetable(settings: Settings) -> tuple[Row, ...]:
    """Return all jobs, with what the settings change.

    Raises:
        SettingsError: the settings name a job that does not exist, or a time that is none.
    """
    known = {job for job, *_ in BUILT_IN}
    changes: Mapping[str, TimetableRow] = {
        job: TimetableRow(when=row) if isinstance(row, str) else row
        for job, row in settings.jobs.timetable.items()
    }
    if unknown := sorted(set(changes) - known):
        raise SettingsError(
            f"jobs.timetable: no job {unknown[0]!r}; there are {', '.join(sorted(known))}"
        )
    return tuple(
        _row(job, when, minutes, memory, after, changes.get(job, TimetableRow()), settings)
        for job, when, minutes, memory, after in BUILT_IN
    )


def _row(
    job: str,
    when: str,
    minutes: float,
    memory_mb: int,
    after: tuple[str, ...],
    change: TimetableRow,
    settings: Settings,
) -> Row:
    text = when if change.when is None else change.when.strip()
    off = "off in the timetable" if text == _OFF else _missing(job, settings)
    try:
        times = None if text == _OFF else Times(text)
    except SettingsError as error:
        raise SettingsError(f"jobs.timetable: {job}: {error}") from None
    return Row(
        job=job,
        when=None if off else times,
        limit=timedelta(minutes=change.minutes or minutes),
        memory_mb=change.memory_mb or memory_mb,
        after=after,
        off=off,
    )


def _missing(job: str, settings: Settings) -> str:
    """Say what a job cannot do without."""
    if job == "crawl doffin" and not settings.doffin_key:
        return "PROCMATCH_DOFFIN_KEY is not set"
    if job == "crawl doffin-webclient" and not settings.sources.doffin_webclient_url:
        return "sources.doffin_webclient_url is not set"
    return ""
