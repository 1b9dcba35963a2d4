"""Whether two names say the same: yes or no, whatever else is in the register."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from procmatch.linkage.query import municipal_form
from procmatch.linkage.words import GROUP_WORDS

__all__ = ["names_agree"]

#: Names with this token sort ratio are one name with a slip of the pen.
SAME_NAME = 0.92
#: One shorter word ("bygg") says too little.
_TELLING_WORD = 5


def names_agree(asked: Sequence[str], key: str) -> bool:
    """Whether any of the keys ``asked`` says the same as ``key``, word weights left aside.

    Equal but for spaces and order, a slip of the pen, or one with words the other leaves out,
    unless these tell companies of a group apart. Does not depend on the rest of the register.
    """
    return any(_agree(one, key) for one in asked)


def _agree(one: str, other: str) -> bool:
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    first, second = set(one.split()), set(other.split())
    if first == second:
        return True
    # A municipality has no group; what stands beside its name is a part or a helper.
    if (first ^ second) & GROUP_WORDS and not (municipal_form(one) or municipal_form(other)):
        return False
    shorter, longer = sorted((first, second), key=len)
    if shorter <= longer and (len(shorter) > 1 or len(min(shorter)) >= _TELLING_WORD):
        return True
    return fuzz.token_sort_ratio(one, other, score_cutoff=SAME_NAME * 100) > 0
