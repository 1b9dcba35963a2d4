"""From scikit-learn's gradient boosting to tables that add up to the same score."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
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


def tables_of(classifier: HistGradientBoostingClassifier, names: Sequence[str]) -> dict[str, Any]:
    """Return a fitted ``HistGradientBoostingClassifier`` as the content of a model file.

    Exact: each tree is constant on the cells between its thresholds, so that it is a table of the
    features it asks, and tables of the same features add up.

    Args:
        classifier: of two classes, without categorical features; no tree asks more than two.
        names: of its features, in order.

    Raises:
        ValueError: a tree asks three features or more.
    """
    trees: dict[tuple[int, ...], list[Array]] = defaultdict(list)
    intercept = float(np.ravel(classifier._baseline_prediction)[0])  # noqa: SLF001
    for (predictor,) in classifier._predictors:  # noqa: SLF001
        nodes = predictor.nodes
        asked = tuple(sorted({int(node["feature_idx"]) for node in nodes if not node["is_leaf"]}))
        if not asked:
            intercept += float(nodes[0]["value"])
        elif len(asked) > 2:
            raise ValueError(f"a tree asks {len(asked)} features")
        else:
            trees[asked].append(nodes)
    content: dict[str, Any] = {"version": VERSION, "intercept": intercept}
    content["features"] = [
        _single(names[asked[0]], asked[0], those)
        for asked, those in sorted(trees.items())
        if len(asked) == 1
    ]
    content["pairs"] = [
        _double((names[asked[0]], names[asked[1]]), asked, those)
        for asked, those in sorted(trees.items())
        if len(asked) == 2
    ]
    return content


def _edges(trees: Sequence[Array], feature: int) -> Array:
    found = {
        float(node["num_threshold"])
        for nodes in trees
        for node in nodes
        if not node["is_leaf"] and int(node["feature_idx"]) == feature
    }
    # A split of the known from the unknown has no threshold of its own.
    return np.array(sorted(edge for edge in found if np.isfinite(edge)))


def _points(edges: Array) -> Array:
    """Return one value for each cell, the unknown last. An edge lies in the cell it closes."""
    last = [edges[-1] + 1.0] if len(edges) else [0.0]
    return np.concatenate([edges, last, [np.nan]])


def _walk(nodes: Array, rows: Mapping[int, Array]) -> Array:
    """Return the value of a tree for each row; ``rows`` holds the features it asks."""
    at = np.zeros(len(next(iter(rows.values()))), dtype=np.int64)
    while not nodes["is_leaf"][at].all():
        leaf = nodes["is_leaf"][at].astype(bool)
        feature = nodes["feature_idx"][at]
        value = np.zeros(len(at))
        for one, column in rows.items():
            value = np.where(feature == one, column, value)
        unknown = np.isnan(value)
        with np.errstate(invalid="ignore"):
            left = np.where(
                unknown, nodes["missing_go_to_left"][at] != 0, value <= nodes["num_threshold"][at]
            )
        onward = np.where(left, nodes["left"][at], nodes["right"][at])
        at = np.where(leaf, at, onward.astype(np.int64))
    return np.asarray(nodes["value"][at], dtype=np.float64)


def _single(name: str, feature: int, trees: Sequence[Array]) -> dict[str, Any]:
    edges = _edges(trees, feature)
    values = sum(_walk(nodes, {feature: _points(edges)}) for nodes in trees)
    assert isinstance(values, np.ndarray)
    return {
        "name": name,
        "edges": edges.tolist(),
        "values": values[:-1].tolist(),
        "missing": float(values[-1]),
    }


def _double(
    names: tuple[str, str], asked: tuple[int, ...], trees: Sequence[Array]
) -> dict[str, Any]:
    edges = [_edges(trees, feature) for feature in asked]
    one, other = np.meshgrid(*(_points(each) for each in edges), indexing="ij")
    rows = {asked[0]: one.ravel(), asked[1]: other.ravel()}
    values = sum(_walk(nodes, rows) for nodes in trees)
    assert isinstance(values, np.ndarray)
    return {
        "features": list(names),
        "edges": [each.tolist() for each in edges],
        "values": values.reshape(one.shape).tolist(),
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
