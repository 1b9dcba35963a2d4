"""Stretches of time below each other: what is locked until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from procmatch.web.charts.svg import drawing, element, text

__all__ = ["Stretch", "stretches"]

#: As wide as a phone, so that words stay readable there; names stand above their stretches.
_WIDTH, _ROW, _THICK, _WORDS, _TOP = 340.0, 40.0, 12.0, 18.0, 22.0
_LONGEST = 44
_MOST_YEARS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One agreement: from, first end, last end with all renewals (None: not known)."""

    label: str
    start: date | None
    first_end: date
    last_end: date | None = None


def stretches(rows: Sequence[Stretch], *, today: date, label: str) -> Markup:
    """Return stretches on one scale of years, beginning this year; ``label`` names the chart."""
    ends = [one.last_end or one.first_end for one in rows]
    first = date(today.year, 1, 1)
    years = min(_MOST_YEARS, max((end.year for end in ends), default=today.year) - today.year + 1)
    last = date(today.year + years, 1, 1)

    def x(day: date) -> float:
        share = (day - first).days / (last - first).days
        return _WIDTH * min(1.0, max(0.0, share))

    height = _TOP + _ROW * len(rows)
    parts: list[Markup] = []
    for year in range(today.year, today.year + years):
        at = x(date(year, 1, 1))
        parts.append(element("path", d=f"M{at:.1f} 0V{height:.0f}", class_="axis"))
        parts.append(text(str(year), at + 4, 13, class_="quiet"))
    for at, row in enumerate(rows):
        top = _TOP + at * _ROW
        name = row.label if len(row.label) <= _LONGEST else f"{row.label[: _LONGEST - 1]}…"
        begin = x(row.start or first)
        parts.append(text(name, 0, top + _WORDS - 4, class_="halo"))
        if row.last_end and row.last_end > row.first_end:
            parts.append(_rect(begin, x(row.last_end), top + _WORDS, "second"))
        parts.append(_rect(begin, x(row.first_end), top + _WORDS, "first"))
    now = x(today)
    parts.append(
        element("rect", x=now - 1, y=_TOP, width=2.0, height=height - _TOP, class_="third")
    )
    return drawing(label, _WIDTH, height, *parts)


def _rect(begin: float, end: float, top: float, kind: str) -> Markup:
    wide = max(2.0, end - begin)
    return element("rect", x=begin, y=top, width=wide, height=_THICK, class_=kind, rx=2.0)
