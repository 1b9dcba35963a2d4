"""The migrations make exactly the tables that the code speaks of."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, select

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


def test_an_older_store_keeps_its_units_and_reads_the_next_bulk_file_in_full(
    database_url: str,
) -> None:
    open_store(database_url, create=True).close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        for table in ("organisations", "establishments"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        context = MigrationContext.configure(connection)
        context.stamp(ScriptDirectory.from_config(migrations.config(engine)), "0002")
        connection.exec_driver_sql(
            "CREATE TABLE organisations (register VARCHAR(20) NOT NULL, number VARCHAR(20) NOT"
            " NULL, name TEXT NOT NULL, legal_form VARCHAR(10), status VARCHAR(20) NOT NULL,"
            " municipality VARCHAR(4), industry VARCHAR(10), digest VARCHAR(64) NOT NULL,"
            " document TEXT NOT NULL, CONSTRAINT pk_organisations PRIMARY KEY (register, number))"
        )
        connection.exec_driver_sql(
            "CREATE TABLE establishments (register VARCHAR(20) NOT NULL, number VARCHAR(20)"
            " NOT NULL, parent VARCHAR(20) NOT NULL, municipality VARCHAR(4), digest VARCHAR(64)"
            " NOT NULL, document TEXT NOT NULL,"
            " CONSTRAINT pk_establishments PRIMARY KEY (register, number))"
        )
        for table, column in (
            ("organisations", "municipality"),
            ("organisations", "industry"),
            ("establishments", "municipality"),
            ("establishments", "parent"),
        ):
            connection.exec_driver_sql(f"CREATE INDEX ix_{table}_{column} ON {table} ({column})")
        connection.exec_driver_sql(
            "INSERT INTO organisations VALUES"
            " ('NO-BRC', '310000017', 'A', NULL, 'active', NULL, NULL, 'd', '{}')"
        )
    engine.dispose()
    store = open_store(database_url, create=True)
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        row = connection.execute(select(metadata.tables["organisations"])).one()
    store.close()
    assert (row.number, row.record) == ("310000017", 0)
