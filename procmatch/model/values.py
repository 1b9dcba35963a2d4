"""Small values that several parts of the model share: texts, money, places."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["NORWEGIAN", "Money", "Place", "Text"]

#: Languages read first by a Norwegian reader, in EU authority codes (BT-702).
NORWEGIAN = ("NOR", "NOB", "NNO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount and its currency. ``amount`` excludes VAT unless the field says otherwise."""

    amount: Decimal
    #: ISO 4217, e.g. ``"NOK"``.
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text in one or more languages, in the order of the source.

    ``versions`` holds (EU authority language code, text) pairs; the code is ``""`` where the
    source names none. An empty ``versions`` means that the source has no such text.
    """

    versions: tuple[tuple[str, str], ...] = ()

    def best(self, *languages: str) -> str:
        """Return the text in the first of ``languages`` that exists, else Norwegian, else any."""
        for wanted in (*languages, *NORWEGIAN):
            for language, text in self.versions:
                if language == wanted:
                    return text
        return self.versions[0][1] if self.versions else ""

    def __str__(self) -> str:
        return self.best()

    def __bool__(self) -> bool:
        return bool(self.versions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a contract is performed, or where somebody is. Any part may be unknown.

    Attributes:
        nuts: NUTS code of level 1-3, e.g. ``"NO081"`` (BT-5071).
        region: ``"anyw"``, ``"anyw-cou"`` or ``"anyw-eea"`` (BT-727): not tied to a place.
        city: BT-5131.
        postcode: BT-5121.
        country: ISO 3166-1 alpha-3, e.g. ``"NOR"`` (BT-5141).
        municipality: four digits; never in a notice, filled from a register or postcode.
    """

    nuts: str | None = None
    region: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str | None = None
    municipality: str | None = None

    @property
    def code(self) -> str | None:
        """The most telling code: region, NUTS, else country."""
        return self.region or self.nuts or self.country
