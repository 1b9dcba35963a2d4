"""Names to organisations, against what else one can install, on an invented register.

    python benchmarks/bench_linkage.py [--rows N] [--names N] [--only METHOD] [--report FILE]

Every method answers the same printed names and chooses its threshold on other ones, for the best
F1. An answer is right when the unit has the name of the unit meant: without places nobody can tell
namesakes apart. Each method runs in a process of its own; the ratio of times is measured in one
process, in turns. Generated data shows speed, and where a method fails; it is no claim of accuracy.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import linkage_ours as ours
import linkage_peers as peers
import numpy as np
from linkage_noise import Printed, print_names
from linkage_register import Unit, read, write
from linkage_report import put_into, table
from numpy.typing import NDArray
from own_process import in_own_process

Array = NDArray[Any]
ROWS, NAMES, TUNE = 1_100_000, 20_000, 5_000
PAIRED, ROUNDS = 4_000, 3
#: Of every hundred units, those that the register lacks.
ABSENT = 1 / 100


@dataclass(frozen=True, slots=True)
class World:
    """A register, and names printed of it: to choose thresholds on, and to be judged by."""

    units: list[Unit]
    tune: list[Printed]
    test: list[Printed]


def world(folder: Path, rows: int, names: int) -> World:
    """Return the invented world; its register is kept in ``folder``."""
    file = folder / f"register-{rows}.csv"
    if not file.exists():
        write(file.with_suffix(".part"), int(rows * (1 + ABSENT)))
        file.with_suffix(".part").rename(file)
    every = list(read(file))
    units, absent = every[:rows], every[rows:]
    tune = print_names(units, absent, min(TUNE, names), seed=1)
    return World(units, tune, print_names(units, absent, names, seed=2))


def right(units: Sequence[Unit], printed: Sequence[Printed], at: Array) -> Array:
    """Say which answers name the unit meant."""
    named = {unit.name.casefold() for unit in units}
    return np.array(
        [
            place >= 0
            and one.meant.casefold() in named
            and units[place].name.casefold() == one.meant.casefold()
            for place, one in zip(at.tolist(), printed, strict=True)
        ]
    )


def known(units: Sequence[Unit], printed: Sequence[Printed]) -> int:
    """Return how many names can be answered at all."""
    named = {unit.name.casefold() for unit in units}
    return sum(one.meant.casefold() in named for one in printed)


def f1(
    is_right: Array,
    score: Array,
    threshold: float,
    wanted: int,
) -> tuple[float, float, float]:
    """Return F1, precision and recall of the answers from a threshold on."""
    given = score >= threshold
    hits = float((is_right & given).sum())
    precision, recall = hits / max(1, int(given.sum())), hits / max(1, wanted)
    both = precision + recall
    return (2 * precision * recall / both if both else 0.0), precision, recall


def judge(
    here: World, answer: Callable[[Sequence[Printed]], peers.Answers], sample: int | None
) -> dict[str, float]:
    """Answer all names; choose the threshold on some, measure on the others."""
    tune = here.tune[: sample // 2] if sample else here.tune
    test = here.test[:sample] if sample else here.test
    at, score = answer(tune)
    fits = right(here.units, tune, at)
    wanted = known(here.units, tune)
    steps = np.unique(np.quantile(score, np.linspace(0, 1, 400)))
    threshold = max(steps, key=lambda step: f1(fits, score, step, wanted)[0])
    started = time.perf_counter()
    at, score = answer(test)
    seconds = time.perf_counter() - started
    best, precision, recall = f1(
        right(here.units, test, at), score, float(threshold), known(here.units, test)
    )
    return {
        "names": len(test),
        "seconds": seconds / len(test) * 20_000,
        "precision": precision,
        "recall": recall,
        "f1": best,
    }


def memory() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(method: str, folder: Path, rows: int, names: int) -> dict[str, object]:
    """Measure one method in this process."""
    here = world(folder, rows, names)
    before = memory()
    started = time.perf_counter()
    if method in ours.METHODS:
        answer = ours.METHODS[method](here.units, here.tune)
    else:
        answer = peers.PEERS[method](here.units)
    build = time.perf_counter() - started
    found = judge(here, answer, peers.SAMPLE.get(method))
    return {"method": method, "build": build, "memory": memory() - before, **found}


def paired(folder: Path, rows: int) -> dict[str, object]:
    """Measure the best peer and ours on the same names in turns, in one process."""
    here = world(folder, rows, PAIRED)
    peer, mine = peers.reranked_trigrams(here.units), ours.shipped(here.units, here.tune)
    ratios = []
    for _ in range(ROUNDS):
        seconds = []
        for answer in (peer, mine):
            started = time.perf_counter()
            answer(here.test)
            seconds.append(time.perf_counter() - started)
        ratios.append(seconds[0] / seconds[1])
    return {
        "method": "ratio",
        "median": statistics.median(ratios),
        "least": min(ratios),
        "most": max(ratios),
    }


def options_given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=None, help="units of the register")
    parser.add_argument("--names", type=int, default=None, help="names to look up")
    parser.add_argument("--only", action="append", help="a method; may be given again")
    parser.add_argument("--report", type=Path, help="file whose section on linkage is replaced")
    parser.add_argument("--folder", type=Path, help="where the invented register is kept")
    parser.add_argument("--full", action="store_true", help="1.1 million units, 20,000 names")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.rows = options.rows or (ROWS if options.full else 50_000)
    options.names = options.names or (NAMES if options.full else 2_000)
    return options


def main() -> None:
    options = options_given()
    folder = options.folder or Path(tempfile.gettempdir()) / "procmatch-bench"
    folder.mkdir(parents=True, exist_ok=True)
    if options.here == "ratio":
        print(json.dumps(paired(folder, options.rows)))
        return
    if options.here == "face":
        print(json.dumps(ours.face(world(folder, options.rows, PAIRED).units, folder)))
        return
    if options.here:
        print(json.dumps(run(options.here, folder, options.rows, options.names)))
        return
    world(folder, options.rows, options.names)
    methods = [*ours.METHODS, *peers.PEERS, "ratio", "face"]
    found = []
    for method in options.only or methods:
        asked = ("--rows", str(options.rows), "--names", str(options.names))
        found.append(in_own_process(Path(__file__), method, *asked, "--folder", str(folder)))
        print(json.dumps(found[-1]), flush=True)
        if options.report:
            # After each method: what an hour has measured is not lost with the last one.
            text = table(found, rows=options.rows, names=options.names)
            put_into(options.report, "linkage", text)
    print(table(found, rows=options.rows, names=options.names))


if __name__ == "__main__":
    main()
