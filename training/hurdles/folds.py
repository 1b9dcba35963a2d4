"""Cross-validation over buyers: each fold read by an extractor that never saw its buyers.

    python -m training.hurdles.folds --data DIR [--folds 5] [--misses]

The extractor has two tables. Signs (``procmatch/matching/data/signs.tsv``) were written by hand by
one who had read the notices, so that what could have been learnt from a notice is a row: a fold is
read without each row that matches nothing but this fold's own notices. Telling words
(``training.hurdles.learn``) were written before they were tried on notices; how sure they are, and
from where on they count, is learnt from the other folds alone, the latter by folds within those,
read in turn without their own signs. The rules in Python (turnover, figures, denial) stay.

Four readings: the whole of what ships; signs alone without the fold's own rows; with telling words
beside them (what to expect of new buyers); and the strictest, where also those telling words are
left out that stand in this fold's notices alone.

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
from dataclasses import field as dataclass_field
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np

from procmatch.matching import requirements as reading
from procmatch.matching import signs as table
from procmatch.matching.sentences import readings, sentences
from procmatch.matching.telling import Told, Vocabulary
from procmatch.model.notice import Lot
from training.hurdles.corpus import Label, Listed, Read, listed, notices_of, read_labels
from training.hurdles.learn import NOTHING, Fold, choose, learn, vocabulary
from training.hurdles.measure import Counts, measure

__all__ = [
    "READINGS", "FoldResult", "across", "fold_of", "interval", "nested", "run", "seen_only_in",
]  # fmt: skip

READINGS = (
    "whole tables",
    "signs without the fold's own",
    "these and telling words learnt from other folds",
    "the same without telling words of this fold alone",
)

_Row = tuple[str, str, str]
_SAMPLES = 2000
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class FoldResult:
    """One fold: (right, wrong, missing) of each of its buyers, counts by kind, the mistakes."""

    notices: int
    labelled: int
    by_buyer: Mapping[str, tuple[float, float, float]]
    kinds: Counts = dataclass_field(default_factory=Counts)
    mistakes: tuple[str, ...] = ()

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
    notices: Mapping[str, Read],
    labels: tuple[Label, ...],
    kept: Sequence[Listed],
    by: Vocabulary | None,
) -> FoldResult:
    lots = {one.notice: notices[one.notice].lots for one in kept}
    by_buyer: dict[str, tuple[float, float, float]] = defaultdict(lambda: (0.0, 0.0, 0.0))
    labelled = 0
    kinds = Counts()
    mistakes: list[str] = []
    for one in kept:
        parts, wrong_ones = measure(lots, labels, [one], by)
        (counts,) = parts.values() or (Counts(),)
        mistakes += wrong_ones
        for into, more in (
            (kinds.right, counts.right), (kinds.wrong, counts.wrong),
            (kinds.missing, counts.missing), (kinds.notices, counts.notices),
        ):  # fmt: skip
            into.update(more)
        labelled += sum(counts.notices.values())
        old = by_buyer[notices[one.notice].buyer]
        right, wrong, missing = counts.each[0]
        by_buyer[notices[one.notice].buyer] = (old[0] + right, old[1] + wrong, old[2] + missing)
    return FoldResult(len(kept), labelled, dict(by_buyer), kinds, tuple(mistakes))


def nested(
    words: Sequence[Told], notices: Mapping[str, Read], chosen: Sequence[Listed], folds: int
) -> Vocabulary:
    """Learn telling words from some notices; from where on they count, by folds among these."""
    labels = read_labels("labels")
    lots = {name: one.lots for name, one in notices.items()}
    alone = seen_only_in(notices, folds)
    inner = []
    for fold in range(folds):
        kept = [one for one in chosen if fold_of(notices[one.notice].buyer, folds) == fold]
        if kept:
            others = [one for one in chosen if one not in kept]
            left_out = {row for row, at in alone.items() if at == fold}
            reading = partial(_without, left_out)
            inner.append(Fold(kept, learn(words, lots, labels, others), reading))
    criterion, described = choose(inner, lots, labels)
    return Vocabulary(learn(words, lots, labels, chosen), criterion=criterion, described=described)


def _words_only_in(
    notices: Mapping[str, Read], words: Sequence[Told], folds: int, fold: int
) -> set[tuple[str, str]]:
    """Return the telling words (kind, words) that stand in notices of one fold alone."""
    plain = Vocabulary(words, criterion=NOTHING, described=NOTHING)
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in notices.values():
        for sentence in _words(one).split("\n"):
            for told in plain.told(sentence):
                seen[told.kind, told.words].add(fold_of(one.buyer, folds))
    return {key for key, at in seen.items() if at == {fold}}


def run(
    data: Path, folds: int, parts: Sequence[str] = ("tuning", "apart")
) -> tuple[tuple[list[FoldResult], ...], int, list[tuple[float, float]]]:
    """Return the folds by each of :data:`READINGS`; how many signs fell; from where words count.

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
    results: tuple[list[FoldResult], ...] = ([], [], [], [])
    leasts = []
    words = vocabulary()
    for fold in range(folds):
        kept = [one for one in chosen if fold_of(notices[one.notice].buyer, folds) == fold]
        others = [one for one in chosen if one not in kept]
        by = nested(words, {one.notice: notices[one.notice] for one in others}, others, folds)
        leasts.append((by.criterion, by.described))
        gone = _words_only_in(notices, words, folds, fold)
        strict = Vocabulary(
            (one for one in by.words if (one.kind, one.words) not in gone),
            criterion=by.criterion,
            described=by.described,
        )
        none = Vocabulary((), criterion=NOTHING, described=NOTHING)
        results[0].append(_fold(notices, labels, kept, None))
        with _without({row for row, at in alone.items() if at == fold}):
            for into, vocabulary_used in zip(results[1:], (none, by, strict), strict=True):
                into.append(_fold(notices, labels, kept, vocabulary_used))
    return results, len(alone), leasts


