"""A search and the smaller ones it was split into, and whether together they showed all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from scrapy import Request

from procmatch_spiders.doffin_windows import Window

__all__ = ["Search"]


@dataclass(eq=False, slots=True, kw_only=True)
class Search:
    """One window that is being read.

    Attributes:
        window: what is asked for.
        parent: the search that was split into this one and others.
        then: called when the search and all its parts have ended; for those without a parent.
        total: how many the source says there are, at least, over all pages read.
        seen: source ids shown by its pages and by its parts.
        open: it and those of its parts that have not ended.
    """

    window: Window
    parent: Search | None = None
    then: Callable[[Search], Iterable[Request]] | None = None
    total: int | None = None
    seen: set[str] = field(default_factory=set)
    open: int = 1

    def saw(self, total: int, keys: Iterable[str]) -> None:
        """Note one page.

        Notices come and go while the pages are read; only the smallest total must be reached.
        """
        self.total = total if self.total is None else min(self.total, total)
        self.seen.update(keys)

    @property
    def missing(self) -> int:
        """How many notices no page has shown."""
        return max(0, (self.total or 0) - len(self.seen))

    def part(self, window: Window) -> Search:
        """Return a part of the search, open."""
        self.open += 1
        return Search(window=window, parent=self)

    def end(self) -> Search | None:
        """End this search, or a part of it; return the whole one when nothing of it is open."""
        self.open -= 1
        if self.open:
            return None
        if self.parent is None:
            return self
        self.parent.seen |= self.seen
        return self.parent.end()
