"""Queries as rows: each way in which a printed name may be read, with its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procmatch.linkage.index.columns import Array, Lists
from procmatch.linkage.places import areas
from procmatch.linkage.query import Asked, municipal_form
from procmatch.linkage.words import words_of

__all__ = ["READINGS", "Variants", "read"]

#: How a name is read; stored by position.
READINGS = (
    "whole",
    "without its part",
    "part or former name alone",
    "who may stand behind it",
    "by its Norwegian name",
)
#: Marks of a place that are compared, at most.
MOST_MARKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """Readings of several queries, one after another.

    Attributes:
        asked: the queries.
        query: which query each reading is of. reading: position in :data:`READINGS`.
        keys: the key of each. words: its words.
        marks: of each query, its place as at most 12 marks; 0 fills the rest.
        areas: of each query, see :func:`~procmatch.linkage.places.areas`.
    """

    asked: Sequence[Asked]
    query: Array
    reading: Array
    keys: list[str]
    words: list[list[str]]
    marks: Array
    areas: Lists


def _readings(asked: Asked) -> list[tuple[int, str]]:
    # "Asker kommune v/ Eiendom": the municipality buys. "Valle skole avd Reinsvoll": that school.
    first = asked.key if municipal_form(asked.key) else asked.full
    found = {first: 0} if first else {}
    more = [
        (1, asked.key),
        *((2, key) for key in asked.others),
        *((3, key) for key in asked.behind),
    ]
    more += [(4, key) for key in asked.own_names]
    for reading, key in more:
        if key:
            found.setdefault(key, reading)
    return [(reading, key) for key, reading in found.items()]


def read(asked: Sequence[Asked]) -> Variants:
    """Lay out queries."""
    rows = [(at, *one) for at, query in enumerate(asked) for one in _readings(query)]
    marks = np.zeros((len(asked), MOST_MARKS), dtype=np.uint32)
    where = [areas(query.where) for query in asked]
    for at, query in enumerate(asked):
        own = sorted(query.where)[:MOST_MARKS]
        marks[at, : len(own)] = own
    return Variants(
        asked=asked,
        query=np.array([row[0] for row in rows], dtype=np.int64),
        reading=np.array([row[1] for row in rows], dtype=np.int64),
        keys=[row[2] for row in rows],
        words=[words_of(row[2]) for row in rows],
        marks=marks,
        areas=Lists.of(
            [len(one) for one in where],
            np.array([mark for one in where for mark in one], dtype=np.uint32),
        ),
    )
