"""What subscribers agreed to, what they were told item by item, and what they judged of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def _of_subscription() -> sa.Column[str]:
    return sa.Column("subscription", sa.String(length=40), nullable=False)


def _cascade(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["subscription"],
        ["subscriptions.id"],
        name=op.f(f"fk_{table}_subscription"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    """Go up one step."""
    moment = sa.DateTime(timezone=True)
    op.add_column("subscriptions", sa.Column("feed_key", sa.String(length=60), nullable=True))
    op.create_index(op.f("ix_subscriptions_feed_key"), "subscriptions", ["feed_key"], unique=True)
    op.add_column("told", sa.Column("reminded", moment, nullable=True))
    op.add_column("told", sa.Column("result", sa.String(length=60), nullable=True))
    op.add_column(
        "outbox",
        sa.Column("channel", sa.String(length=20), nullable=False, server_default="mail"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        _of_subscription(),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("at", moment, nullable=False),
        _cascade("consents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_subscription"), "consents", ["subscription"])
    op.create_table(
        "news",
        _of_subscription(),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("procedure", sa.String(length=120), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        _cascade("news"),
        sa.PrimaryKeyConstraint("subscription", "item", name=op.f("pk_news")),
    )
    op.create_index(op.f("ix_news_letter"), "news", ["letter"])
    op.create_index(op.f("ix_news_procedure"), "news", ["procedure"])
    op.create_table(
        "feedback",
        _of_subscription(),
        sa.Column("procedure", sa.String(length=120), nullable=False),
        sa.Column("fits", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        _cascade("feedback"),
        sa.PrimaryKeyConstraint("subscription", "procedure", name=op.f("pk_feedback")),
    )
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tallies")),
    )
