"""What a source's list says of the status of its publications."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from procmatch.demo import world
from procmatch.sources import eforms
from procmatch.store import Store, notices
from procmatch.store.listings import UNLISTED, unknown, unlist, with_status
from procmatch.store.notices import Listing
from procmatch.workflows.settle import settle


def listing(key: str, status: str | None, source: str = "doffin") -> Listing:
    return Listing(
        source=source,
        source_id=key,
        digest=f"digest of {key}",
        kind="ANNOUNCEMENT_OF_COMPETITION",
        status=status,
        published_on=date(2026, 9, 1),
        document="{}",
    )


def test_publications_are_found_by_status(store: Store) -> None:
    with store.begin() as connection:
        rows = [listing("2", "ACTIVE"), listing("1", "ACTIVE"), listing("3", "EXPIRED")]
        notices.save_listings(connection, [*rows, listing("4", None), listing("5", "ACTIVE", "x")])
        assert with_status(connection, "doffin", "ACTIVE") == [rows[1], rows[0]]


def test_what_is_unlisted_counts_as_changed_when_it_is_shown_again(store: Store) -> None:
    with store.begin() as connection:
        notices.save_listings(connection, [listing(key, "ACTIVE") for key in "123"])
        unlist(connection, "doffin", ["2", "9"])
        unlist(connection, "doffin", [])
        assert [one.source_id for one in with_status(connection, "doffin", UNLISTED)] == ["2"]
        digests = notices.listing_digests(connection, "doffin", ["1", "2"])
    assert digests == {"1": "digest of 1", "2": ""}


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        ("ACTIVE", True),
        ("EXPIRED", True),  # the notice's own deadline says so, or was moved
        (None, True),
        ("CANCELLED", False),
        ("AWARDED", False),
        (UNLISTED, False),
    ],
)
def test_what_its_list_says_has_ended_is_not_open(
    store: Store, status: str | None, is_open: bool
) -> None:
    key, xml = next(iter(sorted(world.notices().items())))
    with store.begin() as connection:
        notices.save(connection, eforms.read(xml, source="doffin", source_id=key), "0" * 64)
        notices.save_listings(connection, [listing(key, status), listing(key, "AWARDED", "ted")])
    settle(store)
    with store.read() as connection:
        found = list(notices.open_competitions(connection, datetime(2026, 6, 1, tzinfo=UTC)))
    assert bool(found) is is_open


def test_what_a_source_has_neither_listed_nor_published_is_unknown(store: Store) -> None:
    key, xml = next(iter(sorted(world.notices().items())))
    with store.begin() as connection:
        notices.save(connection, eforms.read(xml, source="doffin", source_id=key), "0" * 64)
        notices.save_listings(connection, [listing("2", "ACTIVE"), listing("1", "ACTIVE", "x")])
        assert unknown(connection, "doffin", ("3", "2", "1", key)) == ["1", "3"]
        assert unknown(connection, "doffin", ()) == []