def _by_kind(results: Sequence[FoldResult]) -> Iterator[str]:
    total = Counts()
    for one in results:
        total.right.update(one.kinds.right)
        total.wrong.update(one.kinds.wrong)
        total.missing.update(one.kinds.missing)
        total.notices.update(one.kinds.notices)
    for kind in sorted(total.right | total.wrong | total.missing):
        yield (
            f"  {kind:24} notices {total.notices[kind]:3d}  right {total.right[kind]:5.1f}  "
            f"wrong {total.wrong[kind]:5.1f}  missing {total.missing[kind]:5.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with tenders/ and eval/")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--misses", action="store_true", help="list the mistakes of each reading")
    given = parser.parse_args()
    readings_of, alone, leasts = run(given.data, given.folds)
    print(
        f"{len(table.rows())} rows; {alone} match in one fold only and are left out when it is read"
    )
    told = ", ".join(f"{criterion:g}/{described:g}" for criterion, described in leasts)
    print(f"telling words count in criteria/descriptions, fold by fold, from: {told}")
    for name, results in zip(READINGS, readings_of, strict=True):
        print(name)
        for at, one in enumerate(results, start=1):
            print(
                f"  fold {at}: {one.notices} notices of {len(one.by_buyer)} buyers, "
                f"{one.labelled} requirements; precision {one.precision():.2f}, "
                f"recall {one.recall():.2f}"
            )
        (p_low, p_high), (r_low, r_high) = interval(results)
        precision, recall = across(results)
        print(
            f"  all buyers: precision {precision:.2f} ({p_low:.2f} to {p_high:.2f}), "
            f"recall {recall:.2f} ({r_low:.2f} to {r_high:.2f})"
        )
        if given.misses:
            print(*(f"    {mistake}" for one in results for mistake in one.mistakes), sep="\n")
    print(f"by kind: {READINGS[2]}")
    print(*_by_kind(readings_of[2]), sep="\n")


if __name__ == "__main__":
    main()
