"""Drafts kept for who asks for it: under a private link, for a time, gone on request."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from procmatch.errors import NotFound, SourceError
from procmatch.insight.hurdles import LotHurdles
from procmatch.model.kept_draft import KeptDraft
from procmatch.model.notice import Lot
from procmatch.sources.docx import read_words
from procmatch.store import Store, kept_drafts
from procmatch.workflows.drafts import DraftView, is_word_file
from procmatch.workflows.ingest import Clock

__all__ = [
    "LotChange",
    "changes",
    "delete_draft",
    "forget_drafts",
    "keep_draft",
    "kept_draft",
    "replace_draft",
]

#: All kept drafts together: nobody has to say who they are to keep one.
_MOST_BYTES = 200_000_000
_KEY_BYTES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class LotChange:
    """What a newer text does to a lot.

    Attributes:
        lot: as it is now, or as it was where it is gone.
        before, after: what the requirements do; None where the lot was not there, or is gone.
    """

    lot: Lot
    before: LotHurdles | None
    after: LotHurdles | None


def keep_draft(
    store: Store, body: bytes | str, *, place: str | None, days: int, clock: Clock
) -> tuple[str, KeptDraft]:
    """Keep a draft; return the key for its link, which is stored nowhere, and the draft.

    Args:
        store: where it is kept.
        body: as pasted or sent. Of a Word document the words alone are kept: no author, comment
            or picture.
        place: municipality, four digits, if told.
        days: how long.
        clock: aware UTC now.

    Raises:
        SourceError: a Word document that cannot be read, or there is no room for more.
    """
    now = clock()
    draft = KeptDraft(
        body=_plain(body), place=place, kept_at=now, expires_at=now + timedelta(days=days)
    )
    key = secrets.token_urlsafe(_KEY_BYTES)
    with store.begin() as connection:
        if kept_drafts.stored_bytes(connection) + len(draft.body) > _MOST_BYTES:
            raise SourceError("there is no room for more drafts now", source="draft")
        kept_drafts.save(connection, _hash(key), draft)
    return key, draft


def kept_draft(store: Store, key: str, *, clock: Clock) -> KeptDraft:
    """Return a kept draft. Raises NotFound where it was deleted or its time is over."""
    with store.read() as connection:
        found = kept_drafts.find(connection, _hash(key))
    if found is None or found.expires_at <= clock():
        raise NotFound("no draft is kept under this link")
    return found


def replace_draft(store: Store, key: str, body: bytes | str, *, place: str | None) -> None:
    """Keep a newer text instead; nothing of the older one stays.

    Raises:
        SourceError: a Word document that cannot be read.
    """
    with store.begin() as connection:
        kept_drafts.replace(connection, _hash(key), _plain(body), place)


def delete_draft(store: Store, key: str) -> None:
    """Delete a kept draft; of one that is gone already nothing is said."""
    with store.begin() as connection:
        kept_drafts.forget(connection, _hash(key))


def forget_drafts(store: Store, *, clock: Clock) -> int:
    """Delete drafts whose time is over; return how many."""
    with store.begin() as connection:
        return kept_drafts.forget_before(connection, clock())


def changes(before: DraftView, after: DraftView) -> Sequence[LotChange]:
    """Return what a newer text changes, lot by lot: as they stand now, then those that are gone."""
    older = {one.lot.id: one for one in before.hurdles}
    newer = {one.lot.id: one for one in after.hurdles}
    there = [LotChange(lot=one.lot, before=older.get(key), after=one) for key, one in newer.items()]
    gone = [
        LotChange(lot=one.lot, before=one, after=None)
        for key, one in older.items()
        if key not in newer
    ]
    return [*there, *gone]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _plain(body: bytes | str) -> bytes:
    if isinstance(body, bytes) and is_word_file(body):
        body = read_words(body)
    return body if isinstance(body, bytes) else body.encode("utf-8", "replace")
