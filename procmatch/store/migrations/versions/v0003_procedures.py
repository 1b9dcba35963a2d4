"""Procedures derived from notices; every notice is to be settled anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go up one step."""
    with op.batch_alter_table("notices") as batch_op:
        for name in ("probable", "settled"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
        batch_op.create_index(batch_op.f("ix_notices_settled"), ["settled"], unique=False)
    op.create_table(
        "notice_keys",
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notices.id"],
            name=op.f("fk_notice_keys_notice_notices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice", "role", "key", name=op.f("pk_notice_keys")),
    )
    op.create_index(op.f("ix_notice_keys_key"), "notice_keys", ["key"], unique=False)
    op.create_table(
        "procedures",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["current"],
            ["notices.id"],
            name=op.f("fk_procedures_current_notices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedures")),
    )
    op.create_index(op.f("ix_procedures_current"), "procedures", ["current"], unique=False)
    op.create_index(op.f("ix_procedures_state"), "procedures", ["state"], unique=False)
