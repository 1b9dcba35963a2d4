"""What a firm says itself on the page about it: what it asks for, and what it adds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procmatch.model.organisation import OrgId

__all__ = ["Proof", "Request", "Stated", "Statement", "Wish"]


class Wish(StrEnum):
    """What a firm asks for. FORGET deletes all that it said and asked, as if it never had."""

    CORRECT = "correct"
    HIDE = "hide"
    SHOW = "show"
    FORGET = "forget"


class Proof(StrEnum):
    """By what we know that somebody speaks for a firm; see docs/decisions/0010."""

    WEBSITE = "website"
    ADDRESS = "address"
    OPERATOR = "operator"
    #: A sole proprietor that asks not to be shown is believed: that is what holds without asking.
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a firm says of itself, beside what the register says; never in its place.

    Attributes:
        words: what it does, in its own words. cpv: what it delivers, eight digits each.
        places: municipalities (four digits) and counties (two) that it serves.
        evidence: what it says it can show, a line each; nobody has checked it.
        contact: how buyers reach it: an address, a telephone number, a name of a role.
    """

    words: str = ""
    cpv: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    contact: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return self == Statement()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for in a firm's name, until it is decided; then it is deleted.

    Attributes:
        id: random. email: where the letter that asks for a yes goes. language: of that letter.
        statement: with ``Wish.CORRECT``.
        asked_at, confirmed_at: UTC; None until the holder of the address said yes.
    """

    id: str
    org: OrgId
    email: str
    language: str
    wish: Wish
    statement: Statement = Statement()
    asked_at: datetime
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What holds of a firm by its own word.

    Attributes:
        shown: False: it asked not to be; True: a sole proprietor that asked to be; else None.
        proof: of the newest word. on: its day.
        address_mark: of the address that an operator approved, keyed; not the address.
    """

    org: OrgId
    shown: bool | None = None
    statement: Statement = Statement()
    proof: Proof
    on: date
    address_mark: str = ""
