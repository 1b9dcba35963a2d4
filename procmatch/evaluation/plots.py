"""Small plots as SVG, of lines and points; the same input gives the same file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Bar", "Line", "plot"]

_WIDTH, _HEIGHT = 480, 360
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 44, 16, 52
_TICKS = 5
#: Told apart by people who see colours otherwise, and by their dashes in print (Okabe and Ito).
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
_DASHES = ("", "6 3", "2 3", "8 3 2 3")
_STYLE = (
    "text{font:12px sans-serif;fill:#222}.t{font-weight:bold;font-size:13px}"
    ".g{stroke:#ddd}.a{stroke:#666}.d{stroke:#999;stroke-dasharray:3 3}"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A point with an upright interval. ``at``: x and y. ``low``, ``high``: the interval in y."""

    at: tuple[float, float]
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One series.

    Attributes:
        name: for the legend. points: x and y, joined in order; each x 0..1.
        bars: points with intervals. marks: single points, drawn large.
    """

    name: str
    points: Sequence[tuple[float, float]] = ()
    bars: Sequence[Bar] = ()
    marks: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class _Square:
    """Where the numbers lie on the paper."""

    y_max: float

    def x(self, value: float) -> str:
        return f"{_LEFT + value * (_WIDTH - _LEFT - _RIGHT):.1f}"

    def y(self, value: float) -> str:
        room = _HEIGHT - _TOP - _BOTTOM
        return f"{_HEIGHT - _BOTTOM - min(value, self.y_max) / self.y_max * room:.1f}"


def plot(
    *,
    title: str,
    about: str,
    x_name: str,
    y_name: str,
    lines: Sequence[Line],
    y_max: float = 1.0,
    diagonal: bool = False,
) -> str:
    """Return a plot as the text of an SVG file.

    Args:
        title: says what it is, also to screen readers.
        about: what it shows, in a sentence or two, for those who do not see it.
        x_name: of the axis; x goes from 0 to 1.
        y_name: of the axis; y goes from 0 to ``y_max``.
        lines: at most four.
        y_max: more than 0.
        diagonal: draw the line where both are equal.
    """
    square = _Square(y_max)
    body = [*_axes(square, x_name, y_name)]
    if diagonal:
        body.append(
            f'<line class="d" x1="{square.x(0)}" y1="{square.y(0)}"'
            f' x2="{square.x(1)}" y2="{square.y(1)}"/>'
        )
    for at, line in enumerate(lines):
        body += _drawn(square, line, at)
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
                ' role="img" aria-labelledby="title about">'
            ),
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="about">{escape(about)}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
            f'<text class="t" x="{_LEFT}" y="16">{escape(title)}</text>',
            *body,
            "</svg>\n",
        ]
    )


def _axes(square: _Square, x_name: str, y_name: str) -> list[str]:
    drawn = []
    for step in range(_TICKS + 1):
        share = step / _TICKS
        x, y = square.x(share), square.y(share * square.y_max)
        drawn += [
            f'<line class="g" x1="{x}" y1="{_TOP}" x2="{x}" y2="{_HEIGHT - _BOTTOM}"/>',
            f'<line class="g" x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}"/>',
            f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{share:.1f}</text>',
            (
                f'<text x="{_LEFT - 6}" y="{y}" text-anchor="end"'
                f' dominant-baseline="middle">{share * square.y_max:.2f}</text>'
            ),
        ]
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    drawn += [
        f'<path class="a" fill="none" d="M{_LEFT} {_TOP}V{_HEIGHT - _BOTTOM}H{_WIDTH - _RIGHT}"/>',
        (
            f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 14}"'
            f' text-anchor="middle">{escape(x_name)}</text>'
        ),
        (
            f'<text transform="translate(16 {middle}) rotate(-90)"'
            f' text-anchor="middle">{escape(y_name)}</text>'
        ),
    ]
    return drawn


def _drawn(square: _Square, line: Line, at: int) -> list[str]:
    colour, dashes = _COLOURS[at % len(_COLOURS)], _DASHES[at % len(_DASHES)]
    stroke = f'stroke="{colour}" stroke-width="2"' + (
        f' stroke-dasharray="{dashes}"' if dashes else ""
    )
    drawn = []
    if line.points:
        path = " ".join(f"{square.x(x)},{square.y(y)}" for x, y in line.points)
        drawn.append(f'<polyline fill="none" {stroke} points="{path}"/>')
    for bar in line.bars:
        x, y = bar.at
        drawn += [
            (
                f'<line {stroke} x1="{square.x(x)}" y1="{square.y(bar.low)}"'
                f' x2="{square.x(x)}" y2="{square.y(bar.high)}"/>'
            ),
            f'<circle cx="{square.x(x)}" cy="{square.y(y)}" r="4" fill="{colour}"/>',
        ]
    drawn += [
        f'<circle cx="{square.x(x)}" cy="{square.y(y)}" r="6" fill="#fff" stroke="{colour}"'
        ' stroke-width="3"/>'
        for x, y in line.marks
    ]
    x = _LEFT + at * 130
    drawn += [
        f'<line {stroke} x1="{x}" y1="32" x2="{x + 24}" y2="32"/>',
        f'<text x="{x + 30}" y="36">{escape(line.name)}</text>',
    ]
    return drawn
