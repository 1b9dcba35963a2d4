from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from procmatch.linkage.model import read_model
from training.linkage.export import rescaled, rounded, tables_of, written

NAMES = ("a", "b", "c", "d")
END = {
    "calibration": {"x": [0.0, 1.0], "y": [0.0, 1.0]},
    "thresholds": {"automatic": 0.9, "possible": 0.5},
}


def sample(rows: int = 4000) -> tuple[Any, Any]:
    rng = np.random.default_rng(11)
    given = rng.normal(size=(rows, len(NAMES))).astype(np.float32)
    given[:, 2] = rng.integers(0, 4, rows)
    given[rng.random(given.shape) < 0.15] = np.nan
    known = np.nan_to_num(given, nan=-0.7)
    odds = known[:, 0] + np.where(known[:, 2] > 1, known[:, 1], -known[:, 1])
    return given, rng.random(rows) < 1 / (1 + np.exp(-2 * odds))


@pytest.fixture(scope="module")
def fitted() -> HistGradientBoostingClassifier:
    given, answer = sample()
    return HistGradientBoostingClassifier(
        max_iter=80,
        max_depth=2,
        interaction_cst=[{0}, {1}, {2}, {3}, {1, 2}, {0, 2}],
        monotonic_cst=[1, 0, 0, 0],
        early_stopping=False,
        random_state=0,
    ).fit(given, answer)


def test_the_tables_add_up_to_what_was_learned(fitted: HistGradientBoostingClassifier) -> None:
    model = read_model(json.dumps(tables_of(fitted, NAMES) | END), known=NAMES)
    assert {pair.names for pair in model.pairs} == {("a", "c"), ("b", "c")}
    rng = np.random.default_rng(12)
    unseen = rng.normal(size=(5000, len(NAMES))).astype(np.float32) * 2
    unseen[rng.random(unseen.shape) < 0.3] = np.nan
    for rows in (sample()[0], unseen):
        expected = fitted.decision_function(rows)
        np.testing.assert_allclose(model.score(rows), expected, rtol=0, atol=1e-6)


def test_a_value_on_an_edge_falls_on_the_same_side(fitted: HistGradientBoostingClassifier) -> None:
    model = read_model(json.dumps(tables_of(fitted, NAMES) | END), known=NAMES)
    edges = next(table.edges for table in model.tables if table.name == "a")
    rows = np.zeros((len(edges), len(NAMES)))
    rows[:, 0] = edges
    np.testing.assert_allclose(model.score(rows), fitted.decision_function(rows), atol=1e-6)


def test_a_rescaled_model_scores_on_the_other_scale(fitted: HistGradientBoostingClassifier) -> None:
    rows = sample()[0]
    model = read_model(json.dumps(rescaled(tables_of(fitted, NAMES), 0.5, 2.0) | END), known=NAMES)
    np.testing.assert_allclose(model.score(rows), 0.5 * fitted.decision_function(rows) + 2)


def test_the_file_for_people_says_nearly_the_same(fitted: HistGradientBoostingClassifier) -> None:
    text = written(rounded(tables_of(fitted, NAMES)) | END)
    assert text == written(json.loads(text))
    model = read_model(text, known=NAMES)
    rows = sample()[0]
    np.testing.assert_allclose(model.score(rows), fitted.decision_function(rows), atol=1e-3)


def test_trees_of_three_features_are_refused() -> None:
    given, answer = sample(1000)
    deep = HistGradientBoostingClassifier(max_iter=20, max_depth=4).fit(given, answer)
    with pytest.raises(ValueError, match="features"):
        tables_of(deep, NAMES)
