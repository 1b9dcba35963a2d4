"""Drafts kept on request, under the hash of a key that only their link names."""

from __future__ import annotations

import zlib
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from procmatch.model.kept_draft import KeptDraft
from procmatch.store.insight_tables import kept_drafts

__all__ = ["find", "forget", "forget_before", "replace", "save", "stored_bytes"]


def save(connection: Connection, key: str, draft: KeptDraft) -> None:
    """Keep a draft under a key that is not taken."""
    connection.execute(
        insert(kept_drafts).values(
            key=key,
            place=draft.place,
            kept_at=draft.kept_at,
            expires_at=draft.expires_at,
            **_packed(draft.body),
        )
    )


def replace(connection: Connection, key: str, body: bytes, place: str | None) -> None:
    """Put a newer text in the place of a kept one; it ends when the first would have."""
    connection.execute(
        update(kept_drafts).where(kept_drafts.c.key == key).values(place=place, **_packed(body))
    )


def find(connection: Connection, key: str) -> KeptDraft | None:
    """Return the draft under a key, or None."""
    row = connection.execute(select(kept_drafts).where(kept_drafts.c.key == key)).one_or_none()
    if row is None:
        return None
    return KeptDraft(
        body=zlib.decompress(row.body),
        place=row.place,
        kept_at=row.kept_at,
        expires_at=row.expires_at,
    )


def forget(connection: Connection, key: str) -> bool:
    """Delete the draft under a key; return whether there was one."""
    return bool(connection.execute(delete(kept_drafts).where(kept_drafts.c.key == key)).rowcount)


def forget_before(connection: Connection, moment: datetime) -> int:
    """Delete drafts whose time is over at a moment; return how many."""
    return connection.execute(
        delete(kept_drafts).where(kept_drafts.c.expires_at <= moment)
    ).rowcount


def stored_bytes(connection: Connection) -> int:
    """Return how much all kept drafts take, packed."""
    return connection.scalar(select(func.coalesce(func.sum(kept_drafts.c.size), 0))) or 0


def _packed(body: bytes) -> dict[str, bytes | int]:
    packed = zlib.compress(body)
    return {"body": packed, "size": len(packed)}
