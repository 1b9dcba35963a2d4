"""Sites that have asked us to wait, and for how long; other sites go on."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

__all__ = ["Pauses", "backoff", "seconds_to_wait"]

#: Seconds between two looks at whether the crawl is being stopped.
_LOOK = 0.2
_LONGEST_BACKOFF = 60.0


def seconds_to_wait(header: str, now: datetime) -> float | None:
    """Return what a Retry-After header asks for: seconds, or an HTTP date.

    Returns:
        Seconds from ``now``, never negative; None when the header says neither.
    """
    text = header.strip()
    if text.isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        return None
    return max(0.0, (when - now).total_seconds())


def backoff(tries: int, first: float) -> float:
    """Return a wait in seconds that doubles with every try, spread by chance over its upper half.

    The spread keeps many clients that failed together from coming back together.
    """
    longest = min(first * 2.0**tries, _LONGEST_BACKOFF)
    return random.uniform(longest / 2, longest)  # noqa: S311


@dataclass(slots=True, kw_only=True)
class Pauses:
    """Which site may not be asked before when.

    Attributes:
        margin: seconds added to what a site asks for.
        cap: the longest pause in seconds, whatever a site asks for.
        first: the first wait in seconds when a site asks for nothing; doubles with every try.
        refused: what is added to it when the site was too busy to answer; doubles likewise.
        until: site -> time on the event loop's clock.
    """

    margin: float = 2.0
    cap: float = 300.0
    first: float = 1.0
    refused: float = 0.0
    until: dict[str, float] = field(default_factory=dict)

    def hold(
        self, site: str, *, tries: int, asked: str = "", busy: bool = False, now: datetime
    ) -> None:
        """Do not ask ``site`` for a while.

        Args:
            site: host and port.
            tries: how often this was tried again before.
            asked: the Retry-After header, or empty.
            busy: it refused to answer (429, 503), rather than failed.
            now: for a header that holds a date.
        """
        wanted = seconds_to_wait(asked, now)
        if wanted is None:
            wait = backoff(tries, self.first) + (self.refused * 2.0**tries if busy else 0.0)
        else:
            wait = wanted + self.margin
        until = asyncio.get_running_loop().time() + min(wait, self.cap)
        self.until[site] = max(until, self.until.get(site, 0.0))

    async def wait(self, site: str, going_on: Callable[[], bool]) -> None:
        """Wait until ``site`` may be asked, or the crawl no longer goes on."""
        loop = asyncio.get_running_loop()
        # Scrapy tells nobody that it is about to stop, so we look.
        while going_on() and (left := self.until.get(site, 0.0) - loop.time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, _LOOK))
