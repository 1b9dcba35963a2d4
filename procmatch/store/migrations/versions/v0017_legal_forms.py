"""Units are found by their legal form: a municipality among a million others."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Go up one step."""
    op.create_index(
        "ix_organisations_register_legal_form",
        "organisations",
        ["register", "legal_form", "number"],
    )
