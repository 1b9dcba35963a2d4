"""The tables of delivery: letters on their way, addresses that get none, and the brake."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from procmatch.store.metadata import metadata
from procmatch.store.types import UtcDateTime

__all__ = ["brake", "letter_messages", "outbox", "stopped_addresses"]

#: Letters written in the same transaction as ``told``, sent afterwards.
outbox = Table(
    "outbox",
    metadata,
    Column("letter", String(80), primary_key=True),
    #: None: a letter about something else, which goes with that.
    Column("subscription", ForeignKey("subscriptions.id", ondelete="CASCADE")),
    Column("channel", String(20), nullable=False, server_default="mail"),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    #: ``queued``, ``sent`` or ``dead``.
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime, index=True),
    #: Right of the @, or the host that is called.
    Column("domain", String(255), nullable=False, server_default=""),
    #: Who has it in hand, and until when nobody else may take it.
    Column("claimed_by", String(40)),
    Column("claimed_until", UtcDateTime),
    Index("ix_outbox_state", "state", "queued_at", "letter"),
)

#: The bytes of a letter, apart from its state: they are never written again.
letter_messages = Table(
    "letter_messages",
    metadata,
    Column("letter", ForeignKey("outbox.letter", ondelete="CASCADE"), primary_key=True),
    Column("message", LargeBinary, nullable=False),
)

#: Addresses that refused for good: nothing more is sent there until the operator says so.
stopped_addresses = Table(
    "stopped_addresses",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("error", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

#: One row: whether all sending is held, and since when letters are counted.
brake = Table(
    "brake",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("pulled_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Column("released_at", UtcDateTime),
    #: When the operator was told of this hold.
    Column("told_at", UtcDateTime),
)
