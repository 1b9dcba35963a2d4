"""Which traps of the live sources a stand-in sets, and how often each has sprung."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Faults", "Traps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """One switch a trap; the defaults are what the live sources do.

    Attributes:
        rate_limit: Doffin requests in ``rate_window_s`` before 429; 0 switches it off.
        retry_after_s: what a 429 says in seconds; None says how long the window really lasts.
        refuse_every: of so many Doffin requests the first ``refuse_times`` answer 429, whatever the
            rate; 0 switches it off. Says ``retry_after_s``, or not to wait.
        refuse_past_cap: past Doffin's first 1,000 hits 400, else an empty list.
        refuse_large_pages: more than 100 hits a page 400 (seen since 2025).
        shuffle_ties: notices published on one day change places between page sizes. Oldest first,
            also between pages, so that some come twice and some not at all. Newest first, as if a
            notice had arrived after page 1, so that one comes twice.
        raw_newline: an unescaped line break inside the description of one hit.
        late_download: the first download of this Doffin id answers 404, the next ones 200;
            "first" is the first that a search can find.
        broken_download: the first two downloads of this Doffin id answer 500; "second" likewise.
        failing_downloads: Doffin id -> status, and how many of its first downloads answer it.
        lone_hit: a page with one hit shows it without a list (in Doffin's own description of its
            API, not seen live).
        truncated_search: the first search answer is cut short once.
        dropped_connection: the third search is hung up on, once.
        html_error: the fifth search answers an HTML page with status 200 (not seen live).
        timed_out_page: one TED page says ``timedOut`` with a part of its notices.
        html_429: TED's second search answers 429 in HTML without Retry-After.
        cut_bulk: the first download of each bulk file ends in the middle.
        html_bulk: the second download of each bulk file is an HTML page with status 200 (not seen
            live).
        busy_register: the first two look-ups in the register answer 503 (not seen live).
        busy_accounts: the first two accounts answer 503.
    """

    rate_limit: int = 28
    rate_window_s: float = 10.0
    retry_after_s: int | None = None
    refuse_every: int = 0
    refuse_times: int = 1
    refuse_past_cap: bool = True
    refuse_large_pages: bool = True
    shuffle_ties: bool = True
    raw_newline: bool = True
    late_download: str | None = "first"
    broken_download: str | None = "second"
    failing_downloads: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    lone_hit: bool = False
    truncated_search: bool = True
    dropped_connection: bool = True
    html_error: bool = False
    timed_out_page: bool = True
    html_429: bool = True
    cut_bulk: bool = True
    html_bulk: bool = False
    busy_register: bool = False
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
