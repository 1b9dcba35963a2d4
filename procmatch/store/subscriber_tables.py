"""The tables of subscribers: what they asked for, agreed to, were told and judged."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from procmatch.store.metadata import metadata
from procmatch.store.types import UtcDateTime

__all__ = ["consents", "feedback", "news", "subscriptions", "tallies", "told"]

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("email", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("left_at", UtcDateTime),
    #: The secret part of its feeds' addresses.
    Column("feed_key", String(60)),
    Index("ix_subscriptions_feed_key", "feed_key", unique=True),
)

#: What a subscriber agreed to, step by step; it goes with the subscription.
consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "subscription",
        ForeignKey("subscriptions.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("action", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("way", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

#: What a subscriber has heard of each lot, so that nothing is told twice unchanged.
told = Table(
    "told",
    metadata,
    Column("subscription", ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("procedure", String(120), primary_key=True),
    Column("lot", String(40), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("notice", String(60), nullable=False),
    Column("letter", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    #: The deadline that the subscriber was reminded of.
    Column("reminded", UtcDateTime),
    #: The notice in which the result of the lot was told.
    Column("result", String(60)),
)

#: What was written to a subscriber, tender by tender: for feeds, feedback and "4 more".
news = Table(
    "news",
    metadata,
    Column("subscription", ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("item", String(20), primary_key=True),
    Column("letter", String(80), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    #: It stands in the letter; else it was beyond the letter's cap.
    Column("told", Boolean, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("procedure", String(120), nullable=False, index=True),
    #: The letter's words, and what a judgement of it would rest on.
    Column("document", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

#: A subscriber's judgement of a tender.
feedback = Table(
    "feedback",
    metadata,
    Column("subscription", ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("procedure", String(120), primary_key=True),
    Column("fits", Boolean, nullable=False),
    Column("why", String(20)),
    Column("document", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

#: Anonymous counts, e.g. of subscriptions that were deleted.
tallies = Table(
    "tallies",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)
