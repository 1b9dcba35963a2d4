"""Which notices one Doffin search asks for: all, those issued in some days, those with a status.

Doffin shows the first 1,000 hits of a search. Issue date (BT-05) can be filtered and not sorted;
publication date can be sorted and not filtered. So the newest are read by sorting, and what lies
beyond the cap by windows of issue dates: a week, each of its days, each type of one day, and that
from both ends. What has a status is split by type, and a type by halves of its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

__all__ = ["CAP", "EARLIEST", "HITS_PER_PAGE", "LAG", "TYPES", "Window", "spans", "weeks"]

CAP = 1000
#: More were accepted at times and refused at others; paging breaks when it changes.
HITS_PER_PAGE = 100
#: Notices are published up to this long after the buyer sent them (7 days seen).
LAG = timedelta(days=10)
#: No notice was issued before this day; Doffin's own begin in 2017, converted ones earlier.
EARLIEST = date(2000, 1, 1)
#: The leaves of Doffin's notice types. One that is missing here shows in the sum of a day.
TYPES = (
    "ADVISORY_NOTICE",
    "NOTICE_ON_BUYER_PROFILE",
    "ANNOUNCEMENT_OF_COMPETITION",
    "DYNAMIC_PURCHASING_SCHEME",
    "QUALIFICATION_SCHEME",
    "PRE_ANNOUNCEMENT",
    "ANNOUNCEMENT_OF_CONCLUSION_OF_CONTRACT",
    "CANCELLED_OR_MISSING_CONCLUSION_OF_CONTRACT",
    "ANNOUNCEMENT_OF_INTENT",
    "CHANGE_OF_CONCLUSION_OF_CONTRACT",
)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_NEWEST_FIRST, _OLDEST_FIRST = "PUBLICATION_DATE_DESC", "PUBLICATION_DATE_ASC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Issue dates, both included, a type and a status; with none of them it is everything.

    Attributes:
        oldest_first: the other order: past the cap it shows the other end, and below it those
            that the first order lost where notices of one day change places between pages.
    """

    first: date | None = None
    last: date | None = None
    type: str | None = None
    status: str | None = None
    oldest_first: bool = False

    @property
    def everything(self) -> bool:
        """Whether nothing is filtered."""
        return (self.first or self.last or self.type or self.status) is None

    @property
    def key(self) -> str:
        """A name for the window, e.g. ``2026-10-05..2026-10-11``."""
        if self.everything:
            return "newest"
        days = f"{self.first}..{self.last}" if self.first or self.last else None
        order = "oldest first" if self.oldest_first else None
        return " ".join(part for part in (self.status, days, self.type, order) if part)

    @property
    def order(self) -> str:
        """Doffin's name for the order of the hits."""
        return _OLDEST_FIRST if self.oldest_first else _NEWEST_FIRST

    def query(self, page: int) -> str:
        """Return the query string of one page, from 1.

        Only these names: Doffin ignores a name it does not know and answers with everything.
        """
        parameters: list[tuple[str, str | int]] = [
            ("numHitsPerPage", HITS_PER_PAGE),
            ("page", page),
            ("sortBy", self.order),
        ]
        if self.first:
            parameters.append(("issueDateFrom", self.first.isoformat()))
        if self.last:
            parameters.append(("issueDateTo", self.last.isoformat()))
        if self.type:
            parameters.append(("type", self.type))
        if self.status:
            parameters.append(("status", self.status))
        return urlencode(parameters)

    def split(self, today: date) -> tuple[Window, ...]:
        """Return smaller windows that cover this one; none when it cannot be split."""
        if self.everything or self.oldest_first:
            return ()
        if self.status and self.type:
            return self._halves(today)
        if self.status or (self.first == self.last and not self.type):
            return tuple(replace(self, type=kind) for kind in TYPES)
        if self.first is None or self.last is None or self.type:
            return ()
        days = (self.last - self.first).days + 1
        each = (self.first + _DAY * n for n in range(days))
        return tuple(replace(self, first=day, last=day) for day in each)

    def _halves(self, today: date) -> tuple[Window, ...]:
        # Something may be dated tomorrow where the source's clock is ahead of ours.
        first, last = self.first or EARLIEST, self.last or today + _DAY
        if first >= last:
            return ()
        middle = first + (last - first) // 2
        return (
            replace(self, first=first, last=middle),
            replace(self, first=middle + _DAY, last=last),
        )

    def from_the_other_end(self) -> tuple[Window, ...]:
        """Return the same window in the other order, unless this is it."""
        return () if self.everything or self.oldest_first else (replace(self, oldest_first=True),)


def weeks(first: date, last: date) -> Iterator[Window]:
    """Yield windows of at most seven days that cover ``first`` to ``last``, oldest first."""
    while first <= last:
        end = min(first + _WEEK - _DAY, last)
        yield Window(first=first, last=end)
        first = end + _DAY


def spans(days: Iterable[date]) -> Iterator[Window]:
    """Yield windows of at most seven days that cover these ``days`` and no others."""
    first = last = None
    for day in sorted(set(days)):
        if first is not None and last is not None:
            if day == last + _DAY and day - first < _WEEK:
                last = day
                continue
            yield Window(first=first, last=last)
        first = last = day
    if first is not None and last is not None:
        yield Window(first=first, last=last)
