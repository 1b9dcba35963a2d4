"""Linkage: which unit of a register does a printed name or number mean?"""

from __future__ import annotations

from procmatch.linkage.decide import Candidate
from procmatch.linkage.decisions import Ruling, candidates_left, link_decided, rulings_of
from procmatch.linkage.linker import Linker
from procmatch.linkage.query import Query

__all__ = [
    "Candidate",
    "Linker",
    "Query",
    "Ruling",
    "candidates_left",
    "link_decided",
    "rulings_of",
]
