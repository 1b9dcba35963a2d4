"""Small facts about a source that must survive a run: a feed's position, an ETag, a last visit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from procmatch.store.tables import marks
from procmatch.store.upsert import put

__all__ = ["forget", "get", "remember"]


def get(connection: Connection, source: str, name: str) -> str | None:
    """Return what is remembered under ``name``, or None."""
    return connection.scalar(
        select(marks.c.value).where(marks.c.source == source, marks.c.name == name)
    )


def remember(connection: Connection, source: str, name: str, value: str, now: datetime) -> None:
    """Remember ``value``; the newest word counts."""
    put(connection, marks, [{"source": source, "name": name, "value": value, "at": now}])


def forget(connection: Connection, source: str, name: str) -> None:
    """Forget what is remembered under ``name``."""
    connection.execute(delete(marks).where(marks.c.source == source, marks.c.name == name))
