"""Run files: what a system answered, for scorers that know nothing of it.

Lines of query, candidate and score between tabs, without a header; a higher score is better. A
query without lines has no answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from procmatch.errors import EvaluationError

__all__ = ["Run", "path_for", "read_run", "write_run"]

#: Of each query, the score of each candidate.
Run = Mapping[str, Mapping[str, float]]
_FORBIDDEN = frozenset("\t\r\n")
_COLUMNS = 3


def path_for(path: Path, task: str) -> Path:
    """Return ``path`` with the task's name put in: ``out.tsv`` becomes ``out.t2_ldir.tsv``."""
    return path.with_name(f"{path.stem}.{task}{path.suffix}")


def _checked(text: str, path: Path) -> str:
    if not text or not _FORBIDDEN.isdisjoint(text):
        raise EvaluationError(f"{path.name}: {text!r} cannot stand in a column of a run file")
    return text


def write_run(path: Path, run: Run, *, limit: int = 100) -> None:
    """Write a run, of each query the best first.

    Scores are written in full, so that two are equal exactly where the system says so.

    Raises:
        EvaluationError: an id holds a tab or a line break, or a score is no number.
    """
    lines = []
    for query, scores in run.items():
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        for candidate, score in best[:limit]:
            if not math.isfinite(score):
                raise EvaluationError(f"{path.name}: {query!r}: the score {score} is no number")
            lines.append(f"{_checked(query, path)}\t{_checked(candidate, path)}\t{score!r}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8", newline="")


def read_run(path: Path) -> dict[str, dict[str, float]]:
    """Read a run file.

    Raises:
        EvaluationError: no such file, or a line that is not query, candidate and score.
    """
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            return _read(lines, path)
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path.name}: {error}") from error


def _read(lines: Iterable[str], path: Path) -> dict[str, dict[str, float]]:
    run: dict[str, dict[str, float]] = {}
    for at, line in enumerate(lines, start=1):
        cells = line.rstrip("\n").split("\t")
        if len(cells) != _COLUMNS:
            raise EvaluationError(f"{path.name}, line {at}: {len(cells)} columns, not three")
        query, candidate, printed = cells
        try:
            run.setdefault(query, {})[candidate] = float(printed)
        except ValueError as error:
            raise EvaluationError(f"{path.name}, line {at}, score: {error}") from error
    return run
