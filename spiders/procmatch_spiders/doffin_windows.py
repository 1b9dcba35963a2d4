"""Which notices one Doffin search asks for: all, or those issued in some days.

Doffin shows the first 1,000 hits of a search. Issue date (BT-05) can be filtered and not sorted;
publication date can be sorted and not filtered. So the newest are read by sorting, and what lies
beyond the cap by windows of issue dates: a week, each of its days, each type of one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

__all__ = ["CAP", "HITS_PER_PAGE", "LAG", "TYPES", "Window", "weeks"]

CAP = 1000
#: More were accepted at times and refused at others; paging breaks when it changes.
HITS_PER_PAGE = 100
#: Notices are published up to this long after the buyer sent them (7 days seen).
LAG = timedelta(days=10)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Issue dates, both included, and a type; with neither it is everything, newest first."""

    first: date | None = None
    last: date | None = None
    type: str | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is filtered."""
        return self.first is None and self.last is None and self.type is None

    @property
    def key(self) -> str:
        """A name for the window, e.g. ``2026-10-05..2026-10-11``."""
        if self.everything:
            return "newest"
        days = f"{self.first}..{self.last}"
        return f"{days} {self.type}" if self.type else days

    def query(self, page: int) -> str:
        """Return the query string of one page, from 1.

        Only these names: Doffin ignores a name it does not know and answers with everything.
        """
        parameters: list[tuple[str, str | int]] = [
            ("numHitsPerPage", HITS_PER_PAGE),
            ("page", page),
            ("sortBy", "PUBLICATION_DATE_DESC"),
        ]
        if self.first:
            parameters.append(("issueDateFrom", self.first.isoformat()))
        if self.last:
            parameters.append(("issueDateTo", self.last.isoformat()))
        if self.type:
            parameters.append(("type", self.type))
        return urlencode(parameters)

    def split(self) -> tuple[Window, ...]:
        """Return smaller windows that cover this one; none when it cannot be split."""
        if self.first is None or self.last is None or self.type:
            return ()
        if self.first == self.last:
            return tuple(Window(first=self.first, last=self.last, type=t) for t in TYPES)
        days = (self.last - self.first).days + 1
        each = (self.first + _DAY * n for n in range(days))
        return tuple(Window(first=day, last=day) for day in each)


def weeks(first: date, last: date) -> Iterator[Window]:
    """Yield windows of at most seven days that cover ``first`` to ``last``, oldest first."""
    while first <= last:
        end = min(first + _WEEK - _DAY, last)
        yield Window(first=first, last=end)
        first = end + _DAY
