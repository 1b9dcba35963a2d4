"""Which list of industries a record was coded with, when it does not say so itself.

Of the five-digit codes 326 ended with SN2007, 245 began with SN2025 and 33 stand in both but mean
something else; all others mean the same in both. Only the labels beside them tell the 33 apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from procmatch.codes.tables import rows

__all__ = ["has_two_meanings", "only_in", "revision_of"]

_OLD, _NEW = "SN2007", "SN2025"


@cache
def _decisive() -> dict[str, str]:
    return {row["code"]: row["in"] for row in rows("sn_revisions") if row["in"] in {_OLD, _NEW}}


@cache
def _reused() -> dict[str, str]:
    """Code -> what it meant in SN2007."""
    return {row["code"]: _plain(row["sn2007"]) for row in rows("sn_revisions") if row["sn2007"]}


def only_in(code: str) -> str | None:
    """Return the one list that a five-digit code stands in; None if in both, or in neither."""
    return _decisive().get(code)


def has_two_meanings(code: str) -> bool:
    """Return whether a five-digit code means one thing in SN2007 and another in SN2025."""
    return code in _reused()


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())


def revision_of(codes: Iterable[tuple[str, str]]) -> str:
    """Return ``"SN2007"`` or ``"SN2025"``.

    One record is coded with one list, so a code that only one list has decides for all of them;
    then the label of a code with two meanings. A record that tells nothing is taken for SN2025,
    which is all that the register has served since 2025: wrong only for an older record whose
    codes all have two meanings and no label.

    Args:
        codes: (code, label) of one record, main first; label ``""`` when not given.
    """
    decisive, reused = _decisive(), _reused()
    labelled = ""
    for code, label in codes:
        if code in decisive:
            return decisive[code]
        if label and code in reused and not labelled:
            labelled = _OLD if _plain(label) == reused[code] else _NEW
    return labelled or _NEW
