"""The linker of procmatch, as the benchmark asks it: with and without learning."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import linkage_peers as peers
import numpy as np
from linkage_noise import Printed
from linkage_register import Unit, organisations

from procmatch.linkage import Candidate, Linker, Query
from procmatch.linkage.query import ask
from procmatch.linkage.rank import rank
from procmatch.linkage.scoring import PLAIN, Scorer
from procmatch.model.organisation import NORWAY, OrgId

__all__ = ["METHODS", "face", "shipped"]

Answer = Callable[[Sequence[Printed]], peers.Answers]
_CHANGES, _LOOK_UPS = 5_000, 300


def _answer(linker: Linker, units: Sequence[Unit], *, placed: bool = False) -> Answer:
    place = {unit.number: at for at, unit in enumerate(units)}

    def answer(printed: Sequence[Printed]) -> peers.Answers:
        queries = [Query(name=one.name, place=one.city if placed else None) for one in printed]
        return _best(linker.best_many(queries), place)

    return answer


def _best(best: Sequence[Candidate | None], place: dict[str, int]) -> peers.Answers:
    at = np.array([place[one.org.number] if one else -1 for one in best], dtype=np.int64)
    return at, np.array([one.fit if one else -1.0 for one in best])


def _linker(units: Sequence[Unit]) -> Linker:
    return Linker.build(organisations(iter(units)))


def shipped(units: Sequence[Unit], _tune: Sequence[Printed]) -> Answer:
    return _answer(_linker(units), units)


def shipped_with_place(units: Sequence[Unit], _tune: Sequence[Printed]) -> Answer:
    return _answer(_linker(units), units, placed=True)


def _learn(linker: Linker, units: Sequence[Unit], tune: Sequence[Printed]) -> Scorer:
    """Learn from the names that thresholds are chosen on, and from nothing else."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    labels = []
    meant = {unit.number: unit.name.casefold() for unit in units}
    ranked = rank(
        linker.parts,
        [ask(Query(name=one.name)) for one in tune],
        PLAIN.score,
        names=linker.names,
    )
    segment = linker.parts[0].segment
    for row, query in enumerate(ranked.query.tolist()):
        number = segment.unit_number[int(ranked.unit[row])]
        labels.append(meant[number] == tune[query].meant.casefold())
    classifier = HistGradientBoostingClassifier(max_iter=200, learning_rate=0.08, random_state=0)
    # What is never known here (streets, websites) cannot be learned from.
    told = ~np.isnan(ranked.features).all(axis=0)
    classifier.fit(ranked.features[:, told], np.array(labels))

    def score(found: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        learned: np.ndarray[Any, Any] = classifier.decision_function(found[:, told])
        return learned

    return Scorer(
        name="tuned",
        score=score,
        calibrate=PLAIN.calibrate,
        automatic=PLAIN.automatic,
        possible=PLAIN.possible,
    )


def tuned(units: Sequence[Unit], tune: Sequence[Printed]) -> Answer:
    linker = _linker(units)
    return _answer(linker.scored_by(_learn(linker, units, tune)), units)


def tuned_on_trigrams(units: Sequence[Unit], tune: Sequence[Printed]) -> Answer:
    """Our learned score on the candidates of the best peer: whose merit is it?"""
    linker = _linker(units)
    linker = linker.scored_by(_learn(linker, units, tune))
    vectorizer, matrix, _names = peers.trigram_matrix(units)
    place = {unit.number: at for at, unit in enumerate(units)}

    def answer(printed: Sequence[Printed]) -> peers.Answers:
        hits = peers.trigram_hits(
            vectorizer, matrix, [peers.plain(one.name) for one in printed], 10
        )
        given = [
            [
                OrgId(NORWAY, units[at].number)
                for at in hits.indices[hits.indptr[row] : hits.indptr[row + 1]]
            ]
            for row in range(len(printed))
        ]
        queries = [Query(name=one.name) for one in printed]
        ranked = linker.rank_many(list(zip(queries, given, strict=True)))
        return _best([found[0] if found else None for found in ranked], place)

    return answer


def face(units: Sequence[Unit], folder: Path) -> dict[str, object]:
    """Measure what a user meets: building, opening, one name, changes."""
    started = time.perf_counter()
    every = list(organisations(iter(units)))
    making = time.perf_counter() - started
    started = time.perf_counter()
    linker = Linker.build(every)
    build = time.perf_counter() - started
    changed = every[:_CHANGES]
    del every
    linker.save(folder / "saved")
    started = time.perf_counter()
    linker = Linker.load(folder / "saved")
    load = time.perf_counter() - started
    linker.link(units[0].name)
    seconds = []
    for unit in units[:: max(1, len(units) // _LOOK_UPS)]:
        started = time.perf_counter()
        linker.link(unit.name, place=unit.city)
        seconds.append(time.perf_counter() - started)
    started = time.perf_counter()
    linker.update(changed).link(units[0].name)
    update = time.perf_counter() - started
    return {
        "method": "face",
        "making": making,
        "build": build,
        "load": load,
        "one_ms": statistics.median(seconds) * 1000,
        "update": update,
    }


METHODS: dict[str, Callable[[Sequence[Unit], Sequence[Printed]], Answer]] = {
    "procmatch, without learning": shipped,
    "procmatch, without learning, with places": shipped_with_place,
    "procmatch, learned on the names for thresholds": tuned,
    "the same score on the candidates of trigrams": tuned_on_trigrams,
}
