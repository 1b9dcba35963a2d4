"""Targets of municipalities, and the log of lists that were shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go up one step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "targets",
        sa.Column("place", sa.String(length=4), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("percent", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("place", "question", "measure", "year", name=op.f("pk_targets")),
    )
    op.create_table(
        "shown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.Text(), nullable=False),
        sa.Column("firms", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", moment, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown")),
        sa.UniqueConstraint("digest", name=op.f("uq_shown_digest")),
    )
    op.create_index(op.f("ix_shown_first_at"), "shown", ["first_at"])
    op.create_table(
        "shown_firms",
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("org", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["shown"], ["shown.id"], name=op.f("fk_shown_firms_shown_shown"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shown", "position", name=op.f("pk_shown_firms")),
    )
    op.create_index(op.f("ix_shown_firms_org"), "shown_firms", ["org"])
