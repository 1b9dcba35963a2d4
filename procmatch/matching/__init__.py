"""Matching: could this supplier bid on this lot, why, and what stands in the way?"""

from procmatch.matching.board import Board
from procmatch.matching.lacking import lacking
from procmatch.matching.needs import NeedAnswer, match_need
from procmatch.matching.relevance.policy import DEFAULT_POLICY, RelevancePolicy, policy_from
from procmatch.matching.score import match_lot, match_lots, match_supplier, why
from procmatch.matching.size import may_be, norwegian_size, size_class, size_classes
from procmatch.matching.suppliers import SupplierIndex

__all__ = [
    "DEFAULT_POLICY",
    "Board",
    "NeedAnswer",
    "RelevancePolicy",
    "SupplierIndex",
    "lacking",
    "match_lot",
    "match_lots",
    "match_need",
    "match_supplier",
    "may_be",
    "norwegian_size",
    "policy_from",
    "size_class",
    "size_classes",
    "why",
]
