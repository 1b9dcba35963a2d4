"""The business register: single units and establishments; its bulk files are read in ``bulk``."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from procmatch.errors import CodeError, SourceError
from procmatch.model.answer import Answer
from procmatch.model.organisation import NORWAY, Organisation, OrgId
from procmatch.sources import enhetsregisteret
from procmatch.store import organisations, persons, removal, runs
from procmatch.store.runs import Counts
from procmatch.workflows.readers.base import Ingested, Reader, Run, body, put_aside

__all__ = ["READERS", "RECORDS"]


def _save_unit(
    connection: Connection, unit: Organisation | enhetsregisteret.Removed
) -> tuple[int, int]:
    if isinstance(unit, enhetsregisteret.Removed):
        removal.purge(connection, unit.id)
        return (0, 1)
    counts = organisations.save_organisations(connection, [unit])
    if unit.is_person:
        persons.make_small(connection, unit.id.register, [unit.id.number])
    return counts


def _unit(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    try:
        new, changed = _save_unit(connection, enhetsregisteret.read_unit(body(answer)))
    except (SourceError, CodeError) as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        return Ingested(counts=Counts(set_aside=1))
    _was_read(connection, answer, "enheter")
    return Ingested(counts=Counts(new=new, changed=changed))


def _was_read(connection: Connection, answer: Answer, path: str) -> None:
    """Take a record off the list of those to ask for again, and of those set aside."""
    runs.clear_aside(connection, answer.source, answer.kind, answer.key)
    runs.done_downloading(connection, answer.source, f"{path}/{answer.key}")


def _establishment(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    try:
        parent, item = enhetsregisteret.read_establishment(body(answer))
    except (SourceError, CodeError) as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        return Ingested(counts=Counts(set_aside=1))
    _was_read(connection, answer, "underenheter")
    if item.closed_on and not item.name:  # removed by law
        removal.purge(connection, OrgId(NORWAY, item.number))
        return Ingested(counts=Counts(changed=1))
    pairs = persons.kept_small(connection, NORWAY, [(parent, item)])
    new, changed = organisations.save_establishments(connection, NORWAY, pairs)
    return Ingested(counts=Counts(new=new, changed=changed))


READERS: Mapping[tuple[str, str], Reader] = {
    ("enhetsregisteret", "unit"): _unit,
    ("enhetsregisteret", "establishment"): _establishment,
}
#: One record of a bulk file that was set aside alone.
RECORDS: Mapping[tuple[str, str], Reader] = {
    ("enhetsregisteret", "units"): _unit,
    ("enhetsregisteret", "establishments"): _establishment,
}
