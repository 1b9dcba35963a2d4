"""How large each source is expected to be, from its last good run; shrinking is a failure.

A source that suddenly gives far less has changed, or was cut short on the way: what it no longer
lists must not be taken for gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from procmatch.store import measures

__all__ = ["EXPECTED", "SHRUNK", "Range", "Size", "expected", "shrunk", "sizes"]


#: Begins what a run that found too little says.
SHRUNK = "the source has shrunk"
#: So few may be gone from however small a source.
_FEW = 10


@dataclass(frozen=True, slots=True)
class Range:
    """How much a source may shrink and grow between two good runs, as shares."""

    shrink: float
    grow: float

    def around(self, value: int) -> tuple[int, int]:
        """Return the least and the most that is expected after ``value``."""
        few = max(0, value - _FEW)
        return min(round(value * (1 - self.shrink)), few), round(value * (1 + self.grow))


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One measure of a source in its last good run, and what is expected next."""

    source: str
    measure: str
    value: int
    least: int
    most: int


#: Source -> its range, or (source, measure) where one list differs from the rest.
EXPECTED: Mapping[str | tuple[str, str], Range] = {
    # 160,000 notices and some 50 a day more; nothing is ever taken away but by a mistake.
    "doffin": Range(0.01, 0.25),
    # 1.1 million units, a percent or two a year.
    "enhetsregisteret": Range(0.03, 0.10),
    # Municipalities merge, industry codes are revised: seldom, and never by half.
    "codes": Range(0.10, 0.50),
}
#: Lists of evidence come and go in larger parts.
_OTHERWISE = Range(0.50, 1.0)


def expected(source: str, measure: str) -> Range:
    """Return the declared range of a measure of ``source``."""
    return EXPECTED.get((source, measure)) or EXPECTED.get(source) or _OTHERWISE


def sizes(connection: Connection, source: str) -> list[Size]:
    """Return what the last good runs of ``source`` found and what is expected next."""
    found = []
    for name, value in sorted(measures.last_good(connection, source).items()):
        least, most = expected(source, name).around(value)
        found.append(Size(source=source, measure=name, value=value, least=least, most=most))
    return found


def shrunk(connection: Connection, source: str, counted: Mapping[str, int]) -> str | None:
    """Say in one line which measures are below their range, or return None."""
    known = {size.measure: size for size in sizes(connection, source)}
    less = [
        f"{name} {counted[name]:,} (last good run {known[name].value:,}, expected at least "
        f"{known[name].least:,})"
        for name in sorted(counted)
        if name in known and counted[name] < known[name].least
    ]
    return f"{SHRUNK}: {'; '.join(less)}" if less else None
