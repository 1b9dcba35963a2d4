"""The bytes of letters in a table of their own: noting a letter does not write them again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Go up one step."""
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
    op.execute("INSERT INTO letter_messages (letter, message) SELECT letter, message FROM outbox")
    op.drop_column("outbox", "message")
