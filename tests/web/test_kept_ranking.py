"""The ranking kept of a lot: read as far as it is looked at, the same as when all of it is read."""

from __future__ import annotations

from procmatch.store import Store, matches, notices
from procmatch.store.matches import KeptMatches
from tests.workflows.conftest import NOW


def _kept(store: Store) -> tuple[KeptMatches, list[object]]:
    """Return the longest ranking kept, and the same read whole."""
    with store.read() as connection:
        pairs = [
            (
                matches.kept_of_lot(connection, notice=one.row, lot=lot.id),
                [*matches.of_lot(connection, notice=one.row, lot=lot.id)],
            )
            for one in notices.open_competitions(connection, NOW)
            for lot in one.notice.lots
        ]
    kept, whole = max(pairs, key=lambda pair: len(pair[1]))
    return kept, list(whole)


def test_a_kept_ranking_is_the_one_that_is_read_whole(matched: Store) -> None:
    kept, whole = _kept(matched)
    assert len(whole) > 2
    assert list(kept) == whole
    assert kept[1:3] == whole[1:3]
    assert kept[-1] == whole[-1]
    assert len(kept) == len(whole)


def test_who_is_not_to_be_shown_is_left_out_unread(matched: Store) -> None:
    kept, whole = _kept(matched)
    hidden = kept[0].supplier
    assert list(kept.where(lambda org: org != hidden)) == whole[1:]
    # What is not a match at all shows that nobody reads it.
    broken = KeptMatches([(hidden, "{"), *kept.rows[1:]])
    assert list(broken.where(lambda org: org != hidden)) == whole[1:]
