"""All tables. A change here needs a migration; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from procmatch.store.delivery_tables import (
    brake,
    letter_messages,
    outbox,
    stopped_addresses,
)
from procmatch.store.metadata import metadata
from procmatch.store.statement_tables import statement_requests, statements
from procmatch.store.subscriber_tables import (
    consents,
    feedback,
    news,
    subscriptions,
    tallies,
    told,
)
from procmatch.store.types import UtcDateTime

__all__ = [
    "brake",
    "consents",
    "feedback",
    "letter_messages",
    "metadata",
    "news",
    "outbox",
    "statement_requests",
    "statements",
    "stopped_addresses",
    "subscriptions",
    "tallies",
    "told",
]

#: Raw bodies by content, in compressed chunks so that a large file never is in memory whole.
raw_chunks = Table(
    "raw_chunks",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

raw_answers = Table(
    "raw_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
    UniqueConstraint("source", "kind", "key", "sha256"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(40), nullable=False, index=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("outcome", String(20), nullable=False),
    Column("fetched", Integer, nullable=False, default=0),
    Column("new", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("set_aside", Integer, nullable=False, default=0),
    Column("postponed", Integer, nullable=False, default=0),
    Column("message", Text, nullable=False, default=""),
    Column("watermark", Date),
)

#: How much a run found at its source, by what was counted; the next run is compared with it.
run_measures = Table(
    "run_measures",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("value", Integer, nullable=False),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("value", Date, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
)

#: Small facts about a source: a feed's position, an ETag, when a slow round was last made.
marks = Table(
    "marks",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

#: What a source's list says of a publication; the publication itself is in ``notices``.
listings = Table(
    "listings",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("source_id", String(60), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("kind", String(80), nullable=False),
    Column("status", String(40)),
    Column("published_on", Date),
    Column("document", Text, nullable=False),
)

#: Publications known but not yet downloaded.
downloads = Table(
    "downloads",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("key", String(60), primary_key=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
)

#: Answers that could not be read; they are read again when the parser changes.
set_aside = Table(
    "set_aside",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("error", String(60), nullable=False),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("parser", String(40), nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("source_id", String(60), nullable=False),
    Column("notice_id", String(80), nullable=False, index=True),
    Column("version", String(10), nullable=False),
    Column("procedure", String(120), nullable=False, index=True),
    Column("changes", String(120)),
    Column("kind", String(30), nullable=False),
    Column("subtype", String(10)),
    Column("title", Text, nullable=False),
    Column("cpv_main", String(8)),
    Column("published_on", Date),
    Column("dispatched_at", UtcDateTime),
    Column("deadline", UtcDateTime, index=True),
    Column("cancelled", Boolean, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("document", Text, nullable=False),
    #: It belongs to its procedure by likeness only.
    Column("probable", Boolean, nullable=False, default=False),
    #: Its procedure has been derived since it was last written.
    Column("settled", Boolean, nullable=False, default=False, index=True),
    UniqueConstraint("source", "source_id"),
)

#: What a notice is called and what it refers to; notices that share a key are one purchase.
notice_keys = Table(
    "notice_keys",
    metadata,
    Column("notice", ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(10), primary_key=True),
    Column("key", String(200), primary_key=True),
    Index("ix_notice_keys_key", "key"),
)

#: The merged state of each purchase, derived from its notices.
procedures = Table(
    "procedures",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("state", String(20), nullable=False, index=True),
    Column("current", ForeignKey("notices.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("document", Text, nullable=False),
)

lots = Table(
    "lots",
    metadata,
    Column("notice", ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("lot", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("cpv_main", String(8), index=True),
    Column("deadline", UtcDateTime),
    Column("value", Numeric(20, 2)),
    Column("currency", String(3)),
)

#: Buyers and winners as printed, and the register unit that linkage found for them.
parties = Table(
    "parties",
    metadata,
    Column("notice", ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(10), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("lot", String(40)),
    Column("name", Text, nullable=False),
    Column("number", String(9)),
    Column("city", Text),
    Column("postcode", String(20)),
    Column("register", String(20)),
    Column("org", String(20), index=True),
    Column("score", Float),
    Column("certain", Boolean),
    Column("method", String(20)),
    Column("document", Text),
)

#: ``record`` in the next two: the mark of the bulk file's record, see ``known``.
organisations = Table(
    "organisations",
    metadata,
    Column("register", String(20), primary_key=True),
    Column("number", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("legal_form", String(10)),
    Column("status", String(20), nullable=False),
    Column("municipality", String(4)),
    Column("industry", String(10), index=True),
    Column("document", Text, nullable=False),
    Column("record", BigInteger, nullable=False, server_default="0"),
    Index("ix_organisations_register_legal_form", "register", "legal_form", "number"),
    #: Holds all that counting the firms of a place by trade reads.
    Index(
        "ix_organisations_municipality_industry",
        "municipality",
        "industry",
        "legal_form",
        "status",
        "register",
    ),
)

establishments = Table(
    "establishments",
    metadata,
    Column("register", String(20), primary_key=True),
    Column("number", String(20), primary_key=True),
    Column("parent", String(20), nullable=False, index=True),
    Column("municipality", String(4), index=True),
    Column("document", Text, nullable=False),
    Column("record", BigInteger, nullable=False, server_default="0"),
)

#: One row a unit: its accounts as they were when ``year`` was the last year handed in.
accounts = Table(
    "accounts",
    metadata,
    Column("register", String(20), primary_key=True),
    Column("number", String(20), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("asked_at", UtcDateTime),
)

#: One row a fact as a source prints it, and the unit that it was tied to, if any.
evidence = Table(
    "evidence",
    metadata,
    Column("source", String(80), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("key", String(80), primary_key=True),
    #: ``crawl``, ``file`` or ``declared``: by the supplier itself.
    Column("origin", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("printed_number", String(9), index=True),
    Column("place", Text),
    Column("postcode", String(20)),
    Column("text", Text, nullable=False),
    Column("reference", Text),
    Column("url", Text),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("digest", String(64), nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    #: The run that saw it last: what a whole list no longer names is closed.
    Column("seen_run", Integer, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("register", String(20)),
    Column("number", String(20)),
    #: ``exact``, ``name``, ``decided`` or ``declared``; ``nobody`` after a vain search.
    Column("method", String(10)),
    Column("score", Float),
    Column("certain", Boolean),
    Index("ix_evidence_register_number", "register", "number"),
)

#: What persons decided of printed names; ``register`` and ``number`` are empty for "nobody".
link_labels = Table(
    "link_labels",
    metadata,
    Column("key", String(20), primary_key=True),
    Column("register", String(20), primary_key=True),
    Column("number", String(20), primary_key=True),
    #: ``same``, ``not_same`` or ``nobody``.
    Column("decision", String(10), nullable=False),
    #: What was printed; null where it names a sole proprietor.
    Column("printed_name", Text),
    Column("printed_number", Text),
    Column("place", Text),
    Column("postcode", Text),
    Column("street", Text),
    Column("website", Text),
    #: Of the unit, as it was shown.
    Column("name", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("source", String(40), nullable=False),
    Index("ix_link_labels_register_number", "register", "number"),
)

codes = Table(
    "codes",
    metadata,
    Column("list", String(40), primary_key=True),
    Column("code", String(60), primary_key=True),
    Column("parent", String(60)),
    Column("labels", Text, nullable=False),
    Column("extra", Text, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    Column("notice", ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("lot", String(40), primary_key=True),
    Column("register", String(20), primary_key=True),
    Column("number", String(20), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_matches_register_number", "register", "number"),
)
