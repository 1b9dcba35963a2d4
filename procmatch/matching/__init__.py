"""Matching: could this supplier bid on this lot, why, and what stands in the way?"""

from procmatch.matching.policy import DEFAULT_POLICY, Policy, policy_from
from procmatch.matching.profile import SupplierIndex
from procmatch.matching.score import match_lot, match_need, match_supplier
from procmatch.matching.size import may_be, norwegian_size, size_class, size_classes

__all__ = [
    "DEFAULT_POLICY",
    "Policy",
    "SupplierIndex",
    "match_lot",
    "match_need",
    "match_supplier",
    "may_be",
    "norwegian_size",
    "policy_from",
    "size_class",
    "size_classes",
]
