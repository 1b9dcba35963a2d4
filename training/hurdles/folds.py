"""Cross-validation over buyers: each fold read by a table of signs that never saw it.

    python -m training.hurdles.folds --data DIR [--folds 5]

The extractor is a table of signs (``procmatch/matching/data/signs.tsv``) written by hand, so that
what could have been learnt from a notice is a row. A fold of buyers is therefore read twice: with
the whole table, and without each row that matches nothing but this fold's own notices, since such a
row may have been written for them. What is left has the words of other buyers behind it. The rules
in Python (turnover, figures, denial) stay as they are.

Intervals: 95 of 100 samples of buyers (bootstrap over buyers, seed 0).
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np

from procmatch.matching import requirements as reading
from procmatch.matching import signs as table
from procmatch.matching.sentences import readings, sentences
from procmatch.model.notice import Lot
from training.hurdles.corpus import Label, Listed, Read, listed, notices_of, read_labels
from training.hurdles.measure import Counts, measure

__all__ = ["FoldResult", "across", "fold_of", "interval", "run", "seen_only_in"]

_Row = tuple[str, str, str]
_SAMPLES = 2000
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class FoldResult:
    """One fold: its buyers, and (right, wrong, missing) of each of them."""

    notices: int
    labelled: int
    by_buyer: Mapping[str, tuple[float, float, float]]

    def precision(self) -> float:
        """Share of what was found that is labelled."""
        return across([self])[0]

    def recall(self) -> float:
        """Share of what is labelled that was found."""
        return across([self])[1]


def fold_of(buyer: str, folds: int) -> int:
    """Return the fold of a buyer: by a hash that is not the one that parts them for tuning."""
    return int(hashlib.sha256(f"fold {buyer}".encode()).hexdigest(), 16) % folds


def across(results: Sequence[FoldResult]) -> tuple[float, float]:
    """Return precision and recall over all buyers of some folds."""
    right, wrong, missing = _sums(results).sum(axis=0)
    return float(right / max(right + wrong, 1e-9)), float(right / max(right + missing, 1e-9))


def _sums(results: Sequence[FoldResult]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([counts for one in results for counts in one.by_buyer.values()])


def interval(results: Sequence[FoldResult]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the 95 % intervals of precision and recall, by resampling buyers (seed 0)."""
    each = _sums(results)
    chosen = np.random.default_rng(0).integers(0, len(each), (_SAMPLES, len(each)))
    right, wrong, missing = each[chosen].sum(axis=1).T
    shares = (right / np.maximum(right + wrong, 1e-9), right / np.maximum(right + missing, 1e-9))
    (p_low, p_high), (r_low, r_high) = (np.percentile(one, (2.5, 97.5)) for one in shares)
    return (float(p_low), float(p_high)), (float(r_low), float(r_high))


def _text(lot: Lot) -> Iterator[str]:
    yield from (part for text in (lot.title, lot.description) for part in readings(text))
    for criterion in lot.selection_criteria:
        yield from readings(criterion.name, criterion.description)


def _words(one: Read) -> str:
    """Return all sentences of a notice that signs are looked for in, one a line."""
    told = (sentence for lot in one.lots for text in _text(lot) for sentence in sentences(text))
    return "\n".join(dict.fromkeys(told))


def _codes(one: Read) -> set[str]:
    return {each.type for lot in one.lots for each in lot.selection_criteria if each.type}


def _matches(row: _Row, words: str, codes: set[str]) -> bool:
    where, _, sign = row
    return sign in codes if where == "code" else bool(re.search(sign, words, re.MULTILINE))


def seen_only_in(notices: Mapping[str, Read], folds: int) -> dict[_Row, int]:
    """Return the rows of the table that match in one fold only, and which."""
    every = table.rows()
    found: dict[_Row, set[int]] = defaultdict(set)
    for one in notices.values():
        words, codes, fold = _words(one), _codes(one), fold_of(one.buyer, folds)
        for row in every:
            if fold not in found[row] and _matches(row, words, codes):
                found[row].add(fold)
    return {row: next(iter(seen)) for row, seen in found.items() if len(seen) == 1}


