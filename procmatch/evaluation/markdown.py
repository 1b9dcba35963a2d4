"""Tables of a report in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from procmatch.evaluation.intervals import Ratio

__all__ = ["figure", "plain", "table"]


def plain(value: float | None) -> str:
    """Return a share with three decimals, or a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"


def figure(ratio: Ratio) -> str:
    """Return a ratio with its 95 % interval."""
    if ratio.value is None:
        return "–"
    return f"{plain(ratio.value)} [{plain(ratio.low)}, {plain(ratio.high)}]"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table, with an empty line behind it."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return [line(head), line(["---"] * len(head)), *map(line, rows), ""]
