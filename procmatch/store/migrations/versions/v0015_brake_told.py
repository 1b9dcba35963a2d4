"""When the operator was told of the brake."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go up one step."""
    op.add_column("brake", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
