"""Learn the weights of sentences: from a grammar of requirements and from labelled notices.

    python -m training.hurdles.learn --data DIR

``grammar.tsv`` (kind, language, form, words) holds what may be asked for, written from the law and the
standard forms; a *thing* is put into the frames of its language, a *sentence* stands as it is.
``nothing`` is what no supplier has to show. Of notices, a sentence is an example of a kind that its
lot is labelled with where a sign shows it there, and no example of the kinds that its lot is not
labelled with. The rest of a notice's sentences say nothing of that kind.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from procmatch.matching.learned import BASE, Weights, features
from procmatch.matching.requirements import demands, kinds_of, told
from procmatch.matching.sentences import readings, sentences
from procmatch.model.notice import Lot
from training.hurdles.corpus import HERE, Label, Listed, listed, notices_of, read_labels
from training.hurdles.measure import labelled

__all__ = ["Example", "examples_of", "fit", "made_up"]

FRAMES = {
    "nb": (
        "{}", "Leverandøren skal ha {}", "Tilbyder må ha {}", "Det kreves {}",
        "Det stilles krav om {}", "Dokumentasjon på {}", "Leverandøren skal kunne dokumentere {}",
        "{} skal vedlegges tilbudet",
    ),
    "nn": (
        "{}", "Leverandøren skal ha {}", "Tilbydar må ha {}", "Det er krav om {}",
        "Dokumentasjon på {}", "{} skal leggjast ved",
    ),
    "en": (
        "{}", "The supplier must have {}", "The tenderer shall have {}", "Evidence of {}",
        "Tenderers must submit {}", "{} is required",
    ),
}  # fmt: skip
NOTHING = "nothing"
#: Inverse of the penalty on weights; a made-up sentence counts this part of a real one.
_LOOSE, _MADE_UP = 2.0, 1.0
#: Smaller weights are left out of the table.
_LEAST = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence in lower case: kinds it asks for, and those of which it says nothing."""

    sentence: str
    kinds: frozenset[str]
    unknown: frozenset[str] = frozenset()


def made_up() -> tuple[Example, ...]:
    """Return the sentences of the grammar."""
    found: dict[str, set[str]] = defaultdict(set)
    with (HERE / "grammar.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            frames = FRAMES[row["language"]] if row["form"] == "thing" else ("{}",)
            for frame in frames:
                found[frame.format(row["words"]).lower()].add(row["kind"])
    return tuple(Example(words, frozenset(kinds - {NOTHING})) for words, kinds in found.items())


def _sentences(lot: Lot) -> Iterator[str]:
    """Yield the sentences of a lot that the extractor asks the weights about."""
    for criterion in lot.selection_criteria:
        for words in readings(criterion.name, criterion.description):
            yield from told(words)
    for words in readings(lot.title):
        yield from sentences(words)
    for words in readings(lot.description):
        yield from filter(demands, sentences(words))


def examples_of(
    lots: Mapping[str, tuple[Lot, ...]], labels: tuple[Label, ...], notices: Iterable[Listed]
) -> tuple[Example, ...]:
    """Return each sentence of some notices once, with what their labels say of it."""
    found: dict[str, Example] = {}
    for notice in notices:
        truth = labelled(labels, notice)
        for lot in lots[notice.notice]:
            for sentence in _sentences(lot):
                kinds = truth[lot.id] & set(kinds_of(sentence))
                found[sentence] = Example(
                    sentence, frozenset(kinds), frozenset(truth[lot.id] - kinds)
                )
    return tuple(found.values())


def fit(real: Iterable[Example]) -> Weights:
    """Fit one logistic regression a kind on the grammar and on real examples."""
    grammar = made_up()
    every = (*grammar, *real)
    counts = np.array([_MADE_UP] * len(grammar) + [1.0] * (len(every) - len(grammar)))
    told_by = [sorted(features(one.sentence)) for one in every]
    number = {name: at for at, name in enumerate(sorted({name for row in told_by for name in row}))}
    starts = np.cumsum([0, *map(len, told_by)])
    columns = np.array([number[name] for row in told_by for name in row])
    matrix = csr_matrix((np.ones(len(columns)), columns, starts), (len(every), len(number)))
    names = list(number)
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for kind in sorted({kind for one in grammar for kind in one.kinds}):
        kept = np.array([kind not in one.unknown for one in every])
        asked = np.array([kind in one.kinds for one in every])[kept]
        model = LogisticRegression(C=_LOOSE, solver="liblinear", random_state=0)
        model.fit(matrix[kept], asked, sample_weight=counts[kept])
        table[BASE][kind] = float(model.intercept_[0])
        for at in np.flatnonzero(np.abs(model.coef_[0]) >= _LEAST):
            table[names[at]][kind] = float(model.coef_[0][at])
    return table
