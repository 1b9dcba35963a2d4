"""What a score achieves on made-up queries and on the tables of hard pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from procmatch.linkage.features import column
from procmatch.linkage.index.columns import Array
from procmatch.linkage.model import Model
from training.linkage.collect import Rows, rows_of
from training.linkage.fit import Best
from training.linkage.noise import Noisy
from training.linkage.tables import HandPair, register_of

__all__ = ["by_noise", "hard_rows", "lines"]


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _automatic(rows: Rows, best: Best, probability: Array, least: float) -> tuple[Array, Array]:
    """Say which best candidates pass, by probability and by that and what confirms the name."""
    features = rows.features[best.row]
    confirmed = column(features, "place") >= 2
    for name in ("street", "site"):
        confirmed |= column(features, name) == 1
    passed: Array = probability >= least
    return passed, passed & confirmed


def lines(name: str, rows: Rows, best: Best, model: Model | None) -> Iterator[str]:
    """Yield figures of one score.

    Args:
        name: of the score. rows: queries. best: the best candidates by the score.
        model: the score, or None for one without probabilities.
    """
    known, queries = int(rows.known.sum()), len(rows.known)
    found = np.zeros(queries, dtype=bool)
    np.logical_or.at(found, rows.query, rows.right)
    at_one = int(best.right.sum())
    yield f"{name}: {queries} queries, {known} of units in the register"
    yield f"  first {_share(at_one, known)}, among the candidates {_share(found.sum(), known)}"
    if model is None:
        return
    probability = model.calibrate(best.probability)
    both = _automatic(rows, best, probability, model.thresholds["automatic"])
    answered = probability >= model.thresholds["possible"]
    for what, passed in zip(("automatic", "automatic and confirmed"), both, strict=True):
        wrong = int((passed & ~best.right).sum())
        yield (
            f"  {what}: {_share(passed.sum(), queries)} of queries, "
            f"{wrong} wrong ({_share(wrong, passed.sum())})"
        )
    right = int((answered & best.right).sum())
    yield (
        f"  answered: precision {_share(right, answered.sum())}, recall {_share(right, known)}, "
        f"error of calibration {_calibration_error(probability, best.right):.4f}"
    )


def _calibration_error(probability: Array, right: Array, parts: int = 15) -> float:
    """Return how far probabilities lie from what happened, on average, in parts of equal size."""
    order = np.argsort(probability, kind="stable")
    gaps = [
        abs(probability[part].mean() - right[part].mean()) * len(part)
        for part in np.array_split(order, parts)
        if len(part)
    ]
    return float(sum(gaps) / max(1, len(order)))


def by_noise(rows: Rows, best: Best, model: Model) -> Iterator[str]:
    """Yield a line for each sort of noise: queries, first, automatic, wrong."""
    probability = model.calibrate(best.probability)
    _all, confirmed = _automatic(rows, best, probability, model.thresholds["automatic"])
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for noise, known in zip(rows.noise, rows.known.tolist(), strict=True):
        counts[noise][0] += 1
        counts[noise][1] += known
    for at, query in enumerate(best.query.tolist()):
        count = counts[rows.noise[query]]
        count[2] += bool(best.right[at])
        count[3] += bool(confirmed[at])
        count[4] += bool(confirmed[at] and not best.right[at])
    yield "| noise | queries | first | automatic | wrong |"
    yield "|---|---|---|---|---|"
    for noise, (queries, known, first, linked, wrong) in sorted(counts.items()):
        yield f"| {noise} | {queries} | {_share(first, known)} | {linked} | {wrong} |"


def hard_rows(pairs: Sequence[HandPair], model: Model) -> Iterator[str]:
    """Yield a line for each table of hard pairs, each a register of its own.

    A ``yes`` is right when its unit is first; a ``no`` or ``nobody`` is wrong when that unit, or
    any, is linked without a person.
    """
    tables: dict[str, list[HandPair]] = defaultdict(list)
    for pair in pairs:
        tables[pair.table].append(pair)
    yield "| table | yes | first | automatic | no or nobody | answered | automatic |"
    yield "|---|---|---|---|---|---|---|"
    for name, those in sorted(tables.items()):
        yield "| " + " | ".join(str(one) for one in (name, *_counted(those, model))) + " |"


def _counted(pairs: Sequence[HandPair], model: Model) -> Iterable[int]:
    units = register_of(pairs)
    queries = [
        Noisy(
            query=pair.query, truth=units[pair.unit].id, noise=pair.same, about=units[pair.unit].id
        )
        for pair in pairs
    ]
    rows = rows_of(units.values(), queries, model.score)
    best = Best(rows, np.round(model.score(rows.features), 6))
    probability = model.calibrate(best.probability)
    _all, automatic = _automatic(rows, best, probability, model.thresholds["automatic"])
    yes = first = sure = other = said = wrong = 0
    at = {query: row for row, query in enumerate(best.query.tolist())}
    for number, pair in enumerate(pairs):
        row = at.get(number)
        hit = row is not None and bool(best.right[row])
        answered = row is not None and bool(probability[row] >= model.thresholds["possible"])
        linked = row is not None and bool(automatic[row])
        if pair.same == "yes":
            yes, first, sure = yes + 1, first + hit, sure + (linked and hit)
        else:
            is_meant = hit if pair.same == "no" else row is not None
            other += 1
            said += answered and is_meant
            wrong += linked and is_meant
    return yes, first, sure, other, said, wrong
