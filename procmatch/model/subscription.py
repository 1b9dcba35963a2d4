"""Who wants to hear what, how often and in which language, and the letters that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from procmatch.model.match import Match
from procmatch.model.notice import Lot, Notice
from procmatch.model.organisation import OrgId
from procmatch.text.messages import Message

__all__ = [
    "Consent",
    "Digest",
    "DigestItem",
    "Feedback",
    "Frequency",
    "Letter",
    "QuietDay",
    "Reserved",
    "Subscription",
    "Topic",
    "Unfit",
]


class Topic(StrEnum):
    """What a subscription is about."""

    #: Lots that fit a supplier, or a search.
    TENDERS = "tenders"
    #: For a buyer: lots it announced that few or no small firms nearby fit.
    FEW_LOCAL = "few-local"
    #: For a buyer: its agreements that end within a year.
    EXPIRING = "expiring"


class Frequency(StrEnum):
    """How often a subscriber gets a letter."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class QuietDay(StrEnum):
    """Days without letters, as days in Oslo; what is due waits for the next other day."""

    WEEKENDS = "weekends"
    #: Public holidays in Norway.
    HOLIDAYS = "holidays"


class Reserved(StrEnum):
    """Which lots are wanted, by BT-71: only those reserved for sheltered work or none of them."""

    ANY = "any"
    ONLY = "only"
    NONE = "none"


class Unfit(StrEnum):
    """Why a tender does not fit, in the subscriber's judgement."""

    WRONG_TRADE = "wrong-trade"
    TOO_BIG = "too-big"
    TOO_FAR = "too-far"
    REQUIREMENTS = "requirements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What one subscriber asked for.

    Attributes:
        id: random, URL-safe; says nothing about the person and cannot be guessed.
        email: where letters go. language: nb, nn or en.
        topic: what it is about.
        org: subscribe as this organisation, or None for a search subscription.
        offers: what the organisation delivers, in the subscriber's own words; with ``org`` they
            stand in place of the register's.
        cpv: codes (any length, prefix match) wanted; words: free words wanted. With ``org`` they
            say what is delivered; lots outside them rank lower but are not left out.
        municipalities: four-digit numbers; counties are two digits. Empty means everywhere. For a
            buyer's topics: the municipality itself.
        value_min, value_max: smallest and largest lot wanted, NOK excl. VAT.
        buyers: nine-digit numbers or parts of names; empty means all.
        reserved: see :class:`Reserved`.
        sme_suitable: only lots that the buyer calls suited to small firms (BT-726).
        languages: tenders may be written in one of these (BT-97, EU authority codes: NOB, NNO,
            NOR, ENG, ...); empty means any. A notice that names none is not left out.
        threshold: lowest score 0..1 that is worth a letter.
        quiet: days without letters.
        remind_days: how many days before a deadline to remind of it; 0 for never.
        channels: how news is pushed, by name; empty leaves only the feeds.
        webhook_url: where the channel ``webhook`` posts.
        feed_key: the secret part of the feeds' addresses.
        confirmed_at: when the address was confirmed (double opt-in), UTC; None means no letters.
        consent: the text agreed to. created_at: UTC.
    """

    id: str
    email: str
    language: str = "nb"
    frequency: Frequency = Frequency.DAILY
    topic: Topic = Topic.TENDERS
    org: OrgId | None = None
    offers: str = ""
    cpv: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    value_min: Decimal | None = None
    value_max: Decimal | None = None
    buyers: tuple[str, ...] = ()
    reserved: Reserved = Reserved.ANY
    sme_suitable: bool = False
    languages: tuple[str, ...] = ()
    threshold: float = 0.5
    quiet: tuple[QuietDay, ...] = ()
    remind_days: int = 3
    channels: tuple[str, ...] = ("mail",)
    webhook_url: str = ""
    feed_key: str = ""
    created_at: datetime
    confirmed_at: datetime | None = None
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One step of what a subscriber agreed to, kept as proof while the subscription lives.

    Attributes:
        action: ``"asked"``, ``"confirmed"`` or ``"changed"``.
        text: the words that were agreed to, in the language they were shown in.
        way: where it was given: ``"command line"``, ``"web"``, ``"link"`` or ``"mail"``.
        at: UTC.
    """

    action: str
    text: str
    way: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A subscriber's judgement of one tender, with the facts that the next ranking goes by.

    Attributes:
        procedure: its id in the store. notice: source id as told. title: as told.
        fits: yes or no. why: of a no, where a reason was given.
        lots: BT-137 of those told. cpv: their main codes.
        value: of the largest of them, NOK excl. VAT.
        places: municipalities (four digits) of the buyer and of the places of performance.
        hurdles: kinds of :class:`~procmatch.model.match.Hurdle` that were told.
        score: 0..1 of the best lot when it was told, None where nothing was scored.
        at: UTC.
    """

    procedure: str
    notice: str
    title: str = ""
    fits: bool
    why: Unfit | None = None
    lots: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    value: Decimal | None = None
    places: tuple[str, ...] = ()
    hurdles: tuple[str, ...] = ()
    score: float | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One tender in a letter: the notice, the lots that fit, and why.

    Attributes:
        news: ``"new"``, ``"changed"``, ``"deadline"`` (near), ``"cancelled"``, ``"result"``; for
            buyers ``"few-local"`` and ``"ending"``.
        changes: what changed, or what else is to be said of it, as sentences ready for the reader.
        procedure: its id in the store; ``""`` for the notice's own.
        lift: what the subscriber's own words add to its rank, -1..1, where no match carries it.
        said: the sentences that say so.
    """

    notice: Notice
    lots: tuple[tuple[Lot, Match | None], ...]
    news: str = "new"
    changes: tuple[str, ...] = ()
    procedure: str = ""
    lift: float = 0.0
    said: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one subscription has to hear now.

    Attributes:
        items: what the letter tells, best first.
        beyond: what did not fit in it, in order. more: how many these are.
        made_at: UTC.
    """

    subscription: Subscription
    items: tuple[DigestItem, ...]
    beyond: tuple[DigestItem, ...] = ()
    made_at: datetime

    @property
    def more(self) -> int:
        """How many did not fit in the letter."""
        return len(self.beyond)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter, or another parcel, ready for the post.

    Attributes:
        id: stable over retries, the left part of Message-ID.
        to: the receiver: an address of e-mail, or of the web for a webhook.
        message: the full RFC 5322 message as bytes; what else a channel carries.
        channel: which channel carries it, by name.
    """

    id: str
    to: str
    subject: str
    message: bytes
    channel: str = "mail"
