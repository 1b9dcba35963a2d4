"""Which traps of the live sources a stand-in sets, and how often each has sprung."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Faults", "Traps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """One switch a trap; the defaults are what the live sources do.

    Attributes:
        rate_limit: requests in ``rate_window_s`` before 429; 0 switches it off. ``retry_after_s``
            is what the 429 says.
        refuse_past_cap: past the first 1,000 hits 400, else an empty list.
        refuse_large_pages: more than 100 hits a page 400 (seen since 2025).
        shuffle_ties: hits of one day change places between page sizes, and repeat across pages.
        raw_newline: an unescaped control character inside one description.
        late_download: the first download of this Doffin id answers 404, the next ones 200.
        broken_download: the first two downloads of this Doffin id answer 500.
        truncated_search: the first search answer is cut short once.
        dropped_connection: the second search connection is dropped once.
        html_error: one search answers an HTML page with status 200.
        timed_out_page: one TED page says ``timedOut`` with a part of its notices.
        html_429: TED answers one 429 in HTML without Retry-After.
        cut_bulk: the first bulk download ends in the middle.
        busy_accounts: the first two accounts answer 503.
    """

    rate_limit: int = 28
    rate_window_s: float = 10.0
    retry_after_s: int = 4
    refuse_past_cap: bool = True
    refuse_large_pages: bool = True
    shuffle_ties: bool = True
    raw_newline: bool = True
    late_download: str | None = "first"
    broken_download: str | None = "second"
    truncated_search: bool = True
    dropped_connection: bool = True
    html_error: bool = False
    timed_out_page: bool = True
    html_429: bool = True
    cut_bulk: bool = True
    busy_accounts: bool = True

    @staticmethod
    def none() -> Faults:
        """Everything goes well; the contract (keys, caps, refusals) still holds."""
        return Faults(
            rate_limit=0,
            shuffle_ties=False,
            raw_newline=False,
            late_download=None,
            broken_download=None,
            truncated_search=False,
            dropped_connection=False,
            timed_out_page=False,
            html_429=False,
            cut_bulk=False,
            busy_accounts=False,
        )


@dataclass(slots=True)
class Traps:
    """Counts how often each trap was passed, over all threads of one server."""

    faults: Faults
    passed: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def nth(self, name: str) -> int:
        """Return 1 for the first passing of ``name``, then 2, ..."""
        with self.lock:
            self.passed[name] += 1
            return self.passed[name]
