"""Code lists."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from procmatch.errors import CodeError, SourceError
from procmatch.model.answer import Answer
from procmatch.sources import codelists
from procmatch.store import organisations
from procmatch.store.runs import Counts
from procmatch.workflows.readers.base import Ingested, Reader, Run, body, put_aside

__all__ = ["READERS"]


def _codes(connection: Connection, run: Run, answer: Answer, sha256: str) -> Ingested:
    try:
        entries = codelists.read(answer.kind, answer.key, body(answer))
    except (SourceError, CodeError) as error:
        put_aside(connection, run, answer, answer.key, sha256, error)
        return Ingested(counts=Counts(set_aside=1))
    run.measures[answer.kind] = run.measures.get(answer.kind, 0) + len(entries)
    new, changed = organisations.save_codes(connection, entries)
    return Ingested(counts=Counts(new=new, changed=changed))


READERS: Mapping[tuple[str, str], Reader] = {
    ("codes", kind): _codes for kind in ("klass", "geonorge", "bring", "cpv", "nuts")
}
