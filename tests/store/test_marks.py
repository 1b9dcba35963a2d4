"""Small facts about a source survive a run."""

from __future__ import annotations

from datetime import UTC, datetime

from procmatch.store import Store, marks

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def test_the_newest_word_counts_and_can_be_forgotten(store: Store) -> None:
    with store.begin() as connection:
        assert marks.get(connection, "enhetsregisteret", "etag") is None
        marks.remember(connection, "enhetsregisteret", "etag", "a", NOW)
        marks.remember(connection, "enhetsregisteret", "etag", "b", NOW)
        assert marks.get(connection, "enhetsregisteret", "etag") == "b"
        assert marks.get(connection, "doffin", "etag") is None
        marks.forget(connection, "enhetsregisteret", "etag")
        assert marks.get(connection, "enhetsregisteret", "etag") is None
