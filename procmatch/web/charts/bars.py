"""Bars of shares: what is known to be so, and how much of it could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from procmatch.web.charts.svg import drawing, element, text

__all__ = ["Bar", "bars"]

#: As wide as a phone, so that words stay readable there; names stand above their bars.
_WIDTH = 340.0
_ROW, _THICK, _WORDS = 46.0, 16.0, 18.0
#: Letters of a name at the most, however long the note, and of both together.
_LONGEST, _SHORTEST, _LETTERS = 34, 12, 46


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row.

    Attributes:
        label: its name. low, high: 0..1 of ``whole``; what lies between them is not known.
        note: said behind it, e.g. ``"12–40 %"``.
    """

    label: str
    low: float
    high: float
    note: str = ""


def bars(rows: Sequence[Bar], *, label: str, target: float | None = None) -> Markup:
    """Return bars of shares, one below the other.

    Args:
        rows: in order.
        label: what the chart shows, in one sentence.
        target: 0..1, drawn as a line through all.
    """
    height = _ROW * len(rows)
    parts: list[Markup] = []
    for at, row in enumerate(rows):
        top = at * _ROW
        room = max(_SHORTEST, min(_LONGEST, _LETTERS - len(row.note)))
        name = row.label if len(row.label) <= room else f"{row.label[: room - 1].rstrip()}…"
        parts += [
            text(name, 0, top + _WORDS - 4),
            text(row.note, _WIDTH, top + _WORDS - 4, anchor="end"),
            element("rect", x=0.5, y=top + _WORDS, width=_WIDTH - 1, height=_THICK, class_="axis"),
            _bar(row.high, top + _WORDS, "second"),
            _bar(row.low, top + _WORDS, "first"),
        ]
    if target is not None:
        x = _WIDTH * min(1.0, max(0.0, target))
        parts.append(element("rect", x=x - 1, y=0.0, width=2.0, height=height, class_="third"))
    return drawing(label, _WIDTH, height, *parts)


def _bar(share: float, top: float, kind: str) -> Markup:
    wide = _WIDTH * min(1.0, max(0.0, share))
    return element("rect", x=0.0, y=top, width=wide, height=_THICK, class_=kind)
