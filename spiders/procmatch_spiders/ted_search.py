"""What one TED search asks for: publication dates, and the walk over its pages.

In ITERATION mode a search can be read to its end by tokens, each bound to query and fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from procmatch.sources.ted import FIELDS

__all__ = ["CAP", "LIMIT", "Walk", "Window", "months"]

#: No page mode shows more; by tokens it would go on, but nobody promises it.
CAP = 15_000
_DAY = timedelta(days=1)
_MONTH = timedelta(days=31)
_LARGEST, _PRODUCT = 250, 10_000
#: TED refuses more rows a page, and more than so many values (fields times rows).
LIMIT = min(_LARGEST, _PRODUCT // len(FIELDS))


@dataclass(frozen=True, slots=True)
class Window:
    """Publication dates, both included."""

    first: date
    last: date

    @property
    def key(self) -> str:
        """A name for the window, e.g. ``2026-10-05..2026-10-11``."""
        return f"{self.first}..{self.last}"

    def query(self, countries: Sequence[str], types: Sequence[str]) -> str:
        """Return the expert query: buyers of these countries, these notice types or all."""
        tests = [
            _among("buyer-country", countries),
            f"publication-date>={self.first:%Y%m%d}",
            f"publication-date<={self.last:%Y%m%d}",
        ]
        if types:
            tests.append(_among("notice-type", types))
        return f"{' AND '.join(tests)} SORT BY publication-date DESC"

    def split(self) -> tuple[Window, ...]:
        """Return two windows that cover this one; none when it is one day."""
        if self.first >= self.last:
            return ()
        middle = self.first + (self.last - self.first) // 2
        return (Window(self.first, middle), Window(middle + _DAY, self.last))


def months(first: date, last: date) -> Iterator[Window]:
    """Yield windows of at most 31 days that cover ``first`` to ``last``, oldest first."""
    while first <= last:
        end = min(first + _MONTH - _DAY, last)
        yield Window(first, end)
        first = end + _DAY


@dataclass(slots=True)
class Walk:
    """How far one search was read.

    Attributes:
        page: the one that is asked for, from 1. seen: rows so far.
        tokens: those that were used, the last one asks for ``page``.
        timeouts: how often ``page`` came in part only.
    """

    window: Window
    page: int = 1
    seen: int = 0
    tokens: list[str] = field(default_factory=list)
    timeouts: int = 0

    @property
    def key(self) -> str:
        """A name for the page."""
        return f"{self.window.key} page {self.page}"

    def body(self, countries: Sequence[str], types: Sequence[str]) -> bytes:
        """Return the body that asks for the page. TED refuses a key that it does not know."""
        asked: dict[str, object] = {
            "query": self.window.query(countries, types),
            "fields": FIELDS,
            "limit": LIMIT,
            "scope": "ALL",
            "paginationMode": "ITERATION",
            # What was replaced is part of the story, and the total counts it.
            "onlyLatestVersions": False,
        }
        if self.tokens:
            asked["iterationNextToken"] = self.tokens[-1]
        return json.dumps(asked).encode()


def _among(name: str, values: Sequence[str]) -> str:
    return f"{name}={values[0]}" if len(values) == 1 else f"{name} IN ({' '.join(values)})"
