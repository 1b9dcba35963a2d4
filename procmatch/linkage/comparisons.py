"""How near a printed name is to a name of the register, feature by feature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, JaroWinkler

from procmatch.linkage.blocking import Alias
from procmatch.linkage.query import Asked, municipal_form

__all__ = [
    "Comparison",
    "compare",
    "form_agreement",
    "has_same_postcode",
    "names_agree",
    "place_agreement",
]

#: Words are the same word misspelt from this share of common letters on.
SAME_WORD = 0.8
#: What a misspelt word counts: near names of different places differ by as little.
_MISSPELT = 0.8
#: Names with this token sort ratio are one name with a slip of the pen.
SAME_NAME = 0.92
#: Words compared on each side; a longer name is told by its first words.
MOST_WORDS = 12
#: Words that tell one company of a group from another: with and without them are two units.
GROUP_WORDS = frozenset(
    {"holding", "invest", "investering", "eiendom", "eigedom", "group", "gruppen", "konsern"}
    | {"drift", "service", "produksjon", "utvikling", "bolig", "finans", "international"}
    | {"norge", "norway", "nord", "soer", "oest", "vest"}
)
#: What each feature adds up to; chosen on real name variants, see docs/how-linkage-works.md.
_OVERLAP, _SORTED, _SPELLING = 0.5, 0.3, 0.2
#: Words missing from the register's name matter more than additions to the printed one.
_ITS_WORDS = 0.6
_PLACE = {"agrees": 0.1, "near": 0.02, "differs": -0.05, "unknown": 0.0}
_FORM = {"agrees": 0.03, "differs": -0.04, "left out": 0.0, "unknown": 0.0}
_KIND = {"name": 0.0, "former name": -0.01, "establishment": -0.02}
_DELETED = -0.05
_PART_LEFT_OUT = -0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One printed name beside one alias.

    Attributes:
        similarity: 0..1, the name alone.
        score: with place, form and status; may pass 0 and 1, so that equals stay in order.
        form: see :func:`form_agreement`. place: see :func:`place_agreement`.
    """

    alias: Alias
    similarity: float
    score: float
    form: str
    place: str


def place_agreement(asked: frozenset[str], known: frozenset[str]) -> str:
    """Compare two places (see :func:`~procmatch.linkage.query.where`).

    Any mark in common agrees. Postcodes with the same first two digits are near. Marks of one kind
    that differ, differ; a place of which nothing comparable is known is unknown.
    """
    if asked & known:
        return "agrees"

    def regions(marks: frozenset[str]) -> set[str]:
        return {mark[: len("postcode 00")] for mark in marks if mark.startswith("postcode")}

    if regions(asked) & regions(known):
        return "near"
    kinds = {mark.partition(" ")[0] for mark in asked}
    return "differs" if kinds & {mark.partition(" ")[0] for mark in known} else "unknown"


def has_same_postcode(asked: frozenset[str], known: frozenset[str]) -> bool:
    """Whether two places share a postcode, and not only a town."""
    return any(mark.startswith("postcode") for mark in asked & known)


def form_agreement(asked: str | None, alias: Alias) -> str:
    """Compare a stated legal form with that of a name in the register.

    Returns:
        ``"agrees"``, ``"differs"``, ``"left out"`` (only the register's name states one) or
        ``"unknown"``.
    """
    if asked and alias.form:
        return "agrees" if asked == alias.form else "differs"
    return "left out" if alias.stated and not asked else "unknown"


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
    # One short word ("bygg") says too little.
    if shorter <= longer and (len(shorter) > 1 or len(min(shorter)) >= len("vinmo")):
        return True
    return fuzz.token_sort_ratio(one, other, score_cutoff=SAME_NAME * 100) > 0


def _covered(words: Sequence[str], by: Sequence[str], idf: Callable[[str], float]) -> float:
    """Return the share of the weight of ``words`` that has a like word in ``by``."""
    total = met = 0.0
    for word in words:
        weight = idf(word)
        total += weight
        if word in by:
            met += weight
        elif by:
            likeness = max(Indel.normalized_similarity(word, other) for other in by)
            met += weight * likeness * _MISSPELT if likeness >= SAME_WORD else 0.0
    return met / total if total else 0.0


def compare(key: str, asked: Asked, alias: Alias, idf: Callable[[str], float]) -> Comparison:
    """Compare a key of the query with an alias.

    Args:
        key: one of ``asked.keys``.
        asked: for its form and place.
        alias: a name of the register.
        idf: how telling a word is.
    """
    mine, its = key.split()[:MOST_WORDS], alias.key.split()[:MOST_WORDS]
    overlap = _ITS_WORDS * _covered(its, mine, idf) + (1 - _ITS_WORDS) * _covered(mine, its, idf)
    similarity = (
        _OVERLAP * overlap
        + _SORTED * fuzz.token_sort_ratio(key, alias.key) / 100
        + _SPELLING * JaroWinkler.similarity(key.replace(" ", ""), alias.key.replace(" ", ""))
    )
    form = form_agreement(asked.form, alias)
    place = place_agreement(asked.where, alias.where)
    score = similarity + _PLACE[place] + _FORM[form] + _KIND[alias.kind]
    if key != asked.full:
        score += _PART_LEFT_OUT
    if not alias.unit.living:
        score += _DELETED
    return Comparison(
        alias=alias,
        similarity=similarity,
        score=round(score, 4),
        form=form,
        place=place,
    )
