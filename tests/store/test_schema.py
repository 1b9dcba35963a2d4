"""The migrations make exactly the tables that the code speaks of."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from procmatch.errors import StoreError
from procmatch.store import Store, migrations, open_store
from procmatch.store.tables import metadata


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
