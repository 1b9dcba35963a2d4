"""From queries with their truth to rows to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.linkage import Query
from procmatch.linkage.changes import Register, laid_out
from procmatch.linkage.features import FEATURES
from procmatch.linkage.index.columns import Array
from procmatch.linkage.query import ask
from procmatch.linkage.rank import Score, rank
from procmatch.model.organisation import Organisation, OrgId
from training.linkage.noise import Noisy, Sheet
from training.linkage.register import listed
from training.linkage.tables import HandPair, register_of

__all__ = ["Rows", "hand_rows", "joined", "rows_of", "sheet_rows"]

_BATCH = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Units found for queries, each with the pair by which it fits best.

    Attributes:
        features: shape (rows, len(FEATURES)). query: number of the query, rising.
        right: whether the unit is the one meant. weight: how much a row counts.
        known: of each query, whether the unit meant is in the register at all.
        noise: of each query, what was done to the name.
    """

    features: Array
    query: Array
    right: Array
    weight: Array
    known: Array
    noise: Sequence[str]

    @property
    def ends(self) -> Array:
        """Where the rows of each query begin, and where the last ends."""
        found: Array = np.searchsorted(self.query, np.arange(len(self.known) + 1))
        return found


def _found(
    register: Register, queries: Sequence[Query], score: Score
) -> Iterable[tuple[Array, Array, list[OrgId]]]:
    names = len(register.base.alias_unit)
    for start in range(0, len(queries), _BATCH):
        asked = [ask(query) for query in queries[start : start + _BATCH]]
        ranked = rank(register.parts, asked, score, names=names)
        units = [register.base.org(int(unit)) for unit in ranked.unit]
        yield ranked.features, ranked.query + start, units


def rows_of(organisations: Iterable[Organisation], queries: Sequence[Noisy], score: Score) -> Rows:
    """Search for queries and say which of the units found are right.

    Args:
        organisations: the register. queries: with their truth.
        score: picks, for each unit, the name by which it fits best.
    """
    register = laid_out(organisations)
    found = list(_found(register, [one.query for one in queries], score))
    features = np.concatenate([one[0] for one in found] or [np.zeros((0, len(FEATURES)))])
    query = np.concatenate([one[1] for one in found] or [np.zeros(0, dtype=np.int64)])
    units = [unit for one in found for unit in one[2]]
    right = np.array(
        [queries[at].truth == unit for at, unit in zip(query.tolist(), units, strict=True)],
        dtype=bool,
    )
    return Rows(
        features=features,
        query=query,
        right=right,
        weight=np.ones(len(query)),
        known=np.array([one.truth is not None for one in queries], dtype=bool),
        noise=[one.noise for one in queries],
    )


def sheet_rows(sheet: Sheet, score: Score) -> Rows:
    """Return the rows of a sheet."""
    return rows_of(listed(sheet.register), sheet.queries, score)


def hand_rows(
    pairs: Sequence[HandPair], among: Sequence[Organisation], score: Score, *, weight: float
) -> Rows:
    """Return the rows of pairs judged by hand, looked up among other organisations.

    Of a pair that is not the same, only that row is known to be wrong.

    Args:
        pairs: the tables. among: the rest of the register.
        score: as in :func:`rows_of`. weight: of each row.
    """
    units = register_of(pairs)
    register = laid_out([*among, *units.values()])
    queries = [pair.query for pair in pairs]
    features, query, right = [], [], []
    for those, at, orgs in _found(register, queries, score):
        for row, (number, org) in enumerate(zip(at.tolist(), orgs, strict=True)):
            pair = pairs[number]
            is_unit = org == units[pair.unit].id
            if pair.same == "yes" or is_unit or pair.same == "nobody":
                features.append(those[row])
                query.append(number)
                right.append(is_unit and pair.same == "yes")
    return Rows(
        features=np.array(features, dtype=np.float32).reshape(-1, len(FEATURES)),
        query=np.array(query, dtype=np.int64),
        right=np.array(right, dtype=bool),
        weight=np.full(len(query), weight),
        known=np.array([pair.same == "yes" for pair in pairs], dtype=bool),
        noise=[pair.table for pair in pairs],
    )


def joined(several: Sequence[Rows]) -> Rows:
    """Return rows one after another, their queries numbered on."""
    before = np.cumsum([0, *(len(one.known) for one in several)])
    return Rows(
        features=np.concatenate([one.features for one in several]),
        query=np.concatenate([one.query + before[at] for at, one in enumerate(several)]),
        right=np.concatenate([one.right for one in several]),
        weight=np.concatenate([one.weight for one in several]),
        known=np.concatenate([one.known for one in several]),
        noise=[noise for one in several for noise in one.noise],
    )
