"""t0: which CPV division would the buyer choose? Asked without and with other buyers' notices."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from procmatch.codes import builtin
from procmatch.evaluation.folders import Row, SetAside, read_table
from procmatch.evaluation.intervals import Ratio, mean
from procmatch.matching.relevance import CpvModel
from procmatch.matching.relevance.arrays import Points

__all__ = ["FOLDS", "CodesTask", "each_notice", "measure_codes", "read_codes"]

_FILE = "norway/no_competitions_2020.csv"
FOLDS = 5
_FORM = re.compile(r"\d{8}")
_DEPTHS = (1, 3, 5)
_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesTask:
    """Notices with the code that the buyer chose."""

    queries: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    buyers: tuple[str, ...]
    aside: tuple[SetAside, ...] = ()


def read_codes(folder: Path) -> CodesTask:
    """Read notices whose main code has eight digits."""
    table = read_table(folder, _FILE, needs=("row", "title", "cpv_main"), filled=("row",))
    kept = []
    for row in table.rows:
        if _FORM.fullmatch(row["cpv_main"]):
            kept.append(row)
        else:
            table.set_aside(row.line, "cpv_main", f"{row['cpv_main']!r} is no code of eight digits")
    return CodesTask(
        queries=tuple(row["row"] for row in kept),
        texts=tuple((row["title"], row.get("description") or "") for row in kept),
        codes=tuple(row["cpv_main"] for row in kept),
        buyers=tuple(_buyer(row) for row in kept),
        aside=tuple(table.aside),
    )


def _buyer(row: Row) -> str:
    return row.get("buyer_orgnr") or (row.get("buyer_name") or row["row"]).casefold()


def _fold(buyer: str) -> int:
    return int(hashlib.sha256(buyer.encode()).hexdigest(), 16) % FOLDS


def certainties(task: CodesTask, *, learn: bool) -> Points:
    """Return notices x divisions.

    Args:
        task: notices.
        learn: also from notices of other buyers, by folds in which a buyer stands on one side only.
    """
    model = CpvModel(languages=("nb", "nn", "en"))
    if not learn:
        return model.divisions(task.texts)
    folds = np.array([_fold(buyer) for buyer in task.buyers])
    found = model.divisions(task.texts)
    for fold in range(FOLDS):
        asked = np.flatnonzero(folds == fold)
        others = np.flatnonzero(folds != fold)
        if len(asked) and len(others):
            learned = model.fit((*task.texts[at], task.codes[at]) for at in others)
            found[asked] = learned.divisions([task.texts[at] for at in asked])
    return found


def divisions() -> tuple[str, ...]:
    """Return the divisions in the order of the columns."""
    return tuple(sorted({code[:2] for code in builtin().cpv.labels}))


@dataclass(frozen=True, slots=True)
class CodesQuality:
    """Accuracy of one system, and how far its certainty is from the truth (ECE)."""

    system: str
    queries: int
    values: Mapping[str, Ratio]
    calibration_error: float


def measure_codes(system: str, found: Points, task: CodesTask) -> CodesQuality:
    """Measure acc@1, acc@3 and acc@5; ties count against the system."""
    each = each_notice(found, task)
    values = {
        f"acc@{k}": mean([one[f"acc@{k}"] for one in each.values()], list(task.buyers))
        for k in _DEPTHS
    }
    right = _right(task)
    hits = np.array([row.argmax() == at for row, at in zip(found, right, strict=True)])
    return CodesQuality(system, len(right), values, _calibration(found.max(axis=1), hits))


def each_notice(found: Points, task: CodesTask) -> dict[str, dict[str, float]]:
    """Return query -> acc@1, acc@3 and acc@5, each 0 or 1; ties count against the system."""
    measured = {}
    for query, row, at in zip(task.queries, found, _right(task), strict=True):
        place = int((row >= row[at]).sum()) if at >= 0 else len(row) + 1
        measured[query] = {f"acc@{k}": float(place <= k) for k in _DEPTHS}
    return measured


def _right(task: CodesTask) -> list[int]:
    """Return the column of each notice's division, -1 for one that CPV 2008 does not have."""
    names = divisions()
    return [names.index(code[:2]) if code[:2] in names else -1 for code in task.codes]


def _calibration(certain: Points, hits: Points) -> float:
    bins = np.minimum((certain * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float((certain - hits)[bins == one].sum())) for one in range(_BINS)]
    return sum(gaps) / max(1, len(hits))


def codes_run(found: Points, queries: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return query -> division -> certainty."""
    names = divisions()
    return {
        query: dict(zip(names, map(float, row), strict=True))
        for query, row in zip(queries, found, strict=True)
    }
