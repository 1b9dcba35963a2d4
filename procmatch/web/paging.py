"""A long list, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Pager", "part_of"]

One = TypeVar("One")
_ROWS = 20
_MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager(Generic[One]):
    """A part of a list: which page it is, of how many, and where the others are."""

    rows: Sequence[One]
    at: int
    last: int
    count: int
    first_rank: int
    address: Callable[[int], str]


def part_of(
    every: Sequence[One], page: str, address: Callable[[int], str], *, rows: int = _ROWS
) -> Pager[One]:
    """Return one page of a list; what is no page is the first or the last.

    Args:
        every: the list.
        page: as asked for, from 1.
        address: of a page.
        rows: on each.
    """
    last = max(1, -(-len(every) // rows))
    asked = int(page) if page.isascii() and page.isdecimal() and len(page) < len(str(_MOST)) else 1
    at = min(max(1, asked), last)
    start = (at - 1) * rows
    return Pager(
        rows=every[start : start + rows],
        at=at,
        last=last,
        count=len(every),
        first_rank=start + 1,
        address=address,
    )
