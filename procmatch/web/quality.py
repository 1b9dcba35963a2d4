"""The figures of the quality reports, read from the reports themselves.

A built package carries them (``pyproject.toml``); a working copy has them in ``docs/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["REPORTS", "Figure", "figures"]

REPORTS = ("quality.md", "quality-matching.md")
_HERE = Path(__file__).parent
_PLACES = (_HERE / "reports", _HERE.parents[1] / "docs")
_AIMS = "## Aims"
_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """One aim: task, measure, what was found with its interval, and how it stands."""

    report: str
    task: str
    measure: str
    found: str
    standing: str


def _aims(name: str, text: str) -> Iterator[Figure]:
    _, _, after = text.partition(_AIMS)
    for line in after.partition("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == _COLUMNS and cells[0] not in {"task", "---"}:
            yield Figure(name, cells[0], cells[1], cells[2], cells[5])


@cache
def figures() -> tuple[Figure, ...]:
    """Return the aims of all reports that are there, in their order."""
    found: list[Figure] = []
    for name in REPORTS:
        file = next((place / name for place in _PLACES if (place / name).is_file()), None)
        if file:
            found += _aims(name, file.read_text(encoding="utf-8"))
    return tuple(found)
