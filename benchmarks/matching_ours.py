"""The index of procmatch, as the benchmark asks it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from procmatch.matching.index import FirmIndex, Hit
from procmatch.matching.relevance import Firm, Need

__all__ = ["recall", "warm", "whole"]

LIMIT = 50
#: Lots asked one at a time, lots compared with the answer of all firms, firms that change.
ALONE, EXACT, CHANGES = 300, 400, 5_000
_ROUNDS = 3


def warm(firms: Sequence[Firm], lots: Sequence[Need]) -> None:
    """Compile the loops on a few firms, so that no figure holds the compiler's time."""
    few = list(firms)
    index = FirmIndex.build(few)
    index.search(lots[:2], limit=LIMIT)
    index.search(lots[:1], limit=LIMIT, thorough=True)
    index.update(few[:10]).search(lots[:2], limit=LIMIT)


def recall(found: Sequence[Sequence[Hit]], exact: Sequence[Sequence[Hit]]) -> float:
    """Return the mean share of the exact lists that was found; of equal scores any will do."""
    shares = []
    for mine, right in zip(found, exact, strict=True):
        if right:
            least = right[-1].score - 1e-6
            shares.append(sum(hit.score >= least for hit in mine) / len(right))
    return statistics.mean(shares)


def whole(
    stream: Callable[[], Iterator[Firm]],
    lots: Sequence[Need],
    folder: Path,
    memory: Callable[[], float],
) -> dict[str, float]:
    """Measure building, opening, many lots, one lot alone, and changes.

    Args:
        stream: yields the firms, again each time.
        lots: to be answered.
        folder: where the index is saved.
        memory: the most that this process has held, in MB.

    Returns:
        ``reading`` is what it takes to read the firms and do nothing; it is part of ``build``.
        ``memory`` is that of the whole process while it reads and builds.
    """
    started = time.perf_counter()
    for _firm in stream():
        pass
    reading = time.perf_counter() - started
    started, worked = time.perf_counter(), time.process_time()
    index = FirmIndex.build(stream())
    build, build_cpu = time.perf_counter() - started, time.process_time() - worked
    most = memory()
    index.save(folder / "saved")
    del index
    started = time.perf_counter()
    index = FirmIndex.load(folder / "saved")
    load = time.perf_counter() - started
    index.search(lots[:4], limit=LIMIT)
    seconds, cpu = [], []
    for _ in range(_ROUNDS):
        started, worked = time.perf_counter(), time.process_time()
        found = index.search(lots, limit=LIMIT)
        seconds.append(time.perf_counter() - started)
        cpu.append((time.process_time() - worked) * 1000 / len(lots))
    some = range(0, len(lots), max(1, len(lots) // EXACT))
    exact = index.search([lots[at] for at in some], limit=LIMIT, thorough=True)
    alone, one_ms, one_cpu = [], [], []
    for at in range(0, len(lots), max(1, len(lots) // ALONE)):
        started, worked = time.perf_counter(), time.process_time()
        alone.append(index.search([lots[at]], limit=LIMIT)[0])
        one_ms.append((time.perf_counter() - started) * 1000)
        one_cpu.append((time.process_time() - worked) * 1000)
    changed = [replace(firm, turnover=1e6) for firm in islice(stream(), CHANGES)]
    started, worked = time.perf_counter(), time.process_time()
    index.update(changed).search(lots[:1], limit=LIMIT)
    update, update_cpu = time.perf_counter() - started, time.process_time() - worked
    rate = len(lots) / statistics.median(seconds)
    return {
        "lots": len(lots),
        "rate": rate,
        "cpu": statistics.median(cpu),
        "least": len(lots) / max(seconds),
        "most": len(lots) / min(seconds),
        "recall": recall([found[at] for at in some], exact),
        "compared": len(some),
        "one_ms": statistics.median(one_ms),
        "one_cpu": statistics.median(one_cpu),
        "one_most": statistics.quantiles(one_ms, n=20)[-1],
        "reading": reading,
        "build": build,
        "build_cpu": build_cpu,
        "memory": most,
        "load": load,
        "changed": len(changed),
        "update": update,
        "update_cpu": update_cpu,
    }