@contextmanager
def _without(left_out: set[_Row]) -> Iterator[None]:
    """Read with a part of the table; a word that has lost all its signs matches nothing."""
    kept = [row for row in table.rows() if row not in left_out]
    gone = {row[:2] for row in left_out} - {row[:2] for row in kept}
    kept += [(where, kind, _NEVER) for where, kind in sorted(gone) if where != "code"]
    caches = (table.signs, table.codes, reading.kinds_of)
    with mock.patch.object(table, "rows", return_value=tuple(kept)):
        for one in caches:
            one.cache_clear()
        try:
            yield
        finally:
            for one in caches:
                one.cache_clear()


def _fold(
    notices: Mapping[str, Read], labels: tuple[Label, ...], kept: Sequence[Listed]
) -> FoldResult:
    lots = {one.notice: notices[one.notice].lots for one in kept}
    by_buyer: dict[str, tuple[float, float, float]] = defaultdict(lambda: (0.0, 0.0, 0.0))
    labelled = 0
    for one in kept:
        (counts,) = measure(lots, labels, [one])[0].values() or (Counts(),)
        labelled += sum(counts.notices.values())
        old = by_buyer[notices[one.notice].buyer]
        right, wrong, missing = counts.each[0]
        by_buyer[notices[one.notice].buyer] = (old[0] + right, old[1] + wrong, old[2] + missing)
    return FoldResult(len(kept), labelled, dict(by_buyer))


def run(
    data: Path, folds: int, parts: Sequence[str] = ("tuning", "apart")
) -> tuple[list[FoldResult], list[FoldResult], int]:
    """Return each fold read with the whole table and without its own rows; and how many rows fell.

    Args:
        data: folder with tenders/ and eval/.
        folds: how many.
        parts: parts of ``notices.tsv`` that are read.
    """
    chosen = [one for one in listed() if one.part in parts]
    notices = dict(notices_of(data))
    notices = {one.notice: notices[one.notice] for one in chosen}
    labels = read_labels("labels")
    alone = seen_only_in(notices, folds)
    whole, without = [], []
    for fold in range(folds):
        kept = [one for one in chosen if fold_of(notices[one.notice].buyer, folds) == fold]
        whole.append(_fold(notices, labels, kept))
        with _without({row for row, at in alone.items() if at == fold}):
            without.append(_fold(notices, labels, kept))
    return whole, without, len(alone)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with tenders/ and eval/")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--all", action="store_true", help="also notices in other languages")
    given = parser.parse_args()
    parts = ("tuning", "apart", "foreign") if given.all else ("tuning", "apart")
    whole, without, alone = run(given.data, given.folds, parts)
    print(
        f"{len(table.rows())} rows; {alone} match in one fold only and are left out when it is read"
    )
    for name, results in (("whole table", whole), ("without the fold's own rows", without)):
        print(name)
        for at, one in enumerate(results, start=1):
            print(
                f"  fold {at}: {one.notices} notices of {len(one.by_buyer)} buyers, "
                f"{one.labelled} requirements; precision {one.precision():.2f}, "
                f"recall {one.recall():.2f}"
            )
        (p_low, p_high), (r_low, r_high) = interval(results)
        precision, recall = across(results)
        mean_p = np.mean([one.precision() for one in results])
        mean_r = np.mean([one.recall() for one in results])
        print(f"  mean of folds: precision {mean_p:.2f}, recall {mean_r:.2f}")
        print(
            f"  all buyers: precision {precision:.2f} ({p_low:.2f} to {p_high:.2f}), "
            f"recall {recall:.2f} ({r_low:.2f} to {r_high:.2f})"
        )


if __name__ == "__main__":
    main()
