"""The register's nightly file into the store, against nothing but writing the same rows.

Peer and limit: ``executemany`` of ready tuples into an empty table of the same schema, with the
same pragmas and as many rows a transaction. Ours begins with the ``.json.gz`` file and does it all:
keep the raw file, inflate, take apart, check, read, write. Invented units of the register's shape.

    python benchmarks/bench_registry.py [units]

PostgreSQL too where PROCMATCH_TEST_POSTGRES names a server.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import register_files
from sqlalchemy import Connection, create_engine, make_url, text

from procmatch.model.answer import Answer
from procmatch.settings import Settings
from procmatch.store import Store, open_store, raw, upsert
from procmatch.store.tables import organisations
from procmatch.workflows import ingest

UNITS = 100_000
ROUNDS = 5
BATCH = 5000
CHANGED = 0.005
POSTGRES = os.environ.get("PROCMATCH_TEST_POSTGRES", "")

Rows = list[tuple[Any, ...]]


def clock() -> datetime:
    return datetime.now(UTC)


def answer(path: Path) -> Answer:
    return Answer(
        source="enhetsregisteret", kind="units", key=path.name, url="", body=path,
        fetched_at=clock(),
    )  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def take(store: Store, path: Path) -> None:
    run = ingest.begin(store, "enhetsregisteret", settings=Settings(), clock=clock)
    ingest.ingest(store, run, answer(path))
    ingest.finish(store, run, complete=True)


def keep(store: Store, path: Path) -> None:
    with store.begin() as connection:
        raw.keep(connection, answer(path))


def in_batches(store: Store, rows: Rows, write: Callable[[Connection, Rows], object]) -> None:
    for start in range(0, len(rows), BATCH):
        with store.begin() as connection:
            write(connection, rows[start : start + BATCH])


def executemany(connection: Connection, rows: Rows, conflict: str = "") -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    names = ", ".join(f'"{column.name}"' for column in organisations.columns)
    places = ", ".join([mark] * len(rows[0]))
    statement = f"INSERT INTO organisations ({names}) VALUES ({places}){conflict}"
    with closing(connection.connection.cursor()) as cursor:
        cursor.executemany(statement, rows)


def upsert_many(connection: Connection, rows: Rows) -> None:
    """What COPY is compared with: rows that may be there already, by executemany."""
    sets = ", ".join(
        f'"{column.name}" = excluded."{column.name}"'
        for column in organisations.columns
        if not column.primary_key
    )
    executemany(connection, rows, f" ON CONFLICT (register, number) DO UPDATE SET {sets}")


def put_many(connection: Connection, rows: Rows) -> None:
    upsert.put_many(connection, organisations, rows, new=True)


def stored_rows(store: Store) -> Rows:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(organisations.select())]


@contextmanager
def sqlite() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="procmatch-bench-") as folder:
        store = open_store(f"sqlite:///{folder}/b.db", create=True)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def postgres() -> Iterator[Store]:
    """A schema of its own on the server, dropped afterwards."""
    schema = f"bench_{uuid.uuid4().hex[:12]}"
    address = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
    outside = create_engine(make_url(POSTGRES).set(drivername="postgresql+psycopg"))
    with outside.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    store = open_store(address.render_as_string(hide_password=False), create=True)
    try:
        yield store
    finally:
        store.close()
        with outside.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        outside.dispose()


def told(name: str, ratios: list[float], units: int, taken: list[float]) -> None:
    print(
        f"  {name}: {statistics.median(ratios):.2f} "
        f"({min(ratios):.2f}-{max(ratios):.2f}; {units / statistics.median(taken):,.0f} units/s)"
    )


def compare_sqlite(units: int, first: Path, second: Path) -> Rows:
    """Each round in turn: the peer, the full load, keeping the file alone, the refresh."""
    peer, full, kept, fresh = [], [], [], []
    with sqlite() as store:
        take(store, first)
        rows = stored_rows(store)
    for _ in range(ROUNDS):
        with sqlite() as store:
            peer.append(seconds(lambda: in_batches(store, rows, executemany)))
        with sqlite() as store:
            kept.append(seconds(lambda: keep(store, first)))
        with sqlite() as store:
            full.append(seconds(lambda: take(store, first)))
            fresh.append(seconds(lambda: take(store, second)))
    print(f" SQLite, {units} units, medians of {ROUNDS} rounds")
    told("executemany of ready tuples", [1.0], units, peer)
    told("full load / executemany", ratio(peer, full), units, full)
    without = [all_ - raw_ for all_, raw_ in zip(full, kept, strict=True)]
    told("the same without keeping the raw file", ratio(peer, without), units, without)
    told(f"refresh, {CHANGED:.1%} changed / full load", ratio(full, fresh), units, fresh)
    return rows


def ratio(base: list[float], ours: list[float]) -> list[float]:
    return [a / b for a, b in zip(base, ours, strict=True)]


def compare_postgres(units: int, rows: Rows, first: Path, second: Path) -> None:
    many, upserted, copy, full, fresh = [], [], [], [], []
    for _ in range(ROUNDS):
        with postgres() as store:
            many.append(seconds(lambda: in_batches(store, rows, executemany)))
        with postgres() as store:
            upserted.append(seconds(lambda: in_batches(store, rows, upsert_many)))
        with postgres() as store:
            copy.append(seconds(lambda: in_batches(store, rows, put_many)))
        with postgres() as store:
            full.append(seconds(lambda: take(store, first)))
            fresh.append(seconds(lambda: take(store, second)))
    print(f" PostgreSQL, {units} units, medians of {ROUNDS} rounds")
    told("executemany of ready tuples", [1.0], units, many)
    told("executemany that updates what is there", ratio(many, upserted), units, upserted)
    told("COPY / executemany", ratio(many, copy), units, copy)
    told("COPY / executemany that updates what is there", ratio(upserted, copy), units, copy)
    told("full load / executemany", ratio(many, full), units, full)
    told(f"refresh, {CHANGED:.1%} changed / full load", ratio(full, fresh), units, fresh)


def highest() -> float:
    """Return the peak of this process in MB; Linux' getrusage counts the parent's as well."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = re.search(r"VmHWM:\s*([0-9]+) kB", status.read_text())
    return int(found[1]) / 1024 if found else 0.0


def _peak(first: Path, second: Path, queue: Queue[float]) -> None:
    with sqlite() as store:
        for path in (first, second):
            take(store, path)
            queue.put(highest())


def memory(units: int, first: Path, second: Path) -> None:
    """Peak of a process of its own that loads and refreshes."""
    context = multiprocessing.get_context("spawn")
    queue: Queue[float] = context.Queue()
    process = context.Process(target=_peak, args=(first, second, queue))
    process.start()
    full, fresh = queue.get(), queue.get()
    process.join()
    print(f" peak memory, {units} units: full load {full:.0f} MB, refresh {fresh:.0f} MB")


def main(units: int) -> None:
    with tempfile.TemporaryDirectory(prefix="procmatch-bench-") as folder:
        first, second = Path(folder, "first.json.gz"), Path(folder, "second.json.gz")
        size = register_files.write(first, units)
        register_files.write(second, units, changed=CHANGED)
        print(f" {size / units:.0f} bytes a unit")
        rows = compare_sqlite(units, first, second)
        memory(units, first, second)
        if POSTGRES:
            compare_postgres(units, rows, first, second)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else UNITS)
