"""Matching: could this supplier bid on this lot, why, and what stands in the way?"""

from procmatch.matching.relevance.policy import DEFAULT_POLICY, RelevancePolicy, policy_from
from procmatch.matching.score import NeedAnswer, match_lot, match_lots, match_need, match_supplier, why
from procmatch.matching.size import size_class
from procmatch.matching.suppliers import SupplierIndex

__all__ = [
    "DEFAULT_POLICY",
    "NeedAnswer",
    "RelevancePolicy",
    "SupplierIndex",
    "match_lot",
    "match_lots",
    "match_need",
    "match_supplier",
    "policy_from",
    "size_class",
    "why",
]
