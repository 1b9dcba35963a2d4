"""Open a store: SQLite in one file, PostgreSQL, or any database SQLAlchemy knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from procmatch.errors import ExtraMissing, StoreError
from procmatch.store import leases, migrations
from procmatch.store.leases import Lease

__all__ = ["Store", "open_store"]

#: How long SQLite waits for another writer.
_SQLITE_BUSY_S = 30.0


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    # pysqlite's own transaction handling begins too late for a read-then-write transaction.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    # Hundreds of firms are looked up for a page: the upper branches of the tables stay at hand.
    connection.execute("PRAGMA cache_size=-32000")
    connection.execute("PRAGMA foreign_keys=ON")
    # What is deleted may be a person's data: it is zeroed, not only given back.
    connection.execute("PRAGMA secure_delete=ON")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that upgrades a read lock later can meet SQLITE_BUSY at once; take it first.
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _prepare_postgres(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The server lets go of the locks of a machine that is gone after two minutes, not two hours.
    cursor = connection.cursor()
    for name, value in (("idle", 60), ("interval", 10), ("count", 6)):
        cursor.execute(f"SET tcp_keepalives_{name} = {value}")
    cursor.close()
    connection.commit()


@dataclass(frozen=True, slots=True)
class Store:
    """A database of the present schema.

    Attributes:
        engine: SQLAlchemy's.
        lease: the job on whose behalf is written; its transactions fail once it is another's.
    """

    engine: Engine
    lease: Lease | None = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: all or nothing.

        Raises:
            StoreError: the database says no.
            LeaseLost: the job's lease has passed to another holder.
        """
        try:
            with self.engine.begin() as connection:
                if self.lease is not None:
                    leases.check(connection, self.lease)
                yield connection
        except DBAPIError as error:
            raise StoreError(f"{self.name}: {_one_line(error)}") from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view, nothing written, no writer held up."""
        try:
            with self.engine.connect() as connection:
                yield connection.execution_options(sqlite_begin="DEFERRED")
        except DBAPIError as error:
            raise StoreError(f"{self.name}: {_one_line(error)}") from error

    @property
    def name(self) -> str:
        """The address without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    def under(self, lease: Lease) -> Store:
        """Return the same store, written to only as long as ``lease`` is held."""
        return replace(self, lease=lease)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _engine(url: str, busy_s: float) -> Engine:
    try:
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        # Parameters may be addresses of people: no error text or log shows them.
        engine = create_engine(address, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(f"not a database address: {error}") from None
    except ModuleNotFoundError as error:
        raise ExtraMissing(error.name or "a database driver", "postgres") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(
            engine,
            "connect",
            lambda connection, _record: connection.execute(
                f"PRAGMA busy_timeout={round(busy_s * 1000)}"
            ),
        )
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgres)
    return engine


def open_store(url: str, *, create: bool = False, busy_s: float = _SQLITE_BUSY_S) -> Store:
    """Open the store at ``url``.

    Args:
        url: an SQLAlchemy address, e.g. ``sqlite:///procmatch.db`` or
            ``postgresql://user@host/procmatch``.
        create: make the tables, or bring an older store up to date.
        busy_s: seconds that SQLite waits for another writer before it is an error.

    Raises:
        StoreError: no such store (and not ``create``), a store of another version, no answer, or
            an address that is none.
        ExtraMissing: the database's driver is not installed.
    """
    store = Store(_engine(url, busy_s))
    try:
        if create:
            migrations.upgrade(store.engine)
        with store.read() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        _check_version(store, found)
    except DBAPIError as error:
        store.close()
        raise StoreError(f"{store.name}: {_one_line(error)}") from error
    except StoreError:
        store.close()
        raise
    return store


def _check_version(store: Store, found: str | None) -> None:
    if found is None:
        raise StoreError(f"{store.name}: no procmatch store there; make one with 'procmatch init'")
    if found != migrations.HEAD:
        raise StoreError(
            f"{store.name}: the store is at version {found}, this procmatch needs "
            f"{migrations.HEAD}; run 'procmatch init'"
        )


def _one_line(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())
