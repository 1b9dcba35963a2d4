"""The business register: single units, and its bulk files in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from procmatch.errors import CodeError, SourceError
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.sources import enhetsregisteret
from procmatch.store import Store, organisations, persons, raw, removal, runs
from procmatch.store.runs import Counts
from procmatch.workflows.readers.base import (
    BulkWriter,
    Ingested,
    Reader,
    Run,
    body,
    put_aside,
)

__all__ = ["BULK", "READERS", "ingest_bulk"]

T = TypeVar("T")
_BATCH = 2000


def _save_unit(
    connection: Connection, unit: Organisation | enhetsregisteret.Removed
) -> tuple[int, int]:
    if isinstance(unit, enhetsregisteret.Removed):
        removal.purge(connection, unit.id)
        return (0, 1)
    counts = organisations.save_organisations(connection, [unit])
    if unit.is_person:
        persons.make_small(connection, unit.id)
    return counts


def _unit(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    try:
        new, changed = _save_unit(connection, enhetsregisteret.read_unit(body(answer)))
    except (SourceError, CodeError) as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        return Ingested(counts=Counts(set_aside=1))
    _read(connection, answer, "enheter")
    return Ingested(counts=Counts(new=new, changed=changed))


def _read(connection: Connection, answer: Answer, path: str) -> None:
    """Take a unit that was read off the list of those to ask again, and of those set aside."""
    runs.clear_aside(connection, answer.source, answer.kind, answer.key)
    runs.done_downloading(connection, answer.source, f"{path}/{answer.key}")


def _establishment(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    try:
        parent, item = enhetsregisteret.read_establishment(body(answer))
    except (SourceError, CodeError) as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        return Ingested(counts=Counts(set_aside=1))
    _read(connection, answer, "underenheter")
    if item.closed_on and not item.name:
        removal.purge(connection, OrgId(NORWAY, item.number))
        return Ingested(counts=Counts(changed=1))
    pairs = persons.kept_small(connection, NORWAY, [(parent, item)])
    new, changed = organisations.save_establishments(connection, NORWAY, pairs)
    return Ingested(counts=Counts(new=new, changed=changed))


def _batches(items: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Group records; when the stream breaks off, what came whole is handed on first."""
    batch: list[bytes] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    except SourceError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _pieces(answer: Answer) -> Iterator[bytes]:
    if isinstance(answer.body, bytes):
        yield answer.body
        return
    with answer.body.open("rb") as file:
        while piece := file.read(1 << 18):
            yield piece


def ingest_bulk(store: Store, run: Run, answer: Answer, write: BulkWriter) -> Counts:
    """Read a bulk file in constant memory; a bad record is set aside alone."""
    total = Counts()
    for batch in _batches(enhetsregisteret.stream(_pieces(answer))):
        with store.begin() as connection:
            counts = write(connection, run, answer, batch)
            runs.add_counts(connection, run.id, counts)
        total += counts
    return total


def _read_records(
    connection: Connection,
    run: Run,
    answer: Answer,
    batch: Sequence[bytes],
    read: Callable[[bytes], T],
) -> list[T]:
    good: list[T] = []
    for record in batch:
        try:
            good.append(read(record))
        except (SourceError, CodeError) as error:
            key = enhetsregisteret.number_of(record)
            one = replace(answer, kind=f"{answer.kind}-record", key=key, body=record)
            put_aside(connection, run, one, key, raw.keep(connection, one), error)
    return good


def _units(connection: Connection, run: Run, answer: Answer, batch: Sequence[bytes]) -> Counts:
    good = _read_records(connection, run, answer, batch, enhetsregisteret.read_unit)
    for unit in good:
        if isinstance(unit, enhetsregisteret.Removed):
            removal.purge(connection, unit.id)
    living = [unit for unit in good if isinstance(unit, Organisation)]
    new, changed = organisations.save_organisations(connection, living)
    return Counts(new=new, changed=changed, set_aside=len(batch) - len(good))


def _establishments(
    connection: Connection, run: Run, answer: Answer, batch: Sequence[bytes]
) -> Counts:
    good = _read_records(connection, run, answer, batch, enhetsregisteret.read_establishment)
    small = persons.kept_small(connection, NORWAY, good)
    new, changed = organisations.save_establishments(connection, NORWAY, small)
    return Counts(new=new, changed=changed, set_aside=len(batch) - len(good))


READERS: Mapping[tuple[str, str], Reader] = {
    ("enhetsregisteret", "unit"): _unit,
    ("enhetsregisteret", "establishment"): _establishment,
}
BULK: Mapping[tuple[str, str], BulkWriter] = {
    ("enhetsregisteret", "units"): _units,
    ("enhetsregisteret", "establishments"): _establishments,
}
