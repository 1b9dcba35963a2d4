"""What persons decided of printed names, kept by what was printed and not by rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go up one step."""
    op.create_table(
        "link_labels",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("register", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("printed_name", sa.Text(), nullable=True),
        sa.Column("printed_number", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("key", "register", "number", name=op.f("pk_link_labels")),
    )
    op.create_index(op.f("ix_link_labels_register_number"), "link_labels", ["register", "number"])
