"""Precision and recall of the requirements found in notices, by kind and by part.

    python -m training.hurdles.measure --data DIR [--misses]

Every notice weighs one, shared evenly among its lots, so that 54 equal lots are no 54 proofs.
Of both figures the interval that holds 95 of 100 samples of such notices is given (percentile
bootstrap over notices). With ``--misses`` each wrong and each missing requirement is listed.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from procmatch.matching.requirements import requirements
from procmatch.matching.telling import Vocabulary
from procmatch.model.notice import Lot
from training.hurdles.corpus import Label, Listed, listed, lots_of, read_labels

__all__ = ["Counts", "interval", "measure"]

PARTS = ("tuning", "apart", "foreign")
_SAMPLES = 2000


@dataclass(slots=True)
class Counts:
    """Weighted counts by kind; ``notices`` counts those where the kind is labelled."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    #: (right, wrong, missing) of each notice.
    each: list[tuple[float, float, float]] = field(default_factory=list)

    def precision(self, *kinds: str) -> float:
        """Share of what was found that is labelled; NaN where nothing was found."""
        return _share(_sum(self.right, kinds), _sum(self.wrong, kinds))

    def recall(self, *kinds: str) -> float:
        """Share of what is labelled that was found; NaN where nothing is labelled."""
        return _share(_sum(self.right, kinds), _sum(self.missing, kinds))


def _sum(counts: Counter[str], kinds: tuple[str, ...]) -> float:
    return sum(counts[kind] for kind in kinds or tuple(counts))


def _share(right: float, other: float) -> float:
    return right / (right + other) if right + other else float("nan")


def labelled(labels: tuple[Label, ...], notice: Listed) -> dict[str, set[str]]:
    """Return lot -> kinds labelled."""
    found: dict[str, set[str]] = {lot: set() for lot in notice.lots}
    for label in labels:
        if label.notice == notice.notice:
            for lot in notice.lots if label.lot == "*" else (label.lot,):
                found[lot].add(label.kind)
    return found


def found_in(lot: Lot, by: Vocabulary | None = None) -> set[str]:
    """Return the kinds that the library finds in a lot, with its reservation (BT-71)."""
    return {one.kind for one in requirements(lot, by)} | ({"reserved"} if lot.reserved else set())


def measure(
    lots: Mapping[str, tuple[Lot, ...]],
    labels: tuple[Label, ...],
    notices: Iterable[Listed] | None = None,
    by: Vocabulary | None = None,
) -> tuple[dict[str, Counts], list[str]]:
    """Return counts by part, and the mistakes.

    Args:
        lots: of each notice. labels: what is right.
        notices: those to be read; None means all.
        by: words that tell a kind; None means those that ship.
    """
    counts: dict[str, Counts] = defaultdict(Counts)
    mistakes: list[str] = []
    for notice in listed() if notices is None else notices:
        part = counts[notice.part]
        truth = labelled(labels, notice)
        part.notices.update(set().union(*truth.values()))
        before = _totals(part)
        for lot in lots.get(notice.notice, ()):
            share = 1 / len(notice.lots)
            found = found_in(lot, by)
            for kind, kept, sign in _outcomes(truth[lot.id], found, part):
                kept[kind] += share  # type: ignore[assignment]
                if sign:
                    mistakes.append(f"{sign} {notice.part} {notice.notice} {lot.id} {kind}")
        after = _totals(part)
        part.each.append((after[0] - before[0], after[1] - before[1], after[2] - before[2]))
    return counts, mistakes


def _totals(counts: Counts) -> tuple[float, float, float]:
    return _sum(counts.right, ()), _sum(counts.wrong, ()), _sum(counts.missing, ())


def interval(counts: Counts) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the 95 % intervals of precision and recall, by resampling notices (seed 0)."""
    each = np.array(counts.each)
    chosen = np.random.default_rng(0).integers(0, len(each), (_SAMPLES, len(each)))
    right, wrong, missing = each[chosen].sum(axis=1).T
    low_high = (2.5, 97.5)
    precision = np.percentile(right / np.maximum(right + wrong, 1e-9), low_high)
    recall = np.percentile(right / np.maximum(right + missing, 1e-9), low_high)
    return (float(precision[0]), float(precision[1])), (float(recall[0]), float(recall[1]))


def references_told(
    lots: Mapping[str, tuple[Lot, ...]], labels: tuple[Label, ...]
) -> tuple[int, int]:
    """Return how many labels of references with figures ("3/3", "/3") are read right, and of all.

    The figures are deliveries and years, the first of what a label's lots tell.
    """
    right = every = 0
    for label in labels:
        if label.kind != "references" or "/" not in label.value or label.notice not in lots:
            continue
        every += 1
        for lot in lots[label.notice]:
            asked = [one for one in requirements(lot) if one.kind == "references"]
            if asked and label.lot in {"*", lot.id}:
                told = (asked[0].figure("deliveries"), asked[0].figure("years"))
                right += label.value == "/".join("" if one is None else str(one) for one in told)
                break
    return right, every


def _outcomes(
    truth: set[str], found: set[str], part: Counts
) -> Iterator[tuple[str, Counter[str], str]]:
    for kind in sorted(truth | found):
        if kind in truth and kind in found:
            yield kind, part.right, ""
        elif kind in found:
            yield kind, part.wrong, "wrong  "
        else:
            yield kind, part.missing, "missing"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with tenders/ and eval/")
    parser.add_argument("--misses", action="store_true", help="list the mistakes")
    given = parser.parse_args()
    counts, mistakes = measure(lots_of(given.data), read_labels("labels"))
    for part in PARTS:
        one = counts[part]
        (p_low, p_high), (r_low, r_high) = interval(one)
        print(
            f"{part}: {len(one.each)} notices, {_sum(one.notices, ())} requirements; "
            f"precision {one.precision():.3f} ({p_low:.2f} to {p_high:.2f}), "
            f"recall {one.recall():.3f} ({r_low:.2f} to {r_high:.2f})"
        )
        for kind in sorted(one.right | one.wrong | one.missing):
            print(
                f"  {kind:24} notices {one.notices[kind]:3d}  right {one.right[kind]:5.1f}  "
                f"wrong {one.wrong[kind]:5.1f}  missing {one.missing[kind]:5.1f}"
            )
    right, every = references_told(lots_of(given.data), read_labels("labels"))
    print(f"figures of references (how many, of how many years): {right} of {every} read right")
    if given.misses:
        print(*mistakes, sep="\n")


if __name__ == "__main__":
    main()
