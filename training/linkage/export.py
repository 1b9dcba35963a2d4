"""From scikit-learn's gradient boosting to tables that add up to the same score."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from procmatch.linkage.model import VERSION

__all__ = ["rescaled", "rounded", "tables_of", "written"]

Array = NDArray[Any]
#: Rows and columns of a readable file.
_DIGITS = 4
_EDGE_DIGITS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One turn on the way to a leaf: which values go there."""

    feature: int
    threshold: float
    left: bool
    unknown: bool

    def holds(self, values: Array) -> Array:
        """Say of each value whether it goes this way."""
        with np.errstate(invalid="ignore"):
            below = values <= self.threshold
        found: Array = np.where(np.isnan(values), self.unknown, below == self.left)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaf:
    """What a tree adds to all that come this way."""

    way: tuple[_Step, ...]
    value: float

    @property
    def asked(self) -> tuple[int, ...]:
        return tuple(sorted({step.feature for step in self.way}))

    def added(self, points: Mapping[int, Array]) -> Array:
        """Return what is added where features have these values."""
        reached = np.logical_and.reduce([step.holds(points[step.feature]) for step in self.way])
        found: Array = np.where(reached, self.value, 0.0)
        return found


def tables_of(classifier: HistGradientBoostingClassifier, names: Sequence[str]) -> dict[str, Any]:
    """Return a fitted ``HistGradientBoostingClassifier`` as the content of a model file.

    Exact: a tree adds the value of one leaf, and a leaf is a rectangle in the features asked on
    the way to it. Leaves of the same features add up to one table.

    Args:
        classifier: of two classes, without categorical features; no leaf lies behind questions
            about more than two features.
        names: of its features, in order.

    Raises:
        ValueError: a leaf asks three features or more.
    """
    leaves: dict[tuple[int, ...], list[_Leaf]] = defaultdict(list)
    intercept = float(np.ravel(classifier._baseline_prediction)[0])  # noqa: SLF001
    for (predictor,) in classifier._predictors:  # noqa: SLF001
        for leaf in _leaves(predictor.nodes):
            if len(leaf.asked) > 2:
                raise ValueError(f"a leaf asks {len(leaf.asked)} features")
            if leaf.asked:
                leaves[leaf.asked].append(leaf)
            else:
                intercept += leaf.value
    return {
        "version": VERSION,
        "intercept": intercept,
        "features": [
            _single(names[asked[0]], asked[0], those)
            for asked, those in sorted(leaves.items())
            if len(asked) == 1
        ],
        "pairs": [
            _double((names[asked[0]], names[asked[1]]), asked, those)
            for asked, those in sorted(leaves.items())
            if len(asked) == 2
        ],
    }


def _leaves(nodes: Array, at: int = 0, way: tuple[_Step, ...] = ()) -> Iterator[_Leaf]:
    node = nodes[at]
    if node["is_leaf"]:
        yield _Leaf(way=way, value=float(node["value"]))
        return
    for left, child in ((True, "left"), (False, "right")):
        step = _Step(
            feature=int(node["feature_idx"]),
            threshold=float(node["num_threshold"]),
            left=left,
            unknown=bool(node["missing_go_to_left"]) == left,
        )
        yield from _leaves(nodes, int(node[child]), (*way, step))


def _edges(leaves: Sequence[_Leaf], feature: int) -> Array:
    found = {step.threshold for leaf in leaves for step in leaf.way if step.feature == feature}
    # A split of the known from the unknown has no threshold of its own.
    return np.array(sorted(edge for edge in found if np.isfinite(edge)))


def _points(edges: Array) -> Array:
    """Return one value for each cell, the unknown last. An edge lies in the cell it closes."""
    last = [edges[-1] + 1.0] if len(edges) else [0.0]
    return np.concatenate([edges, last, [np.nan]])


def _single(name: str, feature: int, leaves: Sequence[_Leaf]) -> dict[str, Any]:
    edges = _edges(leaves, feature)
    points = {feature: _points(edges)}
    values = np.sum([leaf.added(points) for leaf in leaves], axis=0)
    return {
        "name": name,
        "edges": edges.tolist(),
        "values": values[:-1].tolist(),
        "missing": float(values[-1]),
    }


def _double(
    names: tuple[str, str], asked: tuple[int, ...], leaves: Sequence[_Leaf]
) -> dict[str, Any]:
    edges = [_edges(leaves, feature) for feature in asked]
    one, other = np.meshgrid(*(_points(each) for each in edges), indexing="ij")
    points = {asked[0]: one, asked[1]: other}
    values = np.sum([leaf.added(points) for leaf in leaves], axis=0)
    return {
        "features": list(names),
        "edges": [each.tolist() for each in edges],
        "values": values.tolist(),
    }


def rescaled(content: Mapping[str, Any], slope: float, shift: float) -> dict[str, Any]:
    """Return a model whose score is ``slope * score + shift``."""
    return {
        **content,
        "intercept": slope * content["intercept"] + shift,
        "features": [
            {
                **table,
                "values": [slope * value for value in table["values"]],
                "missing": slope * table["missing"],
            }
            for table in content["features"]
        ],
        "pairs": [
            {**pair, "values": [[slope * value for value in row] for row in pair["values"]]}
            for pair in content["pairs"]
        ],
    }


def rounded(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model for people to read: values to four decimals, equal neighbours as one."""
    return {
        **content,
        "intercept": round(content["intercept"], _DIGITS),
        "features": [_merged(table) for table in content["features"]],
        "pairs": [
            {
                **pair,
                "edges": [[_short(edge) for edge in edges] for edges in pair["edges"]],
                "values": [[round(value, _DIGITS) for value in row] for row in pair["values"]],
            }
            for pair in content["pairs"]
        ],
    }


def _merged(table: Mapping[str, Any]) -> dict[str, Any]:
    values = [round(value, _DIGITS) for value in table["values"]]
    kept = [at for at in range(len(table["edges"])) if values[at] != values[at + 1]]
    return {
        "name": table["name"],
        "edges": [_short(table["edges"][at]) for at in kept],
        "values": [*(values[at] for at in kept), values[-1]],
        "missing": round(table["missing"], _DIGITS),
    }


def _short(edge: float) -> float:
    # Upwards: a value that lies on its edge must not pass it.
    with localcontext(prec=_EDGE_DIGITS, rounding=ROUND_CEILING):
        return float(+Decimal(edge))


def written(content: Mapping[str, Any]) -> str:
    """Return the text of a model file: one line for each list of numbers."""
    head = {key: value for key, value in content.items() if key not in {"features", "pairs"}}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for key in ("features", "pairs"):
        tables = ",\n".join(f"    {_lines(table)}" for table in content[key])
        lines.append(f"  {json.dumps(key)}: [\n{tables}\n  ]" if tables else f'  "{key}": []')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(table: Mapping[str, Any]) -> str:
    rows = []
    for key, value in table.items():
        if key == "values" and value and isinstance(value[0], list):
            inner = ",\n        ".join(json.dumps(row) for row in value)
            rows.append(f'"values": [\n        {inner}\n      ]')
        else:
            rows.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n      " + ",\n      ".join(rows) + "\n    }"
