"""The food inspection's grade (*smilefjes*) in words: a fact of hygiene alone."""

from __future__ import annotations

import re

from procmatch.model.organisation import Evidence
from procmatch.text.messages import Message

__all__ = ["grade"]

_KIND = "food_inspection"
_PRINTED = re.compile(r"total_karakter (\d)")
#: Mattilsynet's grades, 0 to 3; 4 (does not concern) and 5 (not assessed) are no grades.
_GRADES = {
    "0": Message("smile (no breach was found)"),
    "1": Message("smile (small breaches that need no follow-up)"),
    "2": Message("straight face (breaches that must be put right)"),
    "3": Message("frown (serious breaches)"),
}


def grade(fact: Evidence) -> Message | None:
    """Return the grade of the newest inspection; None where the fact is another or has none."""
    found = _PRINTED.fullmatch(fact.text) if fact.kind == _KIND else None
    return _GRADES.get(found[1]) if found else None
