"""A search and the smaller ones it was split into, and whether together they showed all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from scrapy import Request

from procmatch_spiders.doffin_windows import CAP, Window

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

    def reachable(self, accessible: int | None) -> int:
        """Return how many hits can be paged to.

        Args:
            accessible: how many the source says.
        """
        return min(self.total or 0, accessible or CAP, CAP)

    def goes_on(self, accessible: int | None, today: date) -> bool:
        """Whether the next page is worth asking for.

        Beyond the cap it is not: nothing is lost by leaving early, the parts show this page again.
        """
        within = self.reachable(accessible) == (self.total or 0)
        return within or not self.window.split(today)

    def divided(self, today: date) -> list[Search]:
        """Return the open parts that may show what this search did not; none when all was shown."""
        if not self.missing:
            return []
        parts = self.window.split(today) or self.window.from_the_other_end()
        self.open += len(parts)
        return [Search(window=part, parent=self) for part in parts]

    def end(self) -> Search | None:
        """End this search, or a part of it; return the whole one when nothing of it is open."""
        self.open -= 1
        if self.open:
            return None
        if self.parent is None:
            return self
        self.parent.seen |= self.seen
        return self.parent.end()
