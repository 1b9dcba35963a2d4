"""The store's schema, step by step (Alembic); ``versions/`` holds one file a step."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

__all__ = ["HEAD", "upgrade"]

#: The newest step; a test compares it with the files.
HEAD = "0020"


def config(engine: Engine) -> Config:
    """Return an Alembic configuration over ``engine``; there is no alembic.ini."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.attributes["engine"] = engine
    return settings


def upgrade(engine: Engine) -> None:
    """Bring the database to :data:`HEAD`, from nothing or from any earlier step."""
    command.upgrade(config(engine), HEAD)
