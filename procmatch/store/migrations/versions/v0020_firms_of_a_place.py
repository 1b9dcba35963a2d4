"""Counting the firms of a place by trade reads an index alone."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Go up one step."""
    op.drop_index(op.f("ix_organisations_municipality"), table_name="organisations")
    op.create_index(
        "ix_organisations_municipality_industry",
        "organisations",
        ["municipality", "industry", "legal_form", "status", "register"],
    )
