"""Tables of ledgers; apart from the others since only their module speaks of them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from procmatch.store.tables import metadata
from procmatch.store.types import UtcDateTime

__all__ = ["ledger_lines", "ledgers"]

#: Ledgers of buyers: each file once, by its content.
ledgers = Table(
    "ledgers",
    metadata,
    Column("id", Integer, primary_key=True),
    #: Municipality (four digits) or county (two) that it is of.
    Column("place", String(4), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    UniqueConstraint("place", "sha256"),
)

ledger_lines = Table(
    "ledger_lines",
    metadata,
    Column("ledger", ForeignKey("ledgers.id", ondelete="CASCADE"), primary_key=True),
    Column("row", Integer, primary_key=True),
    #: As written; null where it names a sole proprietor.
    Column("supplier", Text),
    Column("number", String(9)),
    Column("amount", Numeric(20, 2), nullable=False),
    Column("unit", Text, nullable=False),
    Column("day", Date),
    Column("register", String(20)),
    Column("org", String(20), index=True),
    Column("score", Float),
    Column("certain", Boolean),
)
