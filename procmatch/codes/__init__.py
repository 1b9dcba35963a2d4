"""Code lists: organisation numbers, CPV, industries, places.

Compact tables come with the package; :func:`from_entries` lays the store's full lists over them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from procmatch.codes import cpv, industry, place_tables, places
from procmatch.codes.entry import CodeEntry

__all__ = ["CodeEntry", "Codes", "builtin", "from_entries"]

_INDUSTRY_LISTS = {"sn2007", "sn2025", "sn2007-sn2025"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """All code lists together."""

    cpv: cpv.Cpv
    industry: industry.Industry
    places: places.Places


def from_entries(entries: Iterable[CodeEntry]) -> Codes:
    """Return the built-in lists under ``entries``, as the store holds them."""
    kept = list(entries)
    return Codes(
        cpv=cpv.with_entries([entry for entry in kept if entry.list == "cpv"]),
        industry=industry.with_entries([e for e in kept if e.list in _INDUSTRY_LISTS]),
        places=place_tables.with_entries(kept),
    )


@cache
def builtin() -> Codes:
    """Return the compact lists that come with the package."""
    return from_entries(())
