from __future__ import annotations

import numpy as np
import pytest

from procmatch.linkage.features import FEATURES
from procmatch.linkage.index.columns import Array
from procmatch.linkage.model import Model, read_model
from procmatch.linkage.plain import plain_score
from training.linkage.collect import Rows, sheet_rows
from training.linkage.export import tables_of, written
from training.linkage.fit import DIRECTION, fitted
from training.linkage.noise import sheet
from training.linkage.refine import refined
from training.linkage.register import make

END = {
    "calibration": {"x": [0.0, 1.0], "y": [0.0, 1.0]},
    "thresholds": {"automatic": 0.9, "possible": 0.5},
}


def likelihood(rows: Rows, score: Array) -> float:
    """Return the mean log-likelihood of what is right, computed plainly."""
    total = 0.0
    for query in range(len(rows.known)):
        those = rows.query == query
        odds = np.exp(score[those])
        right = odds[rows.right[those]].sum()
        total += float(np.log((right or 1.0) / (1 + odds.sum())))
    return total / len(rows.known)


@pytest.fixture(scope="module")
def learned() -> tuple[Rows, Model, Model]:
    rows = sheet_rows(sheet(make(500, seed=1), count=600, seed=1), plain_score)
    content = tables_of(fitted(rows, rounds=40), FEATURES) | END
    before = read_model(written(content))
    after = read_model(written(refined(content, before, rows, DIRECTION)))
    return rows, before, after


def test_what_is_right_becomes_likelier(learned: tuple[Rows, Model, Model]) -> None:
    rows, before, after = learned
    first = likelihood(rows, before.score(rows.features))
    assert likelihood(rows, after.score(rows.features)) > first + 0.01


def test_tables_keep_their_edges_and_their_direction(learned: tuple[Rows, Model, Model]) -> None:
    _rows, before, after = learned
    for one, other in zip(before.tables, after.tables, strict=True):
        assert one.name == other.name
        np.testing.assert_array_equal(one.edges, other.edges)
        if direction := DIRECTION[one.name]:
            assert (np.diff(other.values[:-1]) * direction >= -1e-9).all(), one.name
