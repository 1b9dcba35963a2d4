"""What firms say themselves; letters that belong to no subscription."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Go up one step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "statement_requests",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_requests")),
    )
    op.create_index(op.f("ix_statement_requests_number"), "statement_requests", ["number"])
    op.create_table(
        "statements",
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("address_mark", sa.String(length=64), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("register", "number", name=op.f("pk_statements")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("outbox", "subscription", existing_type=sa.String(40), nullable=True)
    else:
        _rebuild()


def _rebuild() -> None:
    """Let a letter have no subscription, in SQLite, where that means a new table.

    Dropping the old one would delete its messages with it, so these stand aside meanwhile.
    """
    op.execute("CREATE TABLE messages_aside AS SELECT letter, message FROM letter_messages")
    op.drop_table("letter_messages")
    with op.batch_alter_table("outbox", recreate="always") as outbox:
        outbox.alter_column("subscription", existing_type=sa.String(40), nullable=True)
    op.create_table(
        "letter_messages",
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter"],
            ["outbox.letter"],
            name=op.f("fk_letter_messages_letter_outbox"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_letter_messages")),
    )
    op.execute(
        "INSERT INTO letter_messages (letter, message) SELECT letter, message FROM messages_aside"
    )
    op.drop_table("messages_aside")
