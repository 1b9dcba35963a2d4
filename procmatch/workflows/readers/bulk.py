"""The business register's bulk files: a million records in constant memory.

A record whose bytes are those of the last file is passed over without being read; see
:mod:`procmatch.store.known`. What the last file listed and a complete new one does not is gone.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import TypeAlias

from procmatch.errors import CodeError, SourceError
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, OrgId
from procmatch.sources import enhetsregisteret
from procmatch.sources.deflate import adler32, crc32
from procmatch.store import Store, bulk, organisations, persons, raw, removal, runs
from procmatch.store.known import FIRST_MARK, UNLISTED, Known
from procmatch.store.organisations import Values
from procmatch.store.runs import Counts
from procmatch.workflows import health
from procmatch.workflows.readers.base import BulkReader, Run, parser, put_aside

__all__ = ["BULK", "mark_of"]

#: Records read before they are written, in one transaction.
_BATCH = 5000
_PIECE = 1 << 18
_ESTABLISHMENTS = "establishments"
_SOLE_PROPRIETOR = "ENK"
#: So few may go however small the register is.
_FEW_GONE = 100

_VERSION = crc32(parser().encode(), 0)

#: Reads one record: its number, and its row or None when the law had it removed.
Read: TypeAlias = Callable[[bytes], tuple[str, Values | None]]


@dataclass(slots=True)
class _Batch:
    """What the next transaction writes, by number; the last word on a number counts."""

    rows: dict[int, tuple[Values, int]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    unreadable: list[tuple[bytes, Exception]] = field(default_factory=list)
    #: Set aside by an earlier run, readable now.
    mended: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.rows) + len(self.removed) + len(self.unreadable) + len(self.mended)

    def take(self, record: bytes, number: int, mark: int, read: Read, known: Known) -> None:
        """Read one record, printed with ``number`` (0 when in an unusual way)."""
        try:
            text, values = read(record)
        except (SourceError, CodeError) as error:
            self.unreadable.append((record, error))
            self.mended.discard(number)
            return
        if not number:
            number = int(text)
            known.unchanged(number, mark)
        if values is None:
            self.rows.pop(number, None)
            self.removed.add(number)
            known.written(number, UNLISTED)
        else:
            self.removed.discard(number)
            self.rows[number] = (values, mark)
            known.written(number, mark)


def mark_of(record: bytes) -> int:
    """Return the mark of a record: the same bytes read by the same parser have the same mark.

    Two checksums, 62 bits: nobody gains by forging a record of the register, and a changed one
    passes for unchanged less than once in 2^48.
    """
    return ((crc32(record, _VERSION) << 30) ^ adler32(record)) + FIRST_MARK


def _pieces(answer: Answer) -> Iterator[bytes]:
    if isinstance(answer.body, bytes):
        yield answer.body
        return
    with answer.body.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _batches(
    groups: Iterable[list[bytes]], known: Known, aside: frozenset[int], read: Read
) -> Iterator[_Batch]:
    """Sift out what is unchanged; when the stream breaks off, what came whole is handed on."""
    batch = _Batch()
    number_of, unchanged = enhetsregisteret.plain_number_of, known.unchanged
    try:
        for group in groups:
            for record in group:
                number, mark = number_of(record), mark_of(record)
                if number in aside:
                    batch.mended.add(number)
                if unchanged(number, mark):
                    continue
                batch.take(record, number, mark, read, known)
            if len(batch) >= _BATCH:
                yield batch
                batch = _Batch()
    except SourceError:
        yield batch
        raise
    yield batch


def _one_behind(write: Callable[[_Batch], Counts], batches: Iterable[_Batch]) -> Counts:
    """Write each batch in another thread while the next is being read."""
    total, writing = Counts(), None
    with ThreadPoolExecutor(1, "procmatch-write") as writer:
        for batch in batches:
            if writing is not None:
                total += writing.result()
            writing = writer.submit(write, batch)
    return total + writing.result() if writing else total


def _write(store: Store, run: Run, answer: Answer, known: Known, batch: _Batch) -> Counts:
    if not len(batch):
        return Counts()
    one = replace(answer, kind=_record_kind(answer))
    with store.begin() as connection:
        for record, error in batch.unreadable:
            key = enhetsregisteret.number_of(record)
            bad = replace(one, key=key, body=record)
            put_aside(connection, run, bad, key, raw.keep(connection, bad), error)
        for number in batch.removed:
            removal.purge(connection, OrgId(NORWAY, f"{number:09d}"))
        rows = batch.rows
        if answer.kind == _ESTABLISHMENTS:
            rows = persons.small_rows(connection, NORWAY, rows)
        new, changed = bulk.save(connection, answer.kind, NORWAY, rows, known)
        if answer.kind != _ESTABLISHMENTS:
            persons.make_small(connection, NORWAY, _persons(rows))
        for number in batch.mended:
            runs.clear_aside(connection, one.source, one.kind, f"{number:09d}")
        counts = Counts(new=new, changed=changed, set_aside=len(batch.unreadable))
        runs.add_counts(connection, run.id, counts)
    return counts


def _persons(rows: Mapping[int, tuple[Values, int]]) -> list[str]:
    """Return the numbers of sole proprietors among rows of units."""
    at = organisations.LEGAL_FORM
    return [f"{number:09d}" for number, (row, _) in rows.items() if row[at] == _SOLE_PROPRIETOR]


def _unlist(store: Store, run: Run, answer: Answer, known: Known) -> Counts:
    """Take out what the complete file no longer lists, unless that is too much to be true."""
    before, gone = known.listed_before, sum(1 for _ in known.missing())
    most = before * health.expected(answer.source, answer.kind).shrink
    if gone > max(_FEW_GONE, most) and not run.accept_size:
        raise SourceError(
            f"of {before} {answer.kind} listed before, {gone} are missing: not believed, none "
            "of them was taken out",
            source=answer.source,
        )
    total, missing = Counts(), known.missing()
    while numbers := list(islice(missing, _BATCH)):
        with store.begin() as connection:
            changed = bulk.unlist(connection, answer.kind, NORWAY, numbers)
            runs.add_counts(connection, run.id, Counts(changed=changed))
        total += Counts(changed=changed)
    return total


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Let the cycle collector rest: it would walk each batch many times, and finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _ingest(store: Store, run: Run, answer: Answer, *, read: Read) -> Counts:
    """Read a bulk file; a bad record is set aside alone.

    Raises:
        SourceError: it is no whole array, or lists far less than the one before. What came whole
            has been written.
        StoreError: the database says no.
    """
    with store.read() as connection:
        known = bulk.known(connection, answer.kind, NORWAY)
        keys = runs.aside_keys(connection, answer.source, _record_kind(answer))
    aside = frozenset(int(key) for key in keys if key.isdecimal())
    write = partial(_write, store, run, answer, known)
    with _no_cycles():
        batches = _batches(enhetsregisteret.stream(_pieces(answer)), known, aside, read)
        counts = _one_behind(write, batches)
        run.measures[answer.kind] = known.listed
        counts += _unlist(store, run, answer, known)
    with store.begin() as connection:
        bulk.checkpoint_after(connection, bulk.USUAL)
    return counts


def _record_kind(answer: Answer) -> str:
    return f"{answer.kind}-record"


def _unit(record: bytes) -> tuple[str, Values | None]:
    unit = enhetsregisteret.read_unit(record)
    if isinstance(unit, enhetsregisteret.Removed):
        return unit.id.number, None
    return unit.id.number, organisations.unit_values(unit)


def _establishment(record: bytes) -> tuple[str, Values | None]:
    parent, item = enhetsregisteret.read_establishment(record)
    return item.number, organisations.establishment_values(NORWAY, parent, item)


BULK: Mapping[tuple[str, str], BulkReader] = {
    ("enhetsregisteret", "units"): partial(_ingest, read=_unit),
    ("enhetsregisteret", "establishments"): partial(_ingest, read=_establishment),
}
