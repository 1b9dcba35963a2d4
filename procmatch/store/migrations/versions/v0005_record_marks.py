"""Register rows: the mark of the bulk file's record instead of a digest of the document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go up one step. All records are unmarked, so the next bulk file is read in full."""
    for table in ("organisations", "establishments"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(
                sa.Column("record", sa.BigInteger(), nullable=False, server_default="0")
            )
            batch_op.drop_column("digest")
