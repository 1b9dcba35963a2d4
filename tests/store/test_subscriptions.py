"""Subscriptions, proof that they were asked for, and their deletion without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from procmatch.errors import NotFound
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.model.subscription import Consent, Feedback, Letter, Subscription, Unfit
from procmatch.store import (
    Store,
    news,
    open_store,
    outbox,
    procedures,
    stopped,
    subscriptions,
    told,
)
from procmatch.store.tables import metadata

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WANTED = Subscription(
    id="s1", email="Post@Firma.example", cpv=("15",), feed_key="secret", created_at=NOW
)
ASKED = Consent(action="asked", text="Send meg anbud.", way="web", at=NOW)
TOLD = told.Told(procedure="p-1", lot="LOT-0001", fingerprint="f1", notice="2026-1")
JUDGED = Feedback(
    procedure="p-1", notice="2026-1", fits=False, why=Unfit.TOO_BIG, value=Decimal(5), at=NOW
)
NEWS = news.News(
    item="i1", letter="l1", position=0, told=True, kind="new", procedure="p-1", document="{}",
    facts=JUDGED, at=NOW,
)  # fmt: skip


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with one subscriber and everything that can be kept of one."""
    letter = Letter(id="l1", to=WANTED.email, subject="1 ny", message=b"To: Post@Firma.example")
    with store.begin() as connection:
        subscriptions.save(connection, WANTED)
        subscriptions.note_consent(connection, "s1", ASKED)
        outbox.queue(connection, "s1", letter, [TOLD], NOW)
        news.save(connection, "s1", [NEWS])
        news.save_feedback(connection, "s1", JUDGED)
    return store


def test_nobody_hears_anything_before_the_address_is_confirmed(filled: Store) -> None:
    with filled.begin() as connection:
        assert list(subscriptions.subscribers(connection)) == []
        with pytest.raises(NotFound):
            subscriptions.by_feed_key(connection, "secret")
        subscriptions.confirm(connection, "s1", NOW)
        assert [one.id for one in subscriptions.subscribers(connection)] == ["s1"]
        assert subscriptions.by_feed_key(connection, "secret").id == "s1"


def test_an_address_is_confirmed_once(filled: Store) -> None:
    with filled.begin() as connection:
        subscriptions.confirm(connection, "s1", NOW)
        again = subscriptions.confirm(connection, "s1", NOW + timedelta(days=1))
    assert again.confirmed_at == NOW


def test_all_subscriptions_of_an_address_are_found_however_it_is_spelled(filled: Store) -> None:
    with filled.begin() as connection:
        subscriptions.save(connection, replace(WANTED, id="s2", feed_key="other"))
        found = subscriptions.by_email(connection, " post@firma.EXAMPLE")
        assert [one.id for one in found] == ["s1", "s2"]
        assert subscriptions.by_email(connection, "other@firma.example") == []


def test_what_was_agreed_to_is_kept_with_its_time_and_text(filled: Store) -> None:
    with filled.begin() as connection:
        later = replace(ASKED, action="confirmed", at=NOW + timedelta(hours=1))
        subscriptions.note_consent(connection, "s1", later)
        assert subscriptions.consents_of(connection, "s1") == [ASKED, later]


def test_those_who_never_confirmed_are_found(filled: Store) -> None:
    with filled.begin() as connection:
        assert subscriptions.unconfirmed(connection, NOW) == []
        assert subscriptions.unconfirmed(connection, NOW + timedelta(days=1)) == ["s1"]


def test_news_and_judgements_come_back_as_they_were(filled: Store) -> None:
    with filled.begin() as connection:
        assert news.find(connection, "s1", "i1") == NEWS
        assert news.latest(connection, "s1", 9) == [NEWS]
        assert news.of_letter(connection, "s1", "l1") == [NEWS]
        assert news.judged(connection, "s1") == {"p-1": JUDGED}
        news.save_feedback(connection, "s1", replace(JUDGED, fits=True, why=None))
        assert news.judged(connection, "s1")["p-1"].fits
        news.withdraw_feedback(connection, "s1", "p-1")
        assert news.judged(connection, "s1") == {}


def test_labels_are_what_was_judged_for_an_organisation(filled: Store) -> None:
    org = OrgId(NORWAY, "310000017")
    with filled.begin() as connection:
        assert list(news.labels(connection)) == []
        subscriptions.save(connection, replace(WANTED, org=org))
        assert list(news.labels(connection)) == [(org, JUDGED)]


def test_what_was_told_and_judged_follows_a_procedure_that_is_renamed(filled: Store) -> None:
    with filled.begin() as connection:
        procedures._rename_told(connection, "p-1", "p-2")
        assert list(told.already_told(connection, "s1")) == [("p-2", "LOT-0001")]
        assert list(news.judged(connection, "s1")) == ["p-2"]
        assert news.find(connection, "s1", "i1").procedure == "p-2"


def test_deleting_leaves_only_a_count(filled: Store) -> None:
    with filled.begin() as connection:
        stopped.stop(connection, "mail", WANTED.email, "550 no such mailbox", NOW)
        subscriptions.delete_subscription(connection, "s1")
    with filled.read() as connection:
        left = {
            table.name: rows
            for table in metadata.sorted_tables
            if table.name != "brake"
            and (rows := [tuple(row) for row in connection.execute(select(table))])
        }
        assert left == {"tallies": [(subscriptions.FORGOTTEN, 1)]}
        with pytest.raises(NotFound):
            subscriptions.delete_subscription(connection, "s1")


def test_deleting_leaves_nothing_in_the_files_of_sqlite(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'own.db'}", create=True)
    words = [f"word{n} Post@Firma.example" for n in range(3000)]
    letter = Letter(id="l1", to=WANTED.email, subject="1", message="\n".join(words).encode())
    with store.begin() as connection:
        subscriptions.save(connection, WANTED)
        outbox.queue(connection, "s1", letter, [TOLD], NOW)
    with store.begin() as connection:
        subscriptions.save(connection, replace(WANTED, words=tuple(words[:50])))
        outbox.mark_failed(connection, "l1", "451 Post@Firma.example", NOW, for_good=False)
        outbox.mark_sent(connection, ["l1"], NOW)

    def anywhere() -> bool:
        return any(b"Firma.example" in path.read_bytes() for path in tmp_path.iterdir())

    assert anywhere()
    with store.begin() as connection:
        subscriptions.delete_subscription(connection, "s1")
    subscriptions.scrub(store)
    assert not anywhere()
    store.close()
