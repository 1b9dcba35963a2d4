"""The migrations make exactly the tables that the code speaks of."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, select, text

from procmatch.errors import StoreError
from procmatch.model.subscription import Letter, Subscription
from procmatch.store import Store, migrations, notices, open_store, outbox, subscriptions
from procmatch.store.documents import encode
from procmatch.store.tables import metadata
from procmatch.workflows.settle import settle
from tests.procedures.make import PROCEDURE, notice


def test_migrations_and_tables_agree(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_migration_file(store: Store) -> None:
    script = ScriptDirectory.from_config(migrations.config(store.engine))
    assert script.get_heads() == [migrations.HEAD]


def test_opening_twice_keeps_what_is_there(database_url: str) -> None:
    open_store(database_url, create=True).close()
    open_store(database_url, create=True).close()
    open_store(database_url).close()


def test_a_missing_store_says_how_to_make_one(database_url: str) -> None:
    with pytest.raises(StoreError, match="procmatch init"):
        open_store(database_url)


def test_a_password_is_never_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StoreError) as raised:
        open_store("postgresql://user:s3cret@127.0.0.1:1/nowhere")
    assert "s3cret" not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    "address", ["", "nonsense", "mongodb://x", "sqlite:////no/such/folder/x.db"]
)
def test_a_bad_address_is_one_clear_line(address: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(address, create=True)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004"])
def test_an_older_store_keeps_its_units_and_reads_the_next_bulk_file_in_full(
    database_url: str, revision: str
) -> None:
    engine = create_engine(database_url)
    command.upgrade(migrations.config(engine), revision)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO organisations (register, number, name, status, digest, document) VALUES"
            " ('NO-BRC', '310000017', 'A', 'active', 'd', '{}')"
        )
    engine.dispose()
    store = open_store(database_url, create=True)
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        row = connection.execute(select(metadata.tables["organisations"])).one()
    store.close()
    assert (row.number, row.record) == ("310000017", 0)


def test_an_older_store_has_its_procedures_derived(database_url: str) -> None:
    engine = create_engine(database_url)
    command.upgrade(migrations.config(engine), "0002")
    found = notice(1)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO notices (source, source_id, notice_id, version, procedure, kind,"
                " title, cancelled, sha256, document) VALUES ('doffin', '2026-1', :id, '01',"
                " 'before', 'competition', '', false, '', :document)"
            ),
            {"id": found.notice_id, "document": encode(found)},
        )
    engine.dispose()
    store = open_store(database_url, create=True)
    settle(store)
    with store.read() as connection:
        assert notices.find(connection, PROCEDURE).notice == found
    store.close()


def test_an_older_store_keeps_the_bytes_of_its_letters(database_url: str) -> None:
    engine = create_engine(database_url)
    command.upgrade(migrations.config(engine), "0012")
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    letter = Letter(id="l1", to="a@b.example", subject="1", message=b"\x00 a letter\r\n")
    with engine.begin() as connection:
        subscriptions.save(connection, Subscription(id="s1", email=letter.to, created_at=moment))
        connection.execute(
            text(
                "INSERT INTO outbox (letter, subscription, recipient, subject, message, state,"
                " tries, error, queued_at, next_try_at) VALUES"
                " (:id, 's1', :to, :subject, :message, 'queued', 0, '', :at, :at)"
            ),
            {**asdict(letter), "at": moment},
        )
    engine.dispose()
    store = open_store(database_url, create=True)
    with store.read() as connection:
        assert outbox.due(connection, moment) == [letter]
    store.close()
