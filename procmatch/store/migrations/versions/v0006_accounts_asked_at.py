"""When a unit's accounts were asked for, so that missing ones are not asked for every day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go up one step."""
    op.add_column("accounts", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
