"""Who wants to hear what, how often and in which language, and the letters that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import OrgId

__all__ = ["Digest", "DigestItem", "Frequency", "Letter", "Subscription"]


class Frequency(StrEnum):
    """How often a subscriber gets a letter."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What one subscriber asked for.

    Attributes:
        id: random, URL-safe; 0 knowledge of the person.
        email: where letters go. language: nb, nn or en.
        org: subscribe as this organisation, or None for a search subscription.
        cpv: codes (any length, prefix match) wanted; words: free words wanted.
        municipalities: four-digit numbers; counties are two digits. Empty means everywhere.
        value_max: largest lot wanted, NOK excl. VAT.
        threshold: lowest score 0..1 that is worth a letter.
        confirmed_at: when the address was confirmed (double opt-in), UTC; None means no letters.
        consent: the text agreed to. created_at: UTC.
    """

    id: str
    email: str
    language: str = "nb"
    frequency: Frequency = Frequency.DAILY
    org: OrgId | None = None
    cpv: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    value_max: Decimal | None = None
    threshold: float = 0.5
    created_at: datetime
    confirmed_at: datetime | None = None
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One tender in a letter: the notice, the lots that fit, and why.

    Attributes:
        news: ``"new"``, ``"changed"`` or ``"cancelled"``.
        changes: what changed, as sentences ready for the reader.
    """

    notice: Notice
    lots: tuple[tuple[Lot, Match | None], ...]
    news: str = "new"
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one subscription has to hear now. ``more`` counts what did not fit in the letter."""

    subscription: Subscription
    items: tuple[DigestItem, ...]
    more: int = 0
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter ready for the post.

    Attributes:
        id: stable over retries, the left part of Message-ID.
        message: the full RFC 5322 message as bytes.
    """

    id: str
    to: str
    subject: str
    message: bytes
