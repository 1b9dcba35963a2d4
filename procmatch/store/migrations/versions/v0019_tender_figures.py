"""What pages say of an open tender, worked out beforehand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Go up one step."""
    op.create_table(
        "tender_figures",
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("sign", sa.String(length=64), nullable=False),
        sa.Column("firms", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["notices.id"],
            name=op.f("fk_tender_figures_notice_notices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice", name=op.f("pk_tender_figures")),
    )
