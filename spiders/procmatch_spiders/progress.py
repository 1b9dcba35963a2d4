"""One line on the terminal that says how far a crawl has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from procmatch_spiders.source_spider import Tally

__all__ = ["ProgressLine"]

_EVERY_S = 0.2


class ProgressLine:
    """Rewrites one line; used only where somebody watches."""

    def __init__(
        self, stream: TextIO, source: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._source = source
        self._clock = clock
        self._began = clock()
        self._shown = 0.0
        self._width = 0

    def __call__(self, tally: Tally) -> None:
        """Show the tally, a few times a second at most."""
        now = self._clock()
        if self._width and now - self._shown < _EVERY_S:
            return
        self._shown = now
        rate = tally.fetched / max(now - self._began, 1e-3)
        text = (
            f"{self._source}: {tally.fetched} fetched, {tally.new} new, "
            f"{tally.set_aside} set aside, {rate:.1f}/s"
        )
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
