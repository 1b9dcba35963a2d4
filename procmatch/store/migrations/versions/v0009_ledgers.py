"""Ledgers of buyers, and the unit that each line was linked to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go up one step."""
    op.create_table(
        "ledgers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=4), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledgers")),
        sa.UniqueConstraint("place", "sha256", name=op.f("uq_ledgers_place_sha256")),
    )
    op.create_index(op.f("ix_ledgers_place"), "ledgers", ["place"])
    op.create_table(
        "ledger_lines",
        sa.Column("ledger", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=True),
        sa.Column("number", sa.String(length=9), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=2), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("register", sa.String(length=20), nullable=True),
        sa.Column("org", sa.String(length=20), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("certain", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ledger"],
            ["ledgers.id"],
            name=op.f("fk_ledger_lines_ledger_ledgers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ledger", "row", name=op.f("pk_ledger_lines")),
    )
    op.create_index(op.f("ix_ledger_lines_org"), "ledger_lines", ["org"])
