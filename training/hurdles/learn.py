"""Learn how surely words tell a kind of requirement, and write the table that ships.

    python -m training.hurdles.learn --data DIR

``vocabulary.tsv`` (kind, words) was written from the law and the standard forms before it was
tried on any notice. Notices say how far to trust it: in how many of their sentences the words stand
where a lot is labelled with the kind, and in how many where it is not. With a prior of nine to one
(the posterior mean of a Beta distribution), words that nobody used keep 0.9, and those that buyers
use otherwise fall. From where on words count is chosen on folds of buyers among those learnt from.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from procmatch.matching.requirements import demands, told
from procmatch.matching.sentences import readings, sentences
from procmatch.matching.telling import LEAST, Told, Vocabulary
from procmatch.model.notice import Lot
from training.hurdles.corpus import HERE, Label, Listed, listed, notices_of
from training.hurdles.measure import labelled, measure

__all__ = ["GRID", "NOTHING", "Fold", "choose", "learn", "vocabulary"]

TABLE = HERE.parents[1] / "procmatch" / "matching" / "data" / "telling_words.tsv"
#: From how sure on words may count; above 1: never.
NOTHING = 1.01
GRID = (NOTHING, 0.95, 0.9, 0.85, 0.8, 0.7, 0.5)
_FOR, _AGAINST = 9, 1
#: Words for a system stand where a certificate is labelled as well.
_ALSO = {
    "quality_system": "quality_certificate",
    "environment_system": "environment_certificate",
    "information_security": "security_certificate",
}


def vocabulary() -> tuple[Told, ...]:
    """Return the words as they were written, each as sure as the prior."""
    with (HERE / "vocabulary.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return tuple(Told(row["kind"], row["words"], _FOR / (_FOR + _AGAINST)) for row in rows)


def _sentences(lot: Lot) -> Iterator[str]:
    """Yield the sentences of a lot in which the words may count."""
    for criterion in lot.selection_criteria:
        for words in readings(criterion.name, criterion.description):
            yield from told(words)
    for words in readings(lot.title, lot.description):
        yield from filter(demands, sentences(words))


def learn(
    words: Sequence[Told],
    lots: Mapping[str, tuple[Lot, ...]],
    labels: tuple[Label, ...],
    notices: Iterable[Listed],
) -> tuple[Told, ...]:
    """Return the words, each as sure as some notices have it; a sentence counts once."""
    plain = Vocabulary(words, criterion=NOTHING, described=NOTHING)
    right: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    seen: set[str] = set()
    for notice in notices:
        kinds = set().union(*labelled(labels, notice).values())
        for sentence in (each for lot in lots[notice.notice] for each in _sentences(lot)):
            if sentence in seen:
                continue
            seen.add(sentence)
            for one in plain.told(sentence):
                asked = one.kind in kinds or _ALSO.get(one.kind) in kinds
                (right if asked else wrong)[one.kind, one.words] += 1
    return tuple(
        Told(one.kind, one.words, (right[key] + _FOR) / (right[key] + wrong[key] + _FOR + _AGAINST))
        for one in words
        for key in [(one.kind, one.words)]
    )


@dataclass(frozen=True, slots=True)
class Fold:
    """Notices to be read, words learnt from others, and what is to hold while they are read."""

    kept: Sequence[Listed]
    words: tuple[Told, ...]
    reading: Callable[[], AbstractContextManager[None]]


def choose(
    folds: Sequence[Fold], lots: Mapping[str, tuple[Lot, ...]], labels: tuple[Label, ...]
) -> tuple[float, float]:
    """Return from where on words count, in criteria and descriptions: the best F1 over folds.

    The first is chosen while descriptions are not read by words, then the second. Of equals the
    more careful.
    """

    def f1(criterion: float, described: float) -> float:
        right = others = 0.0
        for fold in folds:
            by = Vocabulary(fold.words, criterion=criterion, described=described)
            with fold.reading():
                counts, _ = measure(lots, labels, fold.kept, by)
            for one in counts.values():
                right += one.right.total()
                others += one.wrong.total() + one.missing.total()
        return round(2 * right / (2 * right + others), 6) if right else 0.0

    criterion = max(GRID, key=lambda least: (f1(least, NOTHING), least))
    return criterion, max(GRID, key=lambda least: (f1(criterion, least), least))


def write(words: Iterable[Told], criterion: float, described: float, path: Path = TABLE) -> None:
    """Write the table; words that count nowhere are left out."""
    rows = [Told(LEAST, "criterion", criterion), Told(LEAST, "described", described)]
    rows += [one for one in words if one.sure >= min(criterion, described)]
    lines = [f"{one.kind}\t{one.words}\t{one.sure:.4g}" for one in rows]
    path.write_text("\n".join(["kind\twords\tsure", *lines]) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    from training.hurdles.folds import nested  # noqa: PLC0415 - it learns by this module

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with tenders/ and eval/")
    given = parser.parse_args()
    every = notices_of(given.data)
    chosen = [one for one in listed() if one.part in {"tuning", "apart"}]
    by = nested(vocabulary(), {one.notice: every[one.notice] for one in chosen}, chosen, 5)
    write(by.words, by.criterion, by.described)
    print(f"wrote {TABLE.name}: criterion {by.criterion}, described {by.described}")


if __name__ == "__main__":
    main()
