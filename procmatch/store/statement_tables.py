"""The tables of what firms say themselves."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, String, Table, Text

from procmatch.store.metadata import metadata
from procmatch.store.types import UtcDateTime

__all__ = ["statement_requests", "statements"]

#: What was asked for in a firm's name; a row goes once it is decided.
statement_requests = Table(
    "statement_requests",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("register", String(20), nullable=False),
    Column("number", String(20), nullable=False, index=True),
    Column("email", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    #: When the holder of the address said yes; from then on it waits for the operator.
    Column("confirmed_at", UtcDateTime),
)

#: What holds of a firm by its own word.
statements = Table(
    "statements",
    metadata,
    Column("register", String(20), primary_key=True),
    Column("number", String(20), primary_key=True),
    Column("shown", Boolean),
    Column("document", Text, nullable=False),
    Column("proof", String(20), nullable=False),
    Column("stated_on", Date, nullable=False),
    #: Of the address that the operator approved; the address itself is not kept.
    Column("address_mark", String(64), nullable=False, server_default=""),
)
