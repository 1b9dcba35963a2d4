"""Learn a score, make it a probability, and set thresholds by what errors cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from procmatch.linkage.features import FEATURES
from procmatch.linkage.index.columns import Array
from procmatch.linkage.model import Model, read_model
from training.linkage.collect import Rows
from training.linkage.export import rescaled, rounded, tables_of, written

__all__ = [
    "COST",
    "Best",
    "best_of",
    "calibrated",
    "finished",
    "fitted",
    "learn",
    "scaled",
    "thresholds",
]

#: A wrong automatic link costs as much as this many that a person has to make.
COST = 30.0
#: More of these never lowers the score, or never raises it; the others may go either way.
_MORE = (
    *("its_words", "my_words", "met", "sorted", "compact", "beginning", "part", "start", "first"),
    *("form", "place", "street", "site", "living"),
)
_LESS = ("its_rarest", "my_rarest", "group", "figures", "namesakes")
#: Features that say more together.
PAIRS = (
    ("its_words", "my_words"),
    ("place", "namesakes"),
    ("place", "met"),
    ("place", "sorted"),
    ("form", "namesakes"),
    ("kind", "place"),
    ("words", "my_words"),
    ("my_rarest", "place"),
)
_BINS = 40
_PARTS = 40
_LEAST_IN_PART = 25


class Best:
    """The best candidate of each query that has any.

    Attributes:
        probability: beside the other candidates and nobody. right: whether it is the one meant.
        query: which query. row: which row. known: whether the unit meant was there to be found.
    """

    def __init__(self, rows: Rows, score: Array) -> None:
        ends = rows.ends
        self.query = np.flatnonzero(np.diff(ends))
        starts = ends[:-1][self.query]
        top = np.maximum.reduceat(score, starts) if len(starts) else np.zeros(0)
        of_row = np.repeat(np.arange(len(starts)), np.diff(ends)[self.query])
        is_top = np.flatnonzero(score >= top[of_row])
        # The first of several that are equal.
        self.row = is_top[np.unique(of_row[is_top], return_index=True)[1]]
        odds = np.exp(np.clip(score, -30, 30))
        total = np.add.reduceat(odds, starts) if len(starts) else np.zeros(0)
        self.probability: Array = odds[self.row] / (1 + total)
        self.right = rows.right[self.row]
        self.known = rows.known[self.query]


def best_of(rows: Rows, model: Model) -> Best:
    """Return the best candidates by a model."""
    return Best(rows, np.round(model.score(rows.features), 6))


def fitted(rows: Rows, *, rounds: int = 400, seed: int = 1) -> HistGradientBoostingClassifier:
    """Learn which pairs are the same unit.

    Args:
        rows: to learn from. rounds: trees. seed: of the chance.
    """
    at = {name: position for position, name in enumerate(FEATURES)}
    direction = [1 if name in _MORE else -1 if name in _LESS else 0 for name in FEATURES]
    alone: list[set[int]] = [{position} for position in at.values()]
    together = [{at[one], at[other]} for one, other in PAIRS]
    return HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=0.1,
        max_depth=2,
        max_bins=_BINS,
        min_samples_leaf=min(100, max(5, len(rows.right) // 1000)),
        l2_regularization=5.0,
        interaction_cst=[*alone, *together],
        monotonic_cst=direction,
        early_stopping=False,
        random_state=seed,
    ).fit(rows.features, rows.right, sample_weight=rows.weight)


def scaled(content: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    """Stretch and shift the score until candidates and nobody share probability as they should.

    Maximises the likelihood of what is right: one candidate of each query, or nobody.

    Args:
        content: of a model. rows: of other organisations than those learned from.
    """
    score = _model(content).score(rows.features)
    ends = rows.ends
    filled = np.flatnonzero(np.diff(ends))
    starts = ends[:-1][filled]
    right = np.maximum.reduceat(np.where(rows.right, score, -np.inf), starts)
    is_found = np.isfinite(right)

    def loss(given: Array) -> float:
        slope, shift = given
        odds = np.exp(np.clip(slope * score + shift, -30, 30))
        total = np.log1p(np.add.reduceat(odds, starts))
        gained = np.where(is_found, slope * np.where(is_found, right, 0.0) + shift, 0.0)
        return float((total - gained).mean())

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return rescaled(content, float(slope), float(shift))


def calibrated(best: Best) -> dict[str, list[float]]:
    """Return how often the best candidate is right, by its probability; see ``Model.calibration``.

    Probabilities are put in parts of about equal size; each part gives one point, never sure.
    """
    order = np.argsort(best.probability, kind="stable")
    parts = np.array_split(order, max(1, min(_PARTS, len(order) // _LEAST_IN_PART)))
    x = np.array([best.probability[part].mean() for part in parts])
    # One more of each than was seen: a part without errors does not say that there are none.
    y = np.array([(best.right[part].sum() + 1) / (len(part) + 2) for part in parts])
    smooth = IsotonicRegression().fit_transform(x, y, sample_weight=[len(one) for one in parts])
    seen = zip(np.round(x, 4).tolist(), np.round(smooth, 4).tolist(), strict=True)
    points = {0.0: 0.0, **dict(seen)}
    points.setdefault(1.0, max(points.values()))
    return {"x": list(points), "y": list(points.values())}


def thresholds(probability: Array, best: Best) -> dict[str, float]:
    """Return the least probabilities of an automatic link and of an answer.

    Args:
        probability: calibrated, of the best candidates. best: these.
    """
    order = np.argsort(-probability, kind="stable")
    right = best.right[order]
    # Each link made spares a person one; each wrong one costs.
    gain = np.cumsum(np.where(right, 1.0, -COST))
    last = int(np.argmax(gain)) if len(gain) and gain.max() > 0 else 0
    empirical = float(probability[order][last]) if len(gain) else 1.0
    # If the probabilities are right, so is this; the safer of the two counts.
    automatic = max(COST / (COST + 1), empirical)
    return {"automatic": round(min(automatic, 0.9999), 4), "possible": 0.5}


_OPEN: Mapping[str, Any] = {
    "calibration": {"x": [0.0, 1.0], "y": [0.0, 1.0]},
    "thresholds": {"automatic": 0.9, "possible": 0.5},
}


def _model(content: Mapping[str, Any]) -> Model:
    return read_model(json.dumps({**_OPEN, **content}))


def learn(rows: Rows, *, rounds: int) -> Model:
    """Return a model that only scores, for a first choice among the names of a unit."""
    return _model(tables_of(fitted(rows, rounds=rounds), FEATURES))


def finished(rows: Rows, held_out: Rows, *, rounds: int) -> str:
    """Return the text of a model file.

    Args:
        rows: to learn from. held_out: of other organisations, to calibrate by.
        rounds: trees.
    """
    content = scaled(tables_of(fitted(rows, rounds=rounds), FEATURES), held_out)
    content = rounded(content)
    best = best_of(held_out, _model(content))
    content["calibration"] = calibrated(best)
    probability = _model(content).calibrate(best.probability)
    content["thresholds"] = thresholds(probability, best)
    return written(content)
