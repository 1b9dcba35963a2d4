"""Make the learned score of linkage: ``python -m training.linkage.train``.

Everything it learns from is made here or was written by hand; see docs/models/linkage.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from procmatch.linkage.model import read_model
from procmatch.linkage.plain import plain_score
from procmatch.linkage.rank import Score
from training.linkage.collect import Rows, hand_rows, joined, sheet_rows
from training.linkage.figures import by_noise, hard_rows, lines
from training.linkage.fit import Best, best_of, finished, learn
from training.linkage.noise import Sheet, sheet
from training.linkage.register import listed, make
from training.linkage.tables import HARD, PAIRS, read

__all__ = ["main", "run"]

_OUT = Path(__file__).parents[2] / "procmatch" / "linkage" / "model.json"
#: Sizes of registers as shares of the largest, and shares of the queries: rarity means something
#: else in a small register, and the score must do in both.
_REGISTERS = ((0.1, 0.2), (0.35, 0.3), (1.0, 0.5))
_HAND_WEIGHT = 20.0


def sheets(size: int, queries: int, seed: int) -> list[Sheet]:
    """Return registers of several sizes with queries; another seed gives other organisations."""
    return [
        sheet(
            make(max(200, int(size * of_size)), seed=seed + at),
            count=int(queries * of_queries),
            held_out=(0.2, 0.33)[at % 2],
            seed=seed + at,
        )
        for at, (of_size, of_queries) in enumerate(_REGISTERS)
    ]


def rows_of_all(several: Sequence[Sheet], score: Score) -> Rows:
    """Return the rows of several sheets."""
    return joined([sheet_rows(one, score) for one in several])


def run(*, size: int, queries: int, rounds: int) -> str:
    """Learn and return the text of a model file; print figures.

    Args:
        size: of the largest register. queries: to learn from. rounds: trees.
    """
    started = time.perf_counter()
    pairs = list(read(PAIRS))
    learning, holding = sheets(size, queries, 100), sheets(size, queries // 3, 200)
    among = listed(learning[0].register)

    def rows(score: Score) -> Rows:
        return joined(
            [rows_of_all(learning, score), hand_rows(pairs, among, score, weight=_HAND_WEIGHT)]
        )

    # Which of its names a unit is compared by depends on the score, so it is learned twice.
    first = learn(rows(plain_score), rounds=rounds)
    text = finished(rows(first.score), rows_of_all(holding, first.score), rounds=rounds)
    model = read_model(text)
    print(f"learned in {time.perf_counter() - started:.0f} s; thresholds {dict(model.thresholds)}")
    test = sheets(size, queries // 3, 300)
    plain = rows_of_all(test, plain_score)
    found = rows_of_all(test, model.score)
    best = best_of(found, model)
    for said in (
        lines("plain score", plain, Best(plain, plain_score(plain.features)), None),
        lines("learned score", found, best, model),
        by_noise(found, best, model),
        hard_rows(list(read(HARD)), model),
    ):
        print(*said, sep="\n")
        print()
    return text


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=30_000, help="units of the largest register")
    parser.add_argument("--queries", type=int, default=20_000, help="to learn from")
    parser.add_argument("--rounds", type=int, default=300, help="trees")
    parser.add_argument("--out", type=Path, default=_OUT, help="the model file")
    given = parser.parse_args()
    text = run(size=given.size, queries=given.queries, rounds=given.rounds)
    given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
