"""The learned score: a sum of tables, one for each feature and a few for pairs of features.

Read from ``model.json``, where every number can be looked up by a person. It was made by
``training/linkage/train.py``; docs/models/linkage.md says from what, and what it is not good for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from procmatch.errors import LinkageError
from procmatch.linkage.features import FEATURES
from procmatch.linkage.index.columns import Array

__all__ = ["VERSION", "Model", "PairTable", "Table", "learned", "read_model"]

VERSION = 1
_FILE = "model.json"
_LARGEST = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What one feature adds to the log odds.

    Attributes:
        name: of the feature. column: its position.
        edges: rising, shape (n,). A value counts to the first edge that is not below it.
        values: shape (n + 2,); the last one is added where the feature is unknown.
    """

    name: str
    column: int
    edges: Array
    values: Array

    def __call__(self, features: Array) -> Array:
        """Return what is added for each row."""
        added: Array = self.values[_cell(features[:, self.column], self.edges)]
        return added


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTable:
    """What two features add together; shapes as in :class:`Table`, values (n + 2, m + 2)."""

    names: tuple[str, str]
    columns: tuple[int, int]
    edges: tuple[Array, Array]
    values: Array

    def __call__(self, features: Array) -> Array:
        """Return what is added for each row."""
        one, other = (
            _cell(features[:, column], edges)
            for column, edges in zip(self.columns, self.edges, strict=True)
        )
        added: Array = self.values[one, other]
        return added


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A learned score.

    Attributes:
        tables, pairs: what features add. intercept: added always.
        calibration: two rows: probabilities as the scores make them, and how often the best
            candidate was right at each; both rising.
        thresholds: ``"automatic"`` and ``"possible"``: least calibrated probabilities.
    """

    tables: tuple[Table, ...]
    pairs: tuple[PairTable, ...]
    intercept: float
    calibration: Array
    thresholds: Mapping[str, float]

    def score(self, features: Array) -> Array:
        """Return the log odds of each pair.

        Args:
            features: shape (pairs, features), see :data:`~procmatch.linkage.features.FEATURES`;
                not a number where nothing is known.
        """
        score: Array = np.full(len(features), self.intercept)
        for table in self.tables:
            score += table(features)
        for pair in self.pairs:
            score += pair(features)
        return score

    def calibrate(self, probability: Array) -> Array:
        """Return how often the best candidate is right at these probabilities (0..1)."""
        found: Array = np.interp(probability, self.calibration[0], self.calibration[1])
        return found

    def contributions(self, features: Array) -> dict[str, Array]:
        """Return what each feature, and each pair of them ("place, namesakes"), adds."""
        found = {table.name: table(features) for table in self.tables}
        return found | {", ".join(pair.names): pair(features) for pair in self.pairs}


def _cell(values: Array, edges: Array) -> Array:
    # In double precision: the edges were, and a rounded one may lie on the wrong side.
    cell = np.searchsorted(edges, values.astype(np.float64))
    found: Array = np.where(np.isnan(values), len(edges) + 1, cell)
    return found


@cache
def learned() -> Model | None:
    """Return the model that is shipped, or None where there is none.

    Raises:
        LinkageError: it is damaged.
    """
    file = files("procmatch.linkage") / _FILE
    return read_model(file.read_text(encoding="utf-8")) if file.is_file() else None


def read_model(text: str, *, known: Sequence[str] = FEATURES, source: str = _FILE) -> Model:
    """Read a model.

    Args:
        text: as ``training.linkage.export.written`` makes it.
        known: names of the columns to which it will be applied, in order.
        source: what to call it in errors.

    Raises:
        LinkageError: another version, an unknown feature, or numbers that make no table.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise LinkageError(f"{source}: not JSON: {error}") from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        version = content.get("version") if isinstance(content, dict) else None
        raise LinkageError(f"{source}: version {version!r}; only {VERSION} can be read")
    try:
        return _model(content, known)
    except KeyError as error:
        raise LinkageError(f"{source}: {error.args[0]!r} is missing") from None
    except (TypeError, AttributeError) as error:
        raise LinkageError(f"{source}: not as agreed: {error}") from None
    except ValueError as error:
        raise LinkageError(f"{source}: {error}") from None


def _model(content: Mapping[str, Any], known: Sequence[str]) -> Model:
    curve = content["calibration"]
    calibration = np.array([_rising(curve["x"], "calibration"), _numbers(curve["y"], "y")])
    if not calibration.size or (np.diff(calibration[1]) < 0).any():
        raise ValueError("calibration: y falls or is empty")
    thresholds = {
        name: float(_numbers([content["thresholds"][name]], name)[0])
        for name in ("automatic", "possible")
    }
    return Model(
        tables=tuple(_table(one, known) for one in content["features"]),
        pairs=tuple(_pair(one, known) for one in content.get("pairs", ())),
        intercept=float(_numbers([content["intercept"]], "intercept")[0]),
        calibration=calibration,
        thresholds=thresholds,
    )


def _table(entry: Mapping[str, Any], known: Sequence[str]) -> Table:
    name = entry["name"]
    edges = _rising(entry["edges"], name)
    values = _numbers([*entry["values"], entry["missing"]], name)
    if values.shape != (len(edges) + 2,):
        raise ValueError(f"{name}: {len(edges)} edges need {len(edges) + 1} values")
    return Table(name=name, column=_column(name, known), edges=edges, values=values)


def _pair(entry: Mapping[str, Any], known: Sequence[str]) -> PairTable:
    first, second = entry["features"]
    label = f"{first}, {second}"
    edges = (_rising(entry["edges"][0], label), _rising(entry["edges"][1], label))
    values = _numbers(entry["values"], label)
    if values.shape != (shape := (len(edges[0]) + 2, len(edges[1]) + 2)):
        raise ValueError(f"{label}: values have shape {values.shape}, not {shape}")
    return PairTable(
        names=(first, second),
        columns=(_column(first, known), _column(second, known)),
        edges=edges,
        values=values,
    )


def _column(name: str, known: Sequence[str]) -> int:
    if name not in known:
        raise ValueError(f"unknown feature {name!r}")
    return known.index(name)


def _numbers(given: object, name: str) -> Array:
    found = np.array(given, dtype=np.float64)
    if not (np.abs(found) <= _LARGEST).all():
        raise ValueError(f"{name}: numbers that are not finite or too large")
    return found


def _rising(given: object, name: str) -> Array:
    found = _numbers(given, name)
    if found.ndim != 1 or (np.diff(found) <= 0).any():
        raise ValueError(f"{name}: edges do not rise")
    return found
