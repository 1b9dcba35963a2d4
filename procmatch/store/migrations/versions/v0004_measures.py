"""How much each run found at its source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go up one step."""
    op.create_table(
        "run_measures",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"], ["runs.id"], name=op.f("fk_run_measures_run_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run", "name", name=op.f("pk_run_measures")),
    )
