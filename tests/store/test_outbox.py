"""A letter is queued with the note of what it tells, sent once, tried again when it must be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from procmatch.model.subscription import Letter, Subscription
from procmatch.store import Store, outbox, subscriptions, told

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WANTED = Subscription(id="s1", email="post@firma.example", cpv=("15",), created_at=NOW)
LETTER = Letter(id="l1", to="post@firma.example", subject="1 ny", message=b"Subject: 1 ny\r\n\r\n")
TOLD = told.Told(procedure="p-1", lot="LOT-0001", fingerprint="f1", notice="2026-1")


@pytest.fixture
def letters(store: Store) -> Store:
    with store.begin() as connection:
        subscriptions.save(connection, WANTED)
        outbox.queue(connection, "s1", LETTER, [TOLD], NOW)
    return store


def test_what_was_told_is_noted_with_the_letter(letters: Store) -> None:
    with letters.read() as connection:
        assert outbox.due(connection, NOW) == [LETTER]
        assert told.already_told(connection, "s1") == {("p-1", "LOT-0001"): TOLD}


def test_a_letter_queued_twice_is_one_letter(letters: Store) -> None:
    with letters.begin() as connection:
        outbox.queue(connection, "s1", LETTER, [TOLD], NOW)
        assert outbox.due(connection, NOW) == [LETTER]


def test_a_sent_letter_is_not_sent_again(letters: Store) -> None:
    with letters.begin() as connection:
        outbox.mark_sent(connection, ["l1"], NOW)
        assert outbox.due(connection, NOW + timedelta(days=9)) == []
        assert outbox.states(connection) == {"sent": 1}


def test_a_letter_that_failed_is_tried_again_later(letters: Store) -> None:
    with letters.begin() as connection:
        outbox.mark_failed(connection, "l1", "451 busy", NOW, for_good=False)
        assert outbox.due(connection, NOW) == []
        assert outbox.due(connection, NOW + timedelta(minutes=2)) == [LETTER]


def test_a_refused_letter_is_given_up(letters: Store) -> None:
    with letters.begin() as connection:
        outbox.mark_failed(connection, "l1", "550 no such user", NOW, for_good=True)
        assert outbox.due(connection, NOW + timedelta(days=9)) == []
        assert outbox.states(connection) == {"dead": 1}
