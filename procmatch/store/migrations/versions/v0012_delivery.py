"""Claims on letters, addresses that nothing more is sent to, and the brake."""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Go up one step."""
    moment = sa.DateTime(timezone=True)
    op.add_column(
        "outbox", sa.Column("domain", sa.String(length=255), nullable=False, server_default="")
    )
    op.add_column("outbox", sa.Column("claimed_by", sa.String(length=40), nullable=True))
    op.add_column("outbox", sa.Column("claimed_until", moment, nullable=True))
    op.drop_index(op.f("ix_outbox_state"), "outbox")
    op.create_index(op.f("ix_outbox_state"), "outbox", ["state", "queued_at", "letter"])
    op.create_index(op.f("ix_outbox_sent_at"), "outbox", ["sent_at"])
    op.create_table(
        "stopped_addresses",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("channel", "recipient", name=op.f("pk_stopped_addresses")),
    )
    op.create_table(
        "brake",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pulled_at", moment, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brake")),
    )
    op.bulk_insert(
        sa.table("brake", sa.column("id", sa.Integer), sa.column("reason", sa.Text)),
        [{"id": 1, "reason": ""}],
    )
    outbox = sa.table(
        "outbox", *(sa.column(name, sa.Text) for name in ("letter", "recipient", "domain", "state"))
    )
    connection = op.get_bind()
    connection.execute(sa.update(outbox).where(outbox.c.state == "refused").values(state="dead"))
    waiting = sa.select(outbox.c.letter, outbox.c.recipient).where(outbox.c.state == "queued")
    for letter, recipient in connection.execute(waiting).all():
        domain = (
            urlsplit(recipient).hostname or ""
            if "://" in recipient
            else recipient.rpartition("@")[2].lower()
        )
        connection.execute(sa.update(outbox).where(outbox.c.letter == letter).values(domain=domain))
