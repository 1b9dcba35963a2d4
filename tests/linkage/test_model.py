from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from procmatch.errors import LinkageError
from procmatch.linkage.features import FEATURES
from procmatch.linkage.model import Model, learned, read_model

COLUMNS = ("likeness", "place")


def content(**changes: object) -> dict[str, Any]:
    return {
        "version": 1,
        "intercept": -1.0,
        "features": [
            {"name": "likeness", "edges": [0.5, 0.9], "values": [-2.0, 0.0, 2.0], "missing": 0.25}
        ],
        "pairs": [
            {
                "features": ["likeness", "place"],
                "edges": [[0.7], [1.5]],
                "values": [[0.0, 0.5, 0.1], [0.0, 1.0, 0.2], [7.0, 8.0, 9.0]],
            }
        ],
        "calibration": {"x": [0.0, 0.5, 1.0], "y": [0.0, 0.25, 0.9]},
        "thresholds": {"automatic": 0.95, "possible": 0.5},
        **changes,
    }


def model(**changes: object) -> Model:
    return read_model(json.dumps(content(**changes)), known=COLUMNS)


def test_the_score_is_what_the_tables_say() -> None:
    nan = np.nan
    rows = np.array([[0.4, 1], [0.5, 1], [0.6, 2], [0.95, 2], [0.95, nan], [nan, 1], [nan, nan]])
    expected = [-1 - 2, -1 - 2, -1 + 0.5, -1 + 2 + 1, -1 + 2 + 0.2, -1 + 0.25 + 7, -1 + 0.25 + 9]
    np.testing.assert_allclose(model().score(rows), expected)
    np.testing.assert_allclose(model().score(rows.astype(np.float32)), expected)


def test_no_pair_has_no_score() -> None:
    assert model().score(np.zeros((0, 2))).shape == (0,)


def test_contributions_and_the_intercept_make_the_score() -> None:
    rows = np.array([[0.4, 1], [0.95, 2], [np.nan, 0]])
    added = model().contributions(rows)
    assert list(added) == ["likeness", "likeness, place"]
    np.testing.assert_allclose(model().score(rows), -1 + sum(added.values()))


def test_calibration_runs_straight_between_its_points() -> None:
    np.testing.assert_allclose(model().calibrate(np.array([0.25, 0.75, 1])), [0.125, 0.575, 0.9])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 2}, "version 2"),
        ({"features": [{"name": "colour", "edges": [], "values": [1], "missing": 0}]}, "colour"),
        ({"features": [{"name": "place", "edges": [1], "values": [1], "missing": 0}]}, "1 edges"),
        ({"features": [{"name": "place", "edges": [2, 1], "values": [1, 2, 3], "missing": 0}]},
         "do not rise"),
        ({"features": [{"name": "place", "edges": [1], "values": [1, 2]}]}, "'missing'"),
        ({"features": [{"name": "place", "edges": [1], "values": [1, None], "missing": 0}]},
         "place"),
        ({"features": 7}, "not as agreed"),
        ({"pairs": [{"features": ["place", "likeness"], "edges": [[], []], "values": [[1]]}]},
         "shape"),
        ({"intercept": float("nan")}, "not finite"),
        ({"calibration": {"x": [0, 1], "y": [1, 0]}}, "calibration"),
        ({"calibration": {"x": [0, 1], "y": [1]}}, "model.json"),
        ({"thresholds": {"possible": 0.5}}, "'automatic'"),
    ],
)  # fmt: skip
def test_a_model_that_is_not_as_agreed_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(LinkageError, match=said):
        model(**changes)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_file_that_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(LinkageError, match=r"other\.json"):
        read_model(text, source="other.json")


def test_the_model_that_is_shipped_scores_every_column() -> None:
    shipped = learned()
    if shipped is None:
        pytest.skip("no model is shipped")
    assert shipped is learned()
    rows = np.full((3, len(FEATURES)), np.nan, dtype=np.float32)
    assert np.isfinite(shipped.score(rows)).all()
    assert {table.name for table in shipped.tables} <= set(FEATURES)
    assert 0 < shipped.thresholds["possible"] < shipped.thresholds["automatic"] < 1


@pytest.mark.parametrize(
    "name", ["its_words", "my_words", "sorted", "compact", "place", "street", "site"]
)
def test_more_agreement_never_lowers_the_shipped_score(name: str) -> None:
    shipped = learned()
    if shipped is None:
        pytest.skip("no model is shipped")
    rng = np.random.default_rng(7)
    base = rng.uniform(0, 1, (50, len(FEATURES)))
    at = FEATURES.index(name)
    values = (0, 1, 2, 3) if name == "place" else (0, 0.3, 0.6, 0.8, 0.95, 1)
    scores = []
    for value in values:
        rows = base.copy()
        rows[:, at] = value
        scores.append(shipped.score(rows))
    assert (np.diff(np.array(scores), axis=0) >= -1e-9).all()
