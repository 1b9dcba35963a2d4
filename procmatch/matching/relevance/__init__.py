"""How relevant is a firm to a need? Register-neutral signals, each with its own name.

Nothing here knows a country or a register: codes are CPV and NACE classes, areas are codes from
coarse to fine, firms are told apart by any text. :class:`Relevance` computes the signals and
:data:`POLICY` says how much each counts; every criterion can be switched off.
"""

from procmatch.matching.relevance.lexicon import Lexicon
from procmatch.matching.relevance.policy import POLICY, Criterion, RelevancePolicy
from procmatch.matching.relevance.rank import Ranked, Relevance
from procmatch.matching.relevance.records import Award, Firm, Need
from procmatch.matching.relevance.suggest import CodeDoubt, CpvModel, doubt_code, suggest_cpv

__all__ = [
    "POLICY",
    "Award",
    "CodeDoubt",
    "CpvModel",
    "Criterion",
    "Firm",
    "Lexicon",
    "Need",
    "Ranked",
    "Relevance",
    "RelevancePolicy",
    "doubt_code",
    "suggest_cpv",
]
