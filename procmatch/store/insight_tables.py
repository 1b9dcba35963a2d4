"""Tables of a municipality's view: targets, what was shown, drafts kept, figures of tenders."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from procmatch.store.metadata import metadata
from procmatch.store.types import UtcDateTime

__all__ = ["kept_drafts", "shown", "shown_firms", "targets", "tender_figures"]

targets = Table(
    "targets",
    metadata,
    #: Municipality (four digits) or county (two).
    Column("place", String(4), primary_key=True),
    Column("question", String(20), primary_key=True),
    Column("measure", String(20), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("percent", Float, nullable=False),
)

#: Which lists were shown, the same list of one day once; who asked is not kept.
shown = Table(
    "shown",
    metadata,
    Column("id", Integer, primary_key=True),
    #: Of the day, the question, the order and the firms.
    Column("digest", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("asked", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    #: In the whole list, also those that were not on the page.
    Column("firms", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_at", UtcDateTime, nullable=False, index=True),
    Column("last_at", UtcDateTime, nullable=False),
    UniqueConstraint("digest"),
)

shown_firms = Table(
    "shown_firms",
    metadata,
    Column("shown", ForeignKey("shown.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("register", String(20), nullable=False),
    Column("org", String(20), nullable=False, index=True),
)

#: Only those that somebody asked to have kept.
kept_drafts = Table(
    "kept_drafts",
    metadata,
    #: SHA-256 of what the private link names: the store alone opens no link.
    Column("key", String(64), primary_key=True),
    #: zlib; of a Word document its words alone.
    Column("body", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("place", String(4)),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

#: What pages say of an open tender beside its ranking, as the last run of matching worked it out.
tender_figures = Table(
    "tender_figures",
    metadata,
    Column("notice", ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    #: Of all that it was worked out from: where that is the same, so is this.
    Column("sign", String(64), nullable=False),
    #: Numbers of the firms that were looked at, between blanks.
    Column("firms", Text, nullable=False),
    Column("document", Text, nullable=False),
)
