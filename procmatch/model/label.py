"""What a person decided of a printed name: this unit, not this unit, or nobody."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procmatch.model.organisation import OrgId
from procmatch.text.normalise import fold

__all__ = ["KEY", "Decision", "Label", "Printed"]

#: What a key looks like.
KEY = re.compile(r"[0-9a-f]{20}")
_KEY_LENGTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A party as printed; what is asked of linkage, and of a person where linkage is unsure.

    Attributes:
        name, number, place, postcode, street, website: as printed, or None.
    """

    name: str
    number: str | None = None
    place: str | None = None
    postcode: str | None = None
    street: str | None = None
    website: str | None = None

    @property
    def key(self) -> str:
        """The same for parties printed alike but for case, spaces and punctuation.

        Twenty hexadecimal digits. It depends on what was printed only, so a decision kept under
        it outlives the row that it was made for.
        """
        digits = fold(self.number or "").replace(" ", "")
        words = (self.name, self.place, self.postcode, self.street, self.website)
        said = "\n".join((digits, *(fold(word or "") for word in words)))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_LENGTH]


class Decision(StrEnum):
    """A person's answer."""

    SAME = "same"
    NOT_SAME = "not_same"
    #: No unit of the register is meant.
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One decision. Who decided is not kept.

    Attributes:
        key: of what was printed. printed: that, or None where it names a sole proprietor.
        decision: the answer.
        org: the unit it is about; None where nobody is meant.
        name: the unit's name when it was decided.
        decided_at: aware UTC. source: where it was given, e.g. ``"review file"``.
    """

    key: str
    printed: Printed | None
    decision: Decision
    org: OrgId | None = None
    name: str = ""
    decided_at: datetime
    source: str
